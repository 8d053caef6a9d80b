"""What follows from episodes and treatments, unfolded where it lies: consents, six facts, assessments with scores, phases.

Every statement takes the rows of one chunk (`%(episodes)s` and `%(treatments)s` are ranges of ids). Chance comes from
`pg_temp.dice(number, kind)`, the same in [0, 1) for the same seed; numbers count from the nation's first row.
"""

import json
from random import Random

from django.db.backends.utils import CursorWrapper

from assessments.enums import IcdState, TreatmentHistory, UseRoute
from assessments.instruments import registry, scoring
from clients.enums import Substance
from reports.invented.answers import assist_answers
from reports.invented.codes import ICD_OF, ROUTE_OF
from reports.simulation.plan import Plan

ANSWERS = 40
ASSIST = registry.get("assist")

DICE = """
    CREATE OR REPLACE FUNCTION pg_temp.dice(number bigint, kind int) RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
    $$ SELECT (hashint8extended(number, {seed} * 1000 + kind) & 4294967295)::float8 / 4294967296.0::float8 $$
"""
# A moment of that day, by a clock so many hours ahead of UTC, that has passed should the day be today.
EARLY = """
    CREATE OR REPLACE FUNCTION pg_temp.early(day date, hours int) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
    $$ SELECT (day + time '00:10' - make_interval(hours => hours)) AT TIME ZONE 'UTC' $$
"""
POOLS = """
    CREATE TEMPORARY TABLE sim_answers (substance text, number int, answers jsonb, rules jsonb, alerts text[],
        PRIMARY KEY (substance, number)) ON COMMIT DROP;
    CREATE TEMPORARY TABLE sim_scores (substance text, number int, scale text, value numeric, band text) ON COMMIT DROP;
    CREATE TEMPORARY TABLE sim_codes (substance text PRIMARY KEY, icd text, route text) ON COMMIT DROP;
"""

