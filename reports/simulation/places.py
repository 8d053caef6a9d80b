"""Who waited for a place, and who lies in which bed."""

import io
from collections import defaultdict
from datetime import date, timedelta
from heapq import heapify, heappop, heappush

from django.db.backends.utils import CursorWrapper
from django.db.models import Max, Q

from clients.models import Placement
from facilities.models import Bed
from reports.simulation.beds import recorded_since
from reports.simulation.bulk import copy
from reports.simulation.nation import Nation
from reports.simulation.plan import Plan
from reports.simulation.register import simulated
from reports.simulation.tables import line

_ROW = """
    INSERT INTO clients_waitinglistentry (episode_id, facility_id, setting, sex, priority, priority_reason, entered_on,
        entered_by_id, status, offered_on, ended_on, ended_by_id, end_reason)
"""
# What the record speaks for; one woman in twelve is pregnant, one client in thirty at risk.
_PRIORITY = """
    CROSS JOIN LATERAL (SELECT CASE
        WHEN t.sex = 'F' AND pg_temp.dice(t.id - %(first_treatment)s, 91) < 0.08 THEN 'pregnant'
        WHEN pg_temp.dice(t.id - %(first_treatment)s, 92) < 0.03 THEN 'risk'
        WHEN extract(year FROM t.planned_on) - c.birth_year < 18 THEN 'minor'
        WHEN e.admission = 'court' THEN 'court_order' WHEN t.planned_on > e.assessed_on + 5 THEN 'handover'
        ELSE 'ordinary' END AS class) AS p
"""
# From the plan to the start; those who have not started wait still, every fourth of them with a place offered.
WAITED = f"""
    {_ROW}
    SELECT t.episode_id, t.facility_id, t.setting, t.sex, p.class,
           CASE p.class WHEN 'ordinary' THEN '' ELSE 'Menurut catatan (rekaan)' END, t.planned_on, l.by_user, s.status,
           CASE s.status WHEN 'placed' THEN t.started_on - 2 WHEN 'offered' THEN o.offered_on END,
           t.started_on, CASE WHEN t.started_on IS NOT NULL THEN l.by_user END, ''
    FROM clients_treatment t JOIN clients_episode e ON e.id = t.episode_id
    JOIN clients_client c ON c.id = t.client_id JOIN sim_leader l ON l.facility = t.facility_id {_PRIORITY}
    CROSS JOIN LATERAL (SELECT CASE WHEN t.started_on IS NOT NULL THEN 'placed'
        WHEN pg_temp.dice(t.id - %(first_treatment)s, 93) < 0.25 THEN 'offered' ELSE 'waiting' END AS status) AS s
    CROSS JOIN LATERAL (SELECT t.planned_on
        + floor(pg_temp.dice(t.id - %(first_treatment)s, 94) * (%(today)s::date - t.planned_on))::int AS offered_on) AS o
    WHERE t.id >= %(treatment)s AND t.id < %(treatment_end)s AND t.setting <> 'community' AND CASE
        WHEN t.started_on IS NULL THEN t.ended_on IS NULL AND pg_temp.dice(t.id - %(first_treatment)s, 95) < 0.85
        ELSE t.started_on - t.planned_on >= 5 AND pg_temp.dice(t.id - %(first_treatment)s, 95) < 0.5 END
"""
# Who was assessed and stayed away before any treatment: some had waited.
LEFT = f"""
    {_ROW}
    SELECT w.episode, w.facility, CASE WHEN 'outpatient' = ANY(f.services) THEN 'outpatient'
               WHEN 'inpatient' = ANY(f.services) THEN 'inpatient' ELSE 'in_prison' END, c.sex, 'ordinary', '',
           w.assessed_on, w.by_user, 'withdrawn', NULL, e.closed_on, w.by_user, 'Klien tidak datang lagi (rekaan)'
    FROM sim_way w JOIN clients_episode e ON e.id = w.episode JOIN clients_client c ON c.id = w.client
    JOIN facilities_facility f ON f.id = w.facility
    WHERE w.episode >= %(episode)s AND w.episode < %(episode_end)s AND e.status = 'closed' AND e.closed_on > w.assessed_on
      AND pg_temp.dice(w.episode - %(base)s, 96) < 0.7
      AND w.episode NOT IN (
        SELECT episode_id FROM clients_treatment WHERE id >= %(treatment)s AND id < %(treatment_end)s)
"""
STEPS = (WAITED, LEFT)

