"""How far the episodes opened in a period have come. Each step holds those of the step before it, so that none is lost twice.

How far each has come is kept by `aftercare.EpisodeWay`; here it is only counted.
"""

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from aftercare.models import EpisodeWay, Reached
from clients.models import Episode
from rehab.periods import Period

STEPS: dict[str, Reached] = {step.name.lower(): step for step in Reached}


@dataclass(frozen=True)
class StepCount:
    """Those of the step before that are not here are still on their way (`open`) or closed without it (`stopped`)."""

    step: Reached
    reached: int
    open: int = 0
    stopped: int = 0


def funnel(facilities: list[int], period: Period) -> list[StepCount]:
    """The episodes opened in the period for which these facilities answer today. One query."""
    cohort = EpisodeWay.objects.filter(
        facility__in=facilities, opened_on__gte=period.start, opened_on__lt=period.end
    ).order_by()
    groups = list(cohort.values_list("reached", "closed").annotate(number=Count("*")))

    def last_at(step: int, *, closed: bool) -> int:
        return sum(number for reached, is_closed, number in groups if (reached, is_closed) == (step, closed))

    found = []
    for step in Reached:
        here = sum(number for reached, _closed, number in groups if reached >= step)
        found.append(StepCount(step, here, last_at(step - 1, closed=False), last_at(step - 1, closed=True)))
    return found


def episodes_at(facilities: list[int], period: Period, step: Reached, rest: str = "") -> QuerySet[Episode]:
    """The episodes behind one number: those that reached the step; with `rest` those of the step before that did not, "open"
    for those still on their way, "stopped" for those closed without it."""
    cohort = Episode.objects.filter(
        way__facility__in=facilities, way__opened_on__gte=period.start, way__opened_on__lt=period.end
    )
    if not rest:
        return cohort.filter(way__reached__gte=step)
    return cohort.filter(way__reached=step - 1, way__closed=rest == "stopped") if step else cohort.none()
