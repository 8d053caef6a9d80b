"""Measures that come again: quality of life before and after a treatment (WHOQOL-BREF), BAM month by month.

Answers come from a pool that was scored once by the instruments themselves, as those of the first assessment do.
"""

import json
from random import Random

from django.db.backends.utils import CursorWrapper

from assessments.instruments import registry, scoring
from assessments.instruments.framework import Instrument, Kind
from reports.simulation.plan import Plan

POOL = 30
WHOQOL = registry.get("whoqol_bref")
# Better after than before in most of the pairs, by the level at which the answers of a pool are centred.
LEVELS = {("whoqol_bref", "low"): 2.5, ("whoqol_bref", "high"): 3.5, ("bam", "any"): 2.0}
REVERSED = {"q3", "q4", "q26"}
PER_TREATMENT = 8  # ids that one treatment may take

TEMPORARY = """
    CREATE TEMPORARY TABLE sim_measure (id bigint, instrument text, level text, number int, client bigint, episode bigint,
        facility bigint, day date, by_user bigint) ON COMMIT DROP;
    CREATE TEMPORARY TABLE sim_pool (instrument text, level text, number int, version text, answers jsonb, rules jsonb,
        PRIMARY KEY (instrument, level, number)) ON COMMIT DROP;
    CREATE TEMPORARY TABLE sim_pool_scores (instrument text, level text, number int, scale text, value numeric, band text)
        ON COMMIT DROP;
"""
# Only episodes whose first instrument lies before the treatment: the episode says when that was.
BEGIN = f"""
    TRUNCATE sim_measure;
    INSERT INTO sim_measure
    SELECT %(measure)s + {PER_TREATMENT} * (t.id - %(first_treatment)s) + m.turn, m.instrument, m.level,
           floor(pg_temp.dice({PER_TREATMENT} * (t.id - %(first_treatment)s) + m.turn, 81) * {POOL})::int,
           t.client_id, t.episode_id, t.facility_id, m.day, l.by_user
    FROM clients_treatment t JOIN sim_leader l ON l.facility = t.facility_id
    JOIN clients_episode e ON e.id = t.episode_id AND e.assessed_on <= t.started_on
    CROSS JOIN LATERAL (
        SELECT 0 AS turn, 'whoqol_bref' AS instrument, 'low' AS level, t.started_on AS day
        WHERE pg_temp.dice(t.id - %(first_treatment)s, 82) < 0.45
        UNION ALL
        SELECT 1, 'whoqol_bref', CASE WHEN pg_temp.dice(t.id - %(first_treatment)s, 83) < 0.72 THEN 'high' ELSE 'low' END,
               t.ended_on
        WHERE t.outcome = 'completed' AND pg_temp.dice(t.id - %(first_treatment)s, 82) < 0.4 AND t.ended_on > t.started_on
        UNION ALL
        SELECT 1 + month, 'bam', 'any', t.started_on + 30 * month
        FROM generate_series(1, {PER_TREATMENT - 2}) AS month
        WHERE t.started_on + 30 * month <= least(t.ended_on, %(today)s::date)
          AND pg_temp.dice({PER_TREATMENT} * (t.id - %(first_treatment)s) + month, 84) < 0.3
    ) AS m
    WHERE t.id >= %(treatment)s AND t.id < %(treatment_end)s
"""
ASSESSMENTS = """
    INSERT INTO assessments_assessment (id, client_id, episode_id, facility_id, instrument, version, text_version, status,
        answers, ignored, rules, alerts, administered_on, started_at, saved_at, position, edit, completed_at,
        completed_by_id, started_by_id, reason)
    SELECT m.id, m.client, m.episode, m.facility, m.instrument, p.version, '', 'completed', p.answers, '{}', p.rules, '{}',
           m.day, pg_temp.early(m.day, l.hours) - interval '10 minutes', pg_temp.early(m.day, l.hours), '', 2, pg_temp.early(m.day, l.hours),
           m.by_user, m.by_user, ''
    FROM sim_measure m JOIN sim_pool p USING (instrument, level, number)
    JOIN sim_leader l ON l.facility = m.facility
"""
SCORES = """
    INSERT INTO assessments_assessmentscore (assessment_id, scale, value, band)
    SELECT m.id, s.scale, s.value, s.band FROM sim_measure m JOIN sim_pool_scores s USING (instrument, level, number)
"""
STEPS = (BEGIN, ASSESSMENTS, SCORES)


def prepare(cursor: CursorWrapper, plan: Plan) -> None:
    cursor.execute(TEMPORARY)
    random = Random(f"{plan.seed}:measures")
    for (key, level), centre in LEVELS.items():
        instrument = registry.get(key)
        for number in range(POOL):
            _pooled(cursor, random, instrument, level, centre, number)


def _pooled(
    cursor: CursorWrapper, random: Random, instrument: Instrument, level: str, centre: float, number: int
) -> None:
    """One set of answers; neither instrument has answers that somebody must look at."""
    answers = _answers(random, instrument, centre)
    result = scoring.score(instrument, answers)
    row = (instrument.key, level, number, instrument.version, json.dumps(answers), json.dumps(result.options))
    cursor.execute("INSERT INTO sim_pool VALUES (%s, %s, %s, %s, %s, %s)", row)
    for scale, score in result.scores.items():
        told = (instrument.key, level, number, scale, score.value, score.band or "")
        cursor.execute("INSERT INTO sim_pool_scores VALUES (%s, %s, %s, %s, %s, %s)", told)


def _answers(random: Random, instrument: Instrument, centre: float) -> dict[str, object]:
    """Of every question with numbered options the one nearest to a draw around the centre."""
    answers: dict[str, object] = {}
    for item in (item for section in instrument.sections for item in section.items if item.kind == Kind.CHOICE):
        drawn = random.gauss(centre, 0.8)
        drawn = 6 - drawn if instrument is WHOQOL and item.code in REVERSED else drawn
        away = {choice.code: abs(float(choice.code) - drawn) for choice in item.choices}
        answers[item.code] = min(away, key=away.__getitem__)
    return answers
