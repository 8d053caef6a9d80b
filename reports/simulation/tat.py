"""TAT cases, numbered in the order of receipt at each unit and year, after those that are there already."""

from django.db.backends.utils import CursorWrapper

CASES = """
    INSERT INTO assessments_tatcase (client_id, unit_id, code, status, requested_by, request_number, request_on,
        received_on, letter_number, letter_on, recommendation, length_months, place, refusal, recorded_by_id, edit)
    SELECT n.client, n.unit, n.code, n.status, 'Penyidik Polres Contoh', 'B/' || n.number || '/Contoh',
           n.received_on - 1, n.received_on, CASE WHEN n.letter_on IS NULL THEN '' ELSE 'R/' || n.number || '/TAT' END,
           n.letter_on, n.recommendation, n.months, '',
           CASE WHEN n.status = 'refused' THEN 'Berkas tidak lengkap (rekaan)' ELSE '' END, n.by_user, 1
    FROM (
        SELECT s.*, k.start || lpad(s.number::text, greatest(4, length(s.number::text)), '0') AS code FROM (
            SELECT t.*, u.code AS unit_code, coalesce(taken.most, 0) + row_number() OVER (
                PARTITION BY t.unit, extract(year FROM t.received_on) ORDER BY t.received_on, t.client) AS number
            FROM sim_tat t JOIN facilities_unit u ON u.id = t.unit
            LEFT JOIN (SELECT unit_id, extract(year FROM received_on) AS year, max(split_part(code, '-', 4)::int) AS most
                       FROM assessments_tatcase WHERE code ~ '^TAT-[^-]+-[0-9]{4}-[0-9]+$' GROUP BY 1, 2) AS taken
                   ON taken.unit_id = t.unit AND taken.year = extract(year FROM t.received_on)
        ) AS s
        CROSS JOIN LATERAL (SELECT 'TAT-' || regexp_replace(s.unit_code, '^[A-Z]+-', '') || '-'
            || extract(year FROM s.received_on) || '-' AS start) AS k
    ) AS n
"""


def number(cursor: CursorWrapper) -> None:
    cursor.execute(CASES)
