"""Sessions of treatments under way: by turns alone and in the group that meets once a week at each facility."""

from datetime import date

from django.db.backends.utils import CursorWrapper

from reports.simulation.nation import Nation
from reports.simulation.plan import Plan

EVERY = 14
AHEAD = 14
# A group's session has the id of its facility and week, so that every client of that week finds it.
TEMPORARY = """
    CREATE TEMPORARY TABLE sim_meeting (session bigint, treatment bigint, client bigint, facility bigint, held_on date,
        kind text, number bigint) ON COMMIT DROP;
    CREATE TEMPORARY TABLE sim_leader (facility bigint PRIMARY KEY, place int, by_user bigint, hours int)
        ON COMMIT DROP;
"""
MEETINGS = f"""
    TRUNCATE sim_meeting;
    INSERT INTO sim_meeting
    SELECT CASE WHEN s.turn % 2 = 1 THEN %(session)s + l.place * %(weeks)s + s.week
                ELSE %(session)s + %(places)s * %(weeks)s + n.number END,
           t.id, t.client_id, t.facility_id, h.held_on, CASE WHEN s.turn % 2 = 1 THEN 'group' ELSE 'individual' END, n.number
    FROM clients_treatment t JOIN sim_leader l ON l.facility = t.facility_id
    CROSS JOIN LATERAL (SELECT turn, t.started_on + turn * {EVERY} AS day,
                               (t.started_on + turn * {EVERY} - %(monday)s::date) / 7 AS week
                        FROM generate_series(0, %(most)s - 1) AS turn) AS s
    CROSS JOIN LATERAL (SELECT CASE WHEN s.turn % 2 = 1 THEN %(monday)s::date + s.week * 7 + l.place % 5
                                    ELSE s.day END AS held_on) AS h
    CROSS JOIN LATERAL (SELECT (t.id - %(first_treatment)s) * %(most)s + s.turn AS number) AS n
    WHERE t.id >= %(treatment)s AND t.id < %(treatment_end)s AND t.started_on IS NOT NULL
      AND h.held_on <= coalesce(t.ended_on, %(today)s::date + {AHEAD}) AND h.held_on <= %(today)s::date + {AHEAD}
""".replace("% 2", "%% 2").replace("% 5", "%% 5")
_ROW = """
    INSERT INTO clients_session (id, facility_id, kind, held_on, starts_at, minutes, theme, led_by_id, status,
        cancel_reason, edit)
"""
ALONE = f"""
    {_ROW}
    SELECT m.session, m.facility, m.kind, m.held_on, time '08:00' + make_interval(hours => (m.number %% 7)::int), 60, '',
           l.by_user, CASE WHEN m.held_on >= %(today)s::date THEN 'planned' ELSE 'held' END, '', 1
    FROM sim_meeting m JOIN sim_leader l ON l.facility = m.facility WHERE m.kind = 'individual'
"""
GROUPS = f"""
    {_ROW}
    SELECT m.session, m.facility, 'group', m.held_on, time '10:00', 90, 'Kelompok (rekaan)', l.by_user,
           CASE WHEN m.held_on >= %(today)s::date THEN 'planned' ELSE 'held' END, '', 1
    FROM (SELECT DISTINCT session, facility, held_on FROM sim_meeting WHERE kind = 'group') AS m
    JOIN sim_leader l ON l.facility = m.facility
    ON CONFLICT (id) DO NOTHING
"""
ATTENDANCES = """
    INSERT INTO clients_attendance (session_id, treatment_id, client_id, held_on, presence, note, recorded_at,
        recorded_by_id)
    SELECT m.session, m.treatment, m.client, m.held_on,
           CASE WHEN m.held_on >= %(today)s::date THEN 'expected'
                WHEN pg_temp.dice(m.number, 31) < 0.8 THEN 'present'
                WHEN pg_temp.dice(m.number, 31) < 0.88 THEN 'excused' ELSE 'absent' END, '',
           CASE WHEN m.held_on < %(today)s::date THEN m.held_on + time '15:00' END,
           CASE WHEN m.held_on < %(today)s::date THEN l.by_user END
    FROM sim_meeting m JOIN sim_leader l ON l.facility = m.facility
"""
STEPS = (MEETINGS, ALONE, GROUPS, ATTENDANCES)


def prepare(cursor: CursorWrapper, nation: Nation) -> None:
    cursor.execute(TEMPORARY)
    for number, place in enumerate(nation.places):
        cursor.execute("INSERT INTO sim_leader VALUES (%s, %s, %s, %s)", [place.id, number, place.by, place.hours])


def room(plan: Plan, nation: Nation) -> dict[str, int | date]:
    """What the statements need to number the sessions."""
    monday = plan.since.toordinal() - plan.since.weekday()
    weeks = (plan.today.toordinal() + AHEAD - monday) // 7 + 2
    return {
        "monday": type(plan.since).fromordinal(monday),
        "weeks": weeks,
        "places": len(nation.places),
        "most": plan.sessions,
    }
