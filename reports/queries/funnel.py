"""How far the episodes opened in a period have come. Each step holds those of the step before it, so that none is lost twice."""

from dataclasses import dataclass

from django.db import connection, models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from aftercare.models import AftercarePlan
from clients.enums import Outcome
from clients.models import Episode, Treatment
from rehab.periods import Period


class Step(models.TextChoices):
    """The steps of the way, in order."""

    REGISTERED = "registered", _("Registered")
    ASSESSED = "assessed", _("Assessed")
    FACTS = "facts", _("Six facts complete")
    PLANNED = "planned", _("Treatment planned")
    STARTED = "started", _("Treatment started")
    COUNTED = "counted", _("Counted")
    COMPLETED = "completed", _("Completed")
    AFTERCARE = "aftercare", _("In aftercare")


STEPS = tuple(Step)


@dataclass(frozen=True)
class StepCount:
    """`lost`: those of the step before that are not here."""

    step: Step
    reached: int
    lost: int


def funnel(facilities: list[int], period: Period) -> list[StepCount]:
    """The episodes opened in the period for which these facilities answer today. One query.

    Treatments are read by the range of the cohort's own episode numbers, which is exact whatever lies between.
    """
    sql = f"""
        WITH cohort AS MATERIALIZED (
            SELECT id, assessed_on IS NOT NULL AS assessed, facts_on IS NOT NULL AS facts
            FROM {Episode._meta.db_table}
            WHERE responsible_facility_id = ANY(%(facilities)s) AND opened_on >= %(start)s AND opened_on < %(end)s
        ), way AS (
            SELECT t.episode_id, bool_or(t.started_on IS NOT NULL) AS started, bool_or(t.counted_on IS NOT NULL) AS counted,
                   bool_or(t.counted_on IS NOT NULL AND t.outcome = %(completed)s) AS completed,
                   bool_or(t.counted_on IS NOT NULL AND t.outcome = %(completed)s AND p.id IS NOT NULL) AS aftercare
            FROM {Treatment._meta.db_table} t
            LEFT JOIN {AftercarePlan._meta.db_table} p ON p.treatment_id = t.id
            WHERE t.episode_id BETWEEN (SELECT min(id) FROM cohort) AND (SELECT max(id) FROM cohort)
            GROUP BY t.episode_id
        )
        SELECT count(*), count(*) FILTER (WHERE assessed), count(*) FILTER (WHERE assessed AND facts),
               count(*) FILTER (WHERE assessed AND facts AND w.episode_id IS NOT NULL),
               count(*) FILTER (WHERE assessed AND facts AND w.started),
               count(*) FILTER (WHERE assessed AND facts AND w.counted),
               count(*) FILTER (WHERE assessed AND facts AND w.completed),
               count(*) FILTER (WHERE assessed AND facts AND w.aftercare)
        FROM cohort c LEFT JOIN way w ON w.episode_id = c.id
    """
    values = {"facilities": facilities, "start": period.start, "end": period.end, "completed": Outcome.COMPLETED.value}
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        reached = cursor.fetchone()
    before = (reached[0], *reached[:-1])
    return [StepCount(step, here, was - here) for step, here, was in zip(STEPS, reached, before, strict=True)]


def episodes_at(facilities: list[int], period: Period, step: Step, *, stopped: bool = False) -> QuerySet[Episode]:
    """The episodes behind one number: those that reached the step, or with `stopped` those of the step before that did not."""
    cohort = Episode.objects.filter(
        responsible_facility__in=facilities, opened_on__gte=period.start, opened_on__lt=period.end
    )
    at = STEPS.index(step)
    if stopped:
        return _reached(cohort, STEPS[max(at - 1, 0)]).exclude(_condition(step)) if at else cohort.none()
    return _reached(cohort, step)


def _reached(cohort: QuerySet[Episode], step: Step) -> QuerySet[Episode]:
    for each in STEPS[1 : STEPS.index(step) + 1]:
        cohort = cohort.filter(_condition(each))
    return cohort


def _condition(step: Step) -> Q | Exists:
    if step is Step.ASSESSED:
        return Q(assessed_on__isnull=False)
    if step is Step.FACTS:
        return Q(facts_on__isnull=False)
    treatments = Treatment.objects.filter(episode=OuterRef("pk"))
    plans = AftercarePlan.objects.filter(treatment=OuterRef("pk"))
    done = treatments.filter(counted_on__isnull=False, outcome=Outcome.COMPLETED)
    return {
        Step.PLANNED: Exists(treatments),
        Step.STARTED: Exists(treatments.filter(started_on__isnull=False)),
        Step.COUNTED: Exists(treatments.filter(counted_on__isnull=False)),
        Step.COMPLETED: Exists(done),
        Step.AFTERCARE: Exists(done.filter(Exists(plans))),
    }[step]