_WAYS = "FROM sim_way w WHERE w.episode >= %(episode)s AND w.episode < %(episode_end)s"
CONSENTS = f"""
    INSERT INTO clients_consent (client_id, facility_id, scope, given_on, by_guardian, revoked_at, recorded_by_id)
    SELECT w.client, w.facility,
           CASE WHEN pg_temp.dice(w.episode - %(base)s, 1) < 0.55 THEN 'referral'
                WHEN pg_temp.dice(w.episode - %(base)s, 1) < 0.8 THEN 'family' ELSE 'care' END,
           w.opened_on, w.minor,
           CASE WHEN pg_temp.dice(w.episode - %(base)s, 2) < 0.01 THEN w.recorded_at + interval '2 hours' END, w.by_user
    {_WAYS} AND (w.number = 1 OR pg_temp.dice(w.episode - %(base)s, 3) < 0.5)
"""
# Whole where the episode says so; else what was recorded before it was taken back, or never finished.
FACTS = f"""
    INSERT INTO assessments_casefacts (episode_id, identity_checked, substance, substance_note, months_of_use, route,
        icd_group, icd_state, history, recorded_by_id, recorded_at, edit)
    SELECT w.episode, true, CASE WHEN w.facts_on IS NULL THEN '' ELSE w.substance END, '',
           4 + floor(pg_temp.dice(w.episode - %(base)s, 4) * 120)::int, c.route,
           CASE WHEN w.facts_on IS NULL THEN '' ELSE c.icd END,
           CASE WHEN pg_temp.dice(w.episode - %(base)s, 5) < 0.5 THEN '{IcdState.DEPENDENCE}' ELSE '{IcdState.HARMFUL_USE}' END,
           CASE WHEN w.number > 1 THEN '{TreatmentHistory.OUTPATIENT}' ELSE '{TreatmentHistory.NONE}' END,
           w.by_user, w.recorded_at, 1
    FROM sim_way w JOIN sim_codes c ON c.substance = w.substance
    WHERE w.episode >= %(episode)s AND w.episode < %(episode_end)s AND (w.facts_on IS NOT NULL OR w.assessed_on IS NOT NULL)
"""
ASSESSMENTS = f"""
    INSERT INTO assessments_assessment (id, client_id, episode_id, facility_id, instrument, version, text_version, status,
        answers, ignored, rules, alerts, administered_on, started_at, saved_at, position, edit, completed_at,
        completed_by_id, started_by_id, reason)
    SELECT %(assessment)s + w.episode - %(base)s, w.client, w.episode, w.facility, '{ASSIST.key}', '{ASSIST.version}', '',
           'completed', a.answers, '{{}}', a.rules, a.alerts, w.assessed_on,
           greatest(w.recorded_at, w.assessed_on) - interval '14 minutes', greatest(w.recorded_at, w.assessed_on), '', 3,
           greatest(w.recorded_at, w.assessed_on), w.by_user, w.by_user, ''
    FROM sim_way w JOIN sim_answers a ON a.substance = w.substance
         AND a.number = floor(pg_temp.dice(w.episode - %(base)s, 6) * {ANSWERS})::int
    WHERE w.episode >= %(episode)s AND w.episode < %(episode_end)s AND w.assessed_on IS NOT NULL
"""
DRAFTS = f"""
    INSERT INTO assessments_assessment (client_id, episode_id, facility_id, instrument, version, text_version, status,
        answers, ignored, rules, alerts, administered_on, started_at, saved_at, position, edit, started_by_id, reason)
    SELECT w.client, w.episode, w.facility, '{ASSIST.key}', '{ASSIST.version}', '', 'draft', '{{"q1_a": true}}', '{{}}',
           '{{}}', '{{}}', w.opened_on, w.recorded_at, w.recorded_at, 'q1_b', 1, w.by_user, ''
    FROM sim_way w JOIN clients_episode e ON e.id = w.episode
    WHERE w.episode >= %(episode)s AND w.episode < %(episode_end)s AND e.status = 'registered'
      AND w.opened_on > %(today)s::date - 30 AND pg_temp.dice(w.episode - %(base)s, 7) < 0.3
"""
SCORES = f"""
    INSERT INTO assessments_assessmentscore (assessment_id, scale, value, band)
    SELECT %(assessment)s + w.episode - %(base)s, s.scale, s.value, s.band
    FROM sim_way w JOIN sim_scores s ON s.substance = w.substance
         AND s.number = floor(pg_temp.dice(w.episode - %(base)s, 6) * {ANSWERS})::int
    WHERE w.episode >= %(episode)s AND w.episode < %(episode_end)s AND w.assessed_on IS NOT NULL
"""
# Answers that somebody must look at; the old ones have been, a few of the last weeks still wait.
ALERTS = """
    INSERT INTO assessments_safetyalert (assessment_id, client_id, facility_id, code, raised_at, raised_by_id, answered_at,
        answered_by_id, measure, note)
    SELECT a.id, a.client_id, a.facility_id, code, a.completed_at, a.completed_by_id,
           CASE WHEN l.seen THEN a.completed_at + interval '1 hour' END, CASE WHEN l.seen THEN a.completed_by_id END,
           CASE WHEN l.seen THEN 'talked' ELSE '' END, CASE WHEN l.seen THEN 'Sudah dibicarakan (rekaan)' ELSE '' END
    FROM assessments_assessment a CROSS JOIN LATERAL unnest(a.alerts) AS code
    CROSS JOIN LATERAL (SELECT a.administered_on < %(today)s::date - 21
        OR pg_temp.dice(a.id - %(assessment)s, 8) < 0.6 AS seen) AS l
    WHERE a.id >= %(assessment)s + %(episode)s - %(base)s AND a.id < %(assessment)s + %(episode_end)s - %(base)s
      AND a.status = 'completed'
"""
# One in twelve inpatients goes on as an outpatient of the same treatment.
PHASES = """
    WITH turned AS (
        SELECT t.*, CASE WHEN t.setting = 'inpatient' AND coalesce(t.ended_on, %(today)s::date) - t.started_on > 60
                          AND pg_temp.dice(t.id - %(first_treatment)s, 1) < 0.08
                    THEN t.started_on + 45 END AS turned_on
        FROM clients_treatment t
        WHERE t.id >= %(treatment)s AND t.id < %(treatment_end)s AND t.started_on IS NOT NULL
    )
    INSERT INTO clients_treatmentphase (treatment_id, programme, setting, starts_on, ends_on)
    SELECT id, programme, setting, started_on, coalesce(turned_on, ended_on) FROM turned
    UNION ALL
    SELECT id, programme, 'outpatient', turned_on, ended_on FROM turned WHERE turned_on IS NOT NULL
"""
STEPS = (CONSENTS, FACTS, ASSESSMENTS, DRAFTS, SCORES, ALERTS, PHASES)


def prepare(cursor: CursorWrapper, plan: Plan) -> None:
    """The dice, and a pool of answers that were scored once by the instrument itself."""
    cursor.execute(DICE.format(seed=plan.seed))
    cursor.execute(EARLY)
    cursor.execute(POOLS)
    random = Random(f"{plan.seed}:answers")
    for substance in Substance:
        route = ROUTE_OF.get(substance, UseRoute.ORAL)
        cursor.execute(
            "INSERT INTO sim_codes VALUES (%s, %s, %s)", [substance.value, ICD_OF[substance].value, route.value]
        )
        for number in range(ANSWERS):
            _answered(cursor, random, substance, number)


def _answered(cursor: CursorWrapper, random: Random, substance: Substance, number: int) -> None:
    answers = assist_answers(random, substance)
    result = scoring.score(ASSIST, answers)
    cursor.execute(
        "INSERT INTO sim_answers VALUES (%s, %s, %s, %s, %s)",
        [substance.value, number, json.dumps(answers), json.dumps(result.options), list(result.alerts)],
    )
    for scale, score in result.scores.items():
        cursor.execute(
            "INSERT INTO sim_scores VALUES (%s, %s, %s, %s, %s)",
            [substance.value, number, scale, score.value, score.band or ""],
        )