_STAYS = """
    SELECT p.starts_on, p.ends_on, t.id, t.client_id, c.person_id, t.facility_id, c.sex
    FROM clients_treatmentphase p JOIN clients_treatment t ON t.id = p.treatment_id
    JOIN clients_client c ON c.id = t.client_id
    WHERE t.id >= %s AND p.setting = 'inpatient' AND t.facility_id = ANY(%s)
      AND CASE WHEN p.ends_on IS NULL THEN p.starts_on > %s ELSE p.ends_on > %s END
    ORDER BY p.starts_on, t.id
"""
_COLUMNS = ("treatment_id", "client_id", "bed_id", "starts_on", "ends_on", "placed_by_id", "void_reason")
# Whom nobody has discharged for so long has left the bed all the same.
LONGEST = timedelta(days=365)
# One record in so many was made twice by mistake, and taken back.
TWICE = 80


def place(cursor: CursorWrapper, plan: Plan, nation: Nation, first_treatment: int) -> None:
    """Beds for the stays since rooms are recorded, in the order of admission: the bed that has been free longest; who finds
    none gets the next that is left. Nobody lies in two, under whatever code."""
    since, by = recorded_since(plan), {place.id: place.by for place in nation.places}
    wards = _wards()
    cursor.execute(
        _STAYS, [first_treatment, sorted({facility for facility, _sex in wards}), plan.today - LONGEST, since]
    )
    rows: list[str] = []
    lies: dict[int, date] = defaultdict(lambda: date.min)
    for starts_on, ends_on, treatment, client, person, facility, sex in cursor:
        found = _take(wards[facility, sex], max(starts_on, since, lies[person]), ends_on or plan.today)
        if found is None:
            continue
        day, bed, until = found
        if ends_on is None:
            lies[person] = date.max
        else:
            lies[person] = ends_on
            heappush(wards[facility, sex], (ends_on, bed, until))
        told = (treatment, client, bed, day, ends_on, by[facility])
        rows.append(line(*told, ""))
        if len(rows) % TWICE == 0:
            rows.append(line(*told, "Tercatat dua kali (rekaan)"))
    copy(cursor, "clients_placement", _COLUMNS, io.BytesIO("".join(f"{row}\n" for row in rows).encode()))


Ward = list[tuple[date, int, date]]


def _take(ward: Ward, day: date, last: date) -> tuple[date, int, date] | None:
    """The bed free first, from the later of that day and `day` on; None if that is not before `last`, or beyond its use."""
    if not ward or max(ward[0][0], day) >= last or ward[0][2] < last:
        return None
    free, bed, until = heappop(ward)
    return max(free, day), bed, until


def _wards() -> dict[tuple[int, str], Ward]:
    """By facility and sex: from when on each bed is free, its key, and how long it is in use."""
    standing = Q(placements__void_reason="")
    lying = set(Placement.objects.standing().filter(ends_on=None).values_list("bed", flat=True))
    beds = Bed.objects.filter(facility__in=simulated()).annotate(left=Max("placements__ends_on", filter=standing))
    wards: dict[tuple[int, str], Ward] = defaultdict(list)
    for bed in beds.order_by("pk"):
        if bed.pk not in lying:
            free = max(bed.starts_on, bed.left or bed.starts_on)
            wards[bed.facility_id, bed.sex].append((free, bed.pk, bed.ends_on or date.max))
    for _key, ward in sorted(wards.items()):
        heapify(ward)
    return wards
