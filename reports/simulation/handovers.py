"""Clients on their way between facilities: received and contacted, left Titian, declined, taken back, and offers that wait."""

import io

from django.db.backends.utils import CursorWrapper

from clients.models import Handover
from clients.queries.handovers import receipt_code
from reports.simulation.bulk import copy
from reports.simulation.nation import NEVER, Nation
from reports.simulation.plan import Plan
from reports.simulation.tables import line

# Facilities that were there from the first day and have not closed: to them something may have been offered at any time.
TEMPORARY = """
    CREATE TEMPORARY TABLE sim_steady (number int PRIMARY KEY, facility bigint) ON COMMIT DROP;
    CREATE TEMPORARY TABLE sim_receipt (handover bigint, code text) ON COMMIT DROP;
"""
_ROW = """
    INSERT INTO clients_handover (episode_id, from_facility_id, to_facility_id, outside, setting, programme, reason,
        summary, status, offered_at, offered_by_id, decided_at, decided_by_id, decision_note, contacted_on, contacted_by_id,
        receipt)
"""
_TOLD = "'Perlu layanan yang tidak ada di sini (rekaan)', 'Ringkasan rekaan untuk penerima.'"
_RECEIPT = "substr(md5('rekaan' || t.id), 1, 16)"
_REFERRED = """
    t.id >= %(treatment)s AND t.id < %(treatment_end)s AND t.outcome = 'referred'
"""
# The receiver's treatment begins where the sender's ends; its first service is the first contact.
TAKEN = f"""
    {_ROW}
    SELECT t.episode_id, t.facility_id, n.facility_id, '', n.setting, n.programme, {_TOLD},
           CASE WHEN n.started_on IS NULL THEN 'received' ELSE 'contacted' END,
           pg_temp.early(greatest(t.ended_on - 1 - floor(pg_temp.dice(t.id - %(first_treatment)s, 51) * 3)::int, t.started_on), f.hours),
           f.by_user, pg_temp.early(t.ended_on, f.hours), r.by_user, '', n.started_on,
           CASE WHEN n.started_on IS NOT NULL THEN r.by_user END, {_RECEIPT}
    FROM clients_treatment t JOIN clients_treatment n ON n.episode_id = t.episode_id AND n.id = t.id + 1
    JOIN sim_leader f ON f.facility = t.facility_id JOIN sim_leader r ON r.facility = n.facility_id
    WHERE {_REFERRED}
"""
LEFT = f"""
    {_ROW}
    SELECT t.episode_id, t.facility_id, NULL, 'Rumah Sakit Contoh di luar Titian', t.setting, t.programme, {_TOLD}, 'left',
           pg_temp.early(greatest(t.ended_on - 1, t.started_on), f.hours), f.by_user, pg_temp.early(t.ended_on, f.hours), f.by_user, '', NULL,
           NULL, {_RECEIPT}
    FROM clients_treatment t JOIN sim_leader f ON f.facility = t.facility_id
    WHERE {_REFERRED} AND NOT EXISTS (
        SELECT FROM clients_treatment n WHERE n.episode_id = t.episode_id AND n.id = t.id + 1)
"""
# An offer in vain, in the first half of a treatment: the client stayed.
IN_VAIN = f"""
    {_ROW}
    SELECT t.episode_id, t.facility_id, s.facility, '', 'inpatient', t.programme, {_TOLD}, d.status,
           pg_temp.early(d.offered_on, f.hours), f.by_user, pg_temp.early(d.offered_on + 1, f.hours), f.by_user,
           CASE d.status WHEN 'declined' THEN 'Tempat penuh (rekaan)' ELSE 'Klien memilih tetap di sini (rekaan)' END,
           NULL, NULL, NULL
    FROM clients_treatment t JOIN sim_leader f ON f.facility = t.facility_id
    CROSS JOIN LATERAL (
        SELECT CASE WHEN pg_temp.dice(t.id - %(first_treatment)s, 53) < 0.7 THEN 'declined' ELSE 'recalled' END AS status,
               t.started_on + floor(pg_temp.dice(t.id - %(first_treatment)s, 54) * 20)::int AS offered_on) AS d
    JOIN sim_steady s ON s.number = floor(pg_temp.dice(t.id - %(first_treatment)s, 55) * %(steady)s)::int
         AND s.facility <> t.facility_id
    WHERE t.id >= %(treatment)s AND t.id < %(treatment_end)s AND pg_temp.dice(t.id - %(first_treatment)s, 52) < 0.012
      AND d.offered_on + 1 < coalesce(t.ended_on, %(today)s::date)
"""
# Only what the client's consent lets the next facility read is offered.
WAITING = f"""
    {_ROW}
    SELECT t.episode_id, t.facility_id, s.facility, '', 'inpatient', t.programme, {_TOLD}, 'offered',
           pg_temp.early(greatest(%(today)s::date - floor(pg_temp.dice(t.id - %(first_treatment)s, 57) * 4)::int, t.started_on), f.hours),
           f.by_user, NULL, NULL, '', NULL, NULL, NULL
    FROM clients_treatment t JOIN sim_leader f ON f.facility = t.facility_id
    JOIN sim_steady s ON s.number = floor(pg_temp.dice(t.id - %(first_treatment)s, 58) * %(steady)s)::int
         AND s.facility <> t.facility_id
    WHERE t.id >= %(treatment)s AND t.id < %(treatment_end)s AND t.started_on IS NOT NULL AND t.ended_on IS NULL
      AND pg_temp.dice(t.id - %(first_treatment)s, 56) < 0.03 AND EXISTS (
        SELECT FROM clients_consent c WHERE c.client_id = t.client_id AND c.facility_id = t.facility_id
          AND c.revoked_at IS NULL AND c.scope IN ('referral', 'family'))
"""
STEPS = (TAKEN, LEFT, IN_VAIN, WAITING)


def prepare(cursor: CursorWrapper, nation: Nation, plan: Plan) -> int:
    """How many facilities something may be offered to."""
    cursor.execute(TEMPORARY)
    since = plan.since.toordinal()
    steady = [each for each in nation.places if each.opened <= since and each.closing == NEVER and not each.prison]
    for number, place in enumerate(steady):
        cursor.execute("INSERT INTO sim_steady VALUES (%s, %s)", [number, place.id])
    return len(steady)


def receipts(cursor: CursorWrapper) -> None:
    """The codes that verify, in place of those that only stood for them."""
    rows = Handover.objects.exclude(receipt=None).select_related("episode__client", "from_facility", "to_facility")
    fields = (
        "outside", "offered_at", "decided_at", "episode__client__code", "from_facility__code", "to_facility__code",
    )  # fmt: skip
    made = (line(row.pk, receipt_code(row)) for row in rows.only(*fields).order_by("pk").iterator())
    copy(cursor, "sim_receipt", ("handover", "code"), io.BytesIO("".join(f"{row}\n" for row in made).encode()))
    cursor.execute("UPDATE clients_handover h SET receipt = r.code FROM sim_receipt r WHERE r.handover = h.id")
