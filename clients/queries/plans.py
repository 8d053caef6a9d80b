"""Treatment plans as a page shows them, and what about them is due."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet

from clients.enums import PlanStatus
from clients.models import Client, PlanGoal, Treatment, TreatmentPlan
from facilities.access import facility_ids
from rehab.models import User
from rehab.roles import Permission


@dataclass(frozen=True)
class Planned:
    """A treatment with its draft, the plan in force, and the versions before, newest first."""

    treatment: Treatment
    draft: TreatmentPlan | None
    in_force: TreatmentPlan | None
    earlier: list[TreatmentPlan]

    def is_written_at(self, facilities: Collection[int]) -> bool:
        """Whether somebody who treats at these places may still write at it."""
        return self.treatment.is_open and self.treatment.facility_id in facilities


def plans_of(user: User, client: Client) -> list[Planned]:
    """Of the client's treatments where the person reads clinical data, the latest first. Three queries."""
    goals = Prefetch("goals", PlanGoal.objects.order_by("position"))
    plans = TreatmentPlan.objects.select_related("written_by").prefetch_related(goals).order_by("-version")
    rows = client.treatments.filter(facility__in=facility_ids(user, Permission.SEE_CLINICAL))
    rows = rows.select_related("facility", "episode", "client").prefetch_related(Prefetch("plans", plans))
    return [_planned(row) for row in rows.order_by("-pk")]


def _planned(treatment: Treatment) -> Planned:
    by_status: dict[str, list[TreatmentPlan]] = {}
    for plan in treatment.plans.all():
        by_status.setdefault(plan.status, []).append(plan)
    first = {status: rows[0] for status, rows in by_status.items()}
    return Planned(
        treatment,
        first.get(PlanStatus.DRAFT),
        first.get(PlanStatus.AGREED),
        by_status.get(PlanStatus.REPLACED, []),
    )


def to_review(facilities: Iterable[int], until: date) -> QuerySet[TreatmentPlan]:
    """Plans in force of open treatments that were to be looked at again by then, the oldest first."""
    rows = TreatmentPlan.objects.filter(
        treatment__facility__in=facilities, treatment__ended_on=None, status=PlanStatus.AGREED, review_on__lte=until
    )
    return rows.select_related("treatment__client").order_by("review_on", "pk")
