"""TAT cases, numbered in the order of receipt at each unit and year, after those that are there already; and what the teams
of some of them wrote."""

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

# Where members of the teams have accounts, the cases with a result show how they came to it.
_SEATED = """
    FROM assessments_tatcase c {joined}
    WHERE c.status = 'result' AND c.requested_by = 'Penyidik Polres Contoh'
      AND EXISTS (SELECT FROM sim_tat t WHERE t.client = c.client_id)
"""
_POSTED = """
    JOIN facilities_posting p ON p.unit_id = c.unit_id AND p.role IN ('tat_medical', 'tat_legal')
    JOIN rehab_user u ON u.id = p.user_id AND u.username LIKE 'sim.tat.%'
    JOIN facilities_posting s ON s.unit_id = c.unit_id AND s.role = 'tat_secretariat'
    JOIN rehab_user a ON a.id = s.user_id AND a.username = 'sim.tat'
"""
MEMBERS = f"""
    INSERT INTO assessments_tatmember (case_id, user_id, team, agency, assigned_by_id, assigned_at, attended)
    SELECT c.id, u.id, CASE p.role WHEN 'tat_medical' THEN 'medical' ELSE 'legal' END,
           CASE p.role WHEN 'tat_medical' THEN 'doctor' ELSE 'police' END, a.id, pg_temp.early(c.received_on, 7), true
    {_SEATED.format(joined=_POSTED)}
"""
_OF_TEAM = "JOIN assessments_tatmember m ON m.case_id = c.id AND m.team = '{}'"
_SIGNED = "c.id, 1, m.user_id, pg_temp.early(c.letter_on - 1, 7), c.received_on + 1, 'Catatan pemeriksaan (rekaan)'"
# By the case's own number: keys of rows are others at each run.
_EXAMINED = f"""{_OF_TEAM.format("medical")} JOIN sim_codes k ON k.substance =
    (ARRAY['stimulants', 'stimulants', 'cannabis', 'opioids'])[1 + split_part(c.code, '-', 4)::int % 4]
"""
MEDICAL = f"""
    INSERT INTO assessments_tatmedicalrecord (case_id, version, signed_by_id, signed_at, examined_on, notes, conclusion,
        icd_group, icd_state, substance, urine, pattern, need)
    SELECT {_SIGNED}, 'Ketergantungan, perlu rehabilitasi (rekaan)', k.icd, '2', k.substance, 'Positif (rekaan)',
           'Memakai setiap pekan (rekaan)', 'Rawat jalan atau rawat inap (rekaan)'
    {_SEATED.format(joined=_EXAMINED)}
"""
LEGAL = f"""
    INSERT INTO assessments_tatlegalrecord (case_id, version, signed_by_id, signed_at, examined_on, notes, conclusion, role)
    SELECT {_SIGNED}, 'Tidak terkait jaringan (rekaan)', CASE c.recommendation WHEN 'continue_legal' THEN 'both' ELSE 'user' END
    {_SEATED.format(joined=_OF_TEAM.format("legal"))}
"""
PLENARIES = f"""
    INSERT INTO assessments_tatplenary (case_id, held_on, conclusion, recommendation, length_months, place, recorded_by_id,
        recorded_at, edit)
    SELECT c.id, c.letter_on - 1, 'Kesimpulan pleno (rekaan)', c.recommendation, c.length_months, '', m.assigned_by_id,
           pg_temp.early(c.letter_on, 7), 1
    {_SEATED.format(joined=_OF_TEAM.format("medical"))}
"""
TABLES = (
    "assessments_tatmember", "assessments_tatmedicalrecord", "assessments_tatlegalrecord", "assessments_tatplenary",
)  # fmt: skip


def number(cursor: CursorWrapper) -> None:
    cursor.execute(CASES)
    for statement in (MEMBERS, MEDICAL, LEGAL, PLENARIES):
        cursor.execute(statement)
