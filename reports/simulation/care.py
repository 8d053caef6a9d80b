"""What is done in a treatment: plans with goals, urine tests with their custody, methadone day by day."""

# One plan in force for most treatments, revised once where it goes on for long; goals are judged at the end.
PLANS = """
    INSERT INTO clients_treatmentplan (id, treatment_id, version, status, reason, source, review_on, agreed_on,
        by_guardian, replaced_on, written_by_id, edit)
    SELECT %(plan_of_care)s + 2 * (t.id - %(first_treatment)s) + v.version - 1, t.id, v.version, CASE
               WHEN d.agreed_on > d.last_on THEN 'draft' WHEN v.version = 1 AND d.revised_on IS NOT NULL THEN 'replaced'
               ELSE 'agreed' END,
           CASE WHEN v.version = 2 THEN 'Kebutuhan klien berubah (rekaan)' ELSE '' END, '',
           a.agreed_on + 30 + floor(d.chance * 60)::int, CASE WHEN d.agreed_on <= d.last_on THEN a.agreed_on END, false,
           CASE WHEN v.version = 1 THEN d.revised_on END, l.by_user, 1
    FROM clients_treatment t JOIN sim_leader l ON l.facility = t.facility_id
    CROSS JOIN LATERAL (
        SELECT coalesce(t.ended_on, %(today)s::date) AS last_on, pg_temp.dice(t.id - %(first_treatment)s, 62) AS chance,
               t.started_on + floor(pg_temp.dice(t.id - %(first_treatment)s, 63) * 7)::int AS agreed_on,
               CASE WHEN coalesce(t.ended_on, %(today)s::date) - t.started_on > 60
                     AND pg_temp.dice(t.id - %(first_treatment)s, 64) < 0.3 THEN t.started_on + 50 END AS revised_on) AS d
    CROSS JOIN LATERAL (VALUES (1), (2)) AS v(version)
    CROSS JOIN LATERAL (SELECT CASE v.version WHEN 1 THEN d.agreed_on ELSE d.revised_on END AS agreed_on) AS a
    WHERE t.id >= %(treatment)s AND t.id < %(treatment_end)s AND t.started_on IS NOT NULL
      AND pg_temp.dice(t.id - %(first_treatment)s, 61) < 0.7 AND (v.version = 1 OR d.revised_on IS NOT NULL)
"""
GOALS = """
    INSERT INTO clients_plangoal (plan_id, position, area, problem, goal, measures, due_on, result, result_note, result_on)
    SELECT p.id, g.position, (ARRAY['substance', 'family', 'work', 'medical', 'psychiatric'])[g.area],
           (ARRAY['Masih memakai pada akhir pekan', 'Hubungan keluarga renggang', 'Belum bekerja', 'Sulit tidur',
                  'Sering cemas'])[g.area] || ' (rekaan)',
           (ARRAY['Tidak memakai', 'Keluarga ikut mendampingi', 'Ikut pelatihan kerja', 'Tidur teratur',
                  'Mengenali pemicu'])[g.area] || ' (rekaan)',
           'Konseling setiap dua minggu (rekaan)', p.agreed_on + 60, CASE WHEN j.judged_on IS NULL THEN 'open'
               WHEN g.chance < 0.5 THEN 'reached' WHEN g.chance < 0.8 THEN 'partly' ELSE 'missed' END, '', j.judged_on
    FROM clients_treatmentplan p JOIN clients_treatment t ON t.id = p.treatment_id
    CROSS JOIN LATERAL (SELECT CASE p.status WHEN 'replaced' THEN p.replaced_on WHEN 'agreed' THEN t.ended_on END AS judged_on) AS j
    CROSS JOIN LATERAL (
        SELECT n AS position, 1 + ((p.id - %(plan_of_care)s + 2 * n) %% 5)::int AS area,
               pg_temp.dice(4 * (p.id - %(plan_of_care)s) + n, 65) AS chance
        FROM generate_series(1, 2) AS n) AS g
    WHERE t.id >= %(treatment)s AND t.id < %(treatment_end)s
"""
# About every other client was tested once or twice; of those of the last days some cups still wait.
URINE = """
    INSERT INTO assessments_urinetest (id, client_id, treatment_id, facility_id, status, wanted_on, observed, collected_at,
        read_at, amp, met, thc, bzo, mop, coc, mdma, note, cancel_reason)
    SELECT %(urine)s + u.number, t.client_id, t.id, t.facility_id, s.status, u.wanted_on, u.number %% 3 = 0,
           CASE WHEN s.status IN ('collected', 'read') THEN pg_temp.early(u.wanted_on, l.hours) END,
           CASE WHEN s.status = 'read' THEN pg_temp.early(u.wanted_on, l.hours) + interval '4 minutes' END,
           r.said[1], r.said[2], r.said[3], r.said[4], r.said[5], 'not_done', 'not_done', '',
           CASE WHEN s.status = 'cancelled' THEN 'Klien tidak datang (rekaan)' ELSE '' END
    FROM clients_treatment t JOIN sim_leader l ON l.facility = t.facility_id
    CROSS JOIN LATERAL (
        SELECT 2 * (t.id - %(first_treatment)s) + turn AS number,
               t.started_on + 15 + 40 * turn + floor(pg_temp.dice(2 * (t.id - %(first_treatment)s) + turn, 66) * 12)::int AS wanted_on
        FROM generate_series(0, 1) AS turn) AS u
    CROSS JOIN LATERAL (SELECT CASE
        WHEN t.ended_on IS NULL AND u.wanted_on > %(today)s::date - 4 AND pg_temp.dice(u.number, 67) < 0.5 THEN 'wanted'
        WHEN t.ended_on IS NULL AND u.wanted_on > %(today)s::date - 4 AND pg_temp.dice(u.number, 67) < 0.7 THEN 'collected'
        WHEN pg_temp.dice(u.number, 67) < 0.94 THEN 'read' ELSE 'cancelled' END AS status) AS s
    CROSS JOIN LATERAL (
        SELECT array_agg(CASE WHEN s.status <> 'read' THEN 'not_done'
            WHEN pg_temp.dice(8 * u.number + strip, 68) < (CASE t.main_substance
                WHEN 'stimulants' THEN (ARRAY[0.2, 0.25, 0.03, 0.02, 0.01])[strip]
                WHEN 'cannabis' THEN (ARRAY[0.02, 0.02, 0.3, 0.02, 0.01])[strip]
                WHEN 'opioids' THEN (ARRAY[0.02, 0.02, 0.04, 0.08, 0.3])[strip] ELSE 0.03 END) THEN 'positive'
            ELSE 'negative' END ORDER BY strip) AS said
        FROM generate_series(1, 5) AS strip) AS r
    WHERE t.id >= %(treatment)s AND t.id < %(treatment_end)s AND t.started_on IS NOT NULL
      AND u.wanted_on <= least(t.ended_on, %(today)s::date) AND pg_temp.dice(u.number, 69) < 0.35
"""
CUSTODY = """
    INSERT INTO assessments_custodyentry (test_id, number, step, at, by_id, remark)
    SELECT u.id, c.number, c.step, c.at, l.by_user, ''
    FROM assessments_urinetest u JOIN sim_leader l ON l.facility = u.facility_id
    CROSS JOIN LATERAL (
        SELECT 1 AS number, 'collected' AS step, u.collected_at AS at WHERE u.collected_at IS NOT NULL
        UNION ALL SELECT 2, 'read', u.read_at WHERE u.read_at IS NOT NULL
        UNION ALL SELECT 1, 'cancelled', pg_temp.early(u.wanted_on, l.hours) WHERE u.status = 'cancelled') AS c
    WHERE u.treatment_id >= %(treatment)s AND u.treatment_id < %(treatment_end)s
"""
# Where a facility gives methadone, those who came with opioids get it; doses of the last weeks only, or of the first ones.
PRESCRIPTIONS = """
    INSERT INTO clients_prescription (id, treatment_id, medicine, mg, take_home_most, starts_on, ends_on, prescribed_by_id,
        stop_reason)
    SELECT %(prescription)s + t.id - %(first_treatment)s, t.id, 'methadone',
           30 + 10 * floor(pg_temp.dice(t.id - %(first_treatment)s, 71) * 6), 2, t.started_on,
           CASE WHEN t.ended_on IS NULL THEN NULL ELSE greatest(t.ended_on, t.started_on + 1) END, l.by_user,
           CASE WHEN t.ended_on IS NULL THEN '' ELSE 'Layanan berakhir (rekaan)' END
    FROM clients_treatment t JOIN sim_leader l ON l.facility = t.facility_id
    JOIN facilities_facility f ON f.id = t.facility_id AND 'methadone' = ANY(f.services)
    WHERE t.id >= %(treatment)s AND t.id < %(treatment_end)s AND t.started_on IS NOT NULL
      AND t.main_substance = 'opioids'
"""
DOSES = """
    INSERT INTO clients_dose (prescription_id, client_id, for_day, way, mg, given_at, given_by_id, void_reason)
    SELECT p.id, t.client_id, d.day, CASE WHEN d.day = d.home_on THEN 'take_home' ELSE 'witnessed' END, p.mg,
           pg_temp.early(CASE WHEN d.day = d.home_on THEN d.day - 1 ELSE d.day END, l.hours) + interval '2 minutes', p.prescribed_by_id, ''
    FROM clients_prescription p JOIN clients_treatment t ON t.id = p.treatment_id
    JOIN sim_leader l ON l.facility = t.facility_id
    CROSS JOIN LATERAL (
        SELECT p.starts_on + n AS day, CASE WHEN n %% 7 = 6 THEN p.starts_on + n END AS home_on
        FROM generate_series(0, 400) AS n
        WHERE (p.ends_on IS NULL OR p.starts_on + n < p.ends_on) AND p.starts_on + n <= %(today)s::date
          AND (n < 7 OR p.starts_on + n > %(today)s::date - 30)
          AND (n %% 7 IN (5, 6) OR pg_temp.dice(512 * (t.id - %(first_treatment)s) + n, 72) < 0.93)) AS d
    WHERE t.id >= %(treatment)s AND t.id < %(treatment_end)s
"""
STEPS = (PLANS, GOALS, URINE, CUSTODY, PRESCRIPTIONS, DOSES)
