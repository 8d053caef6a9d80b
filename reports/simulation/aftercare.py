"""Aftercare of completed treatments: plans, monthly follow-ups to the window's end, what they found, how the plans ended."""

from django.db.backends.utils import CursorWrapper

# Two temporary tables for one chunk: the plans as they begin, and their follow-ups as they would go without an end.
TEMPORARY = """
    CREATE TEMPORARY TABLE sim_plan (treatment bigint, client bigint, facility bigint, unit bigint, starts_on date,
        window_ends_on date, next_on date, died_on date, reached boolean, relapse_month int, relapsed_on date,
        limit_on date, by_user bigint) ON COMMIT DROP;
    CREATE TEMPORARY TABLE sim_follow (treatment bigint, month int, due_on date, done_on date, contact boolean,
        relapse text) ON COMMIT DROP;
"""
# One client in seven is never reached, one in eight relapses; nine of ten completed treatments have a plan.
BEGIN = """
    TRUNCATE sim_plan, sim_follow;
    INSERT INTO sim_plan
    SELECT t.id, t.client_id,
           CASE WHEN pg_temp.dice(t.id - %(first_treatment)s, 11) < 0.97 THEN t.facility_id END, t.unit_id,
           t.ended_on, (t.ended_on + make_interval(months => %(window)s))::date,
           lead(t.ended_on) OVER (PARTITION BY t.client_id ORDER BY t.ended_on, t.id),
           d.died_on,
           pg_temp.dice(t.id - %(first_treatment)s, 12) > 0.14,
           CASE WHEN pg_temp.dice(t.id - %(first_treatment)s, 13) < 0.125
                THEN 1 + floor(pg_temp.dice(t.id - %(first_treatment)s, 14) * %(window)s)::int END,
           NULL, NULL, NULL
    FROM clients_treatment t LEFT JOIN (
        SELECT client_id, min(ended_on) AS died_on FROM clients_treatment
        WHERE id >= %(treatment)s AND id < %(treatment_end)s AND outcome = 'died' GROUP BY client_id
    ) AS d ON d.client_id = t.client_id
    WHERE t.id >= %(treatment)s AND t.id < %(treatment_end)s AND t.outcome = 'completed'
      AND pg_temp.dice(t.id - %(first_treatment)s, 15) < 0.92
"""
FOLLOW = """
    INSERT INTO sim_follow
    SELECT p.treatment, m, f.due_on, f.done_on,
           f.done_on IS NOT NULL AND p.reached
               AND (m IN (1, coalesce(p.relapse_month, 1)) OR pg_temp.dice(f.number, 23) > 0.22),
           'no'
    FROM sim_plan p CROSS JOIN generate_series(1, %(window)s) AS m
    CROSS JOIN LATERAL (SELECT (p.starts_on + make_interval(months => m))::date AS due_on,
                               (p.treatment - %(first_treatment)s) * 12 + m AS number) AS d
    CROSS JOIN LATERAL (SELECT d.number, d.due_on, CASE
        WHEN d.due_on + floor(pg_temp.dice(d.number, 21) * 8)::int - 3 > %(today)s::date THEN NULL
        WHEN %(today)s::date - d.due_on < 45 AND pg_temp.dice(d.number, 22) < 0.35 THEN NULL
        ELSE d.due_on + floor(pg_temp.dice(d.number, 21) * 8)::int - 3 END AS done_on) AS f;
    UPDATE sim_follow f SET relapse = CASE
        WHEN NOT f.contact THEN 'unknown' WHEN f.month = p.relapse_month THEN 'yes'
        WHEN pg_temp.dice((f.treatment - %(first_treatment)s) * 12 + f.month, 24) < 0.05 THEN 'unknown' ELSE 'no' END
    FROM sim_plan p WHERE p.treatment = f.treatment
"""
# A relapse, a newer plan or a death ends a plan: nothing is done after that.
LIMITS = """
    UPDATE sim_plan p SET relapsed_on = f.relapsed_on
    FROM (SELECT treatment, min(done_on) AS relapsed_on FROM sim_follow WHERE relapse = 'yes' GROUP BY treatment) AS f
    WHERE f.treatment = p.treatment;
    UPDATE sim_plan SET limit_on = least(relapsed_on, next_on, died_on);
    UPDATE sim_follow f SET done_on = NULL, contact = false, relapse = 'unknown'
    FROM sim_plan p WHERE p.treatment = f.treatment AND f.done_on > p.limit_on;
    UPDATE sim_plan p SET relapsed_on = NULL WHERE relapsed_on > limit_on
"""
PLANS = """
    WITH seen AS (
        SELECT p.*, min(f.done_on) FILTER (WHERE f.contact) AS first_on, max(f.done_on) AS last_on
        FROM sim_plan p JOIN sim_follow f ON f.treatment = p.treatment
        GROUP BY p.treatment, p.client, p.facility, p.unit, p.starts_on, p.window_ends_on, p.next_on, p.died_on, p.reached,
                 p.relapse_month, p.relapsed_on, p.limit_on, p.by_user
    ), told AS (
        SELECT *, greatest(window_ends_on, last_on) AS over_on FROM seen
    ), ended AS (
        SELECT *, CASE
            WHEN relapsed_on IS NOT NULL THEN 'relapsed'
            WHEN died_on >= starts_on AND died_on <= coalesce(next_on, died_on)
                 AND (died_on <= over_on OR over_on + 30 >= %(today)s::date) THEN 'died'
            WHEN next_on <= over_on THEN 'replaced'
            WHEN over_on + 30 < %(today)s::date AND first_on IS NULL THEN 'lost'
            WHEN over_on + 30 < %(today)s::date THEN 'completed'
            WHEN next_on IS NOT NULL THEN 'replaced'
            ELSE 'open' END AS status FROM told
    )
    INSERT INTO aftercare_aftercareplan (id, client_id, treatment_id, facility_id, unit_id, status, starts_on,
        window_ends_on, first_contact_on, counted_unit_id, ended_on, end_note)
    SELECT %(plan)s + e.treatment - %(first_treatment)s, e.client, e.treatment, e.facility,
           CASE WHEN e.facility IS NULL THEN e.unit END, e.status, e.starts_on, e.window_ends_on, e.first_on,
           CASE WHEN e.first_on IS NULL THEN NULL WHEN e.facility IS NULL THEN e.unit ELSE k.unit_id END,
           CASE e.status WHEN 'relapsed' THEN e.relapsed_on WHEN 'died' THEN e.died_on WHEN 'replaced' THEN e.next_on
                WHEN 'open' THEN NULL ELSE e.over_on END,
           CASE WHEN e.status = 'lost' THEN 'Tidak dapat dihubungi (rekaan)' ELSE '' END
    FROM ended e LEFT JOIN facilities_facilityterm k ON k.facility_id = e.facility AND k.starts_on <= e.first_on
        AND (k.ends_on IS NULL OR k.ends_on > e.first_on)
"""
FOLLOW_UPS = """
    INSERT INTO aftercare_followup (plan_id, due_on, done_on, kind, way, contact_made, productive, relapse, urine, note, edit)
    SELECT %(plan)s + f.treatment - %(first_treatment)s, f.due_on, f.done_on,
           (ARRAY['monitoring', 'monitoring', 'accompaniment', 'guidance'])[1 + floor(c.chance * 4)::int],
           CASE WHEN f.contact THEN (ARRAY['visit', 'facility', 'phone', 'group'])[1 + floor(c.chance * 4)::int] ELSE '' END,
           CASE WHEN f.done_on IS NOT NULL THEN f.contact END,
           CASE WHEN NOT f.contact THEN 'unknown' WHEN c.chance < 0.6 THEN 'yes' ELSE 'no' END, f.relapse,
           CASE WHEN NOT f.contact OR c.chance < 0.5 THEN 'not_done' WHEN f.relapse = 'yes' THEN 'positive' ELSE 'negative' END,
           '', CASE WHEN f.done_on IS NULL THEN 1 ELSE 2 END
    FROM sim_follow f
    CROSS JOIN LATERAL (SELECT pg_temp.dice((f.treatment - %(first_treatment)s) * 12 + f.month, 25) AS chance) AS c
"""
STEPS = (BEGIN, FOLLOW, LIMITS, PLANS, FOLLOW_UPS)


def prepare(cursor: CursorWrapper) -> None:
    cursor.execute(TEMPORARY)
