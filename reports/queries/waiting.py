"""Which reports wait for a person: to be mended, submitted, approved or sealed."""

from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from facilities.access import can, unit_ids
from facilities.models import Posting
from rehab.models import User
from rehab.roles import Permission, roles_with
from reports.enums import ReportStatus as S
from reports.models import Report, ReportStep

BUILD, SEAL = Permission.BUILD_REPORTS, Permission.SEAL_REPORTS
NEXT = {S.RETURNED: S.SUBMITTED, S.READY: S.SUBMITTED, S.SUBMITTED: S.APPROVED, S.APPROVED: S.SEALED}


@dataclass(frozen=True)
class Waiting:
    """A report that waits for this person, the step it waits for, and the last one taken."""

    report: Report
    to: S
    last: ReportStep | None


def waiting_for(user: User, most: int) -> list[Waiting]:
    """The oldest periods first, at most so many; what one has submitted oneself waits for somebody else. At most five queries.

    A unit's own people come first: a report of a unit below is given only where that unit has nobody for the step.
    """
    if not can(user, BUILD) and not can(user, SEAL):
        return []
    sealing = _served(user, SEAL)
    building = _served(user, BUILD) - unit_ids(user, SEAL)
    to_build = Report.objects.filter(unit__in=building, status__in=[S.RETURNED, S.READY])
    to_seal = Report.objects.filter(unit__in=sealing, status__in=[S.SUBMITTED, S.APPROVED])
    found = (to_build | to_seal).exclude(pk__in=_submitted_by(user))
    reports = list(found.select_related("unit").order_by("starts_on", "pk")[:most])
    steps = ReportStep.objects.filter(report__in=reports).select_related("taken_by").order_by("pk")
    last = {step.report_id: step for step in steps}
    return [Waiting(report, NEXT[S(report.status)], last.get(report.pk)) for report in reports]


def with_last_step(reports: QuerySet[Report]) -> QuerySet[Report]:
    """With `last_step_at` and `last_step_by` (a name): the last step from hand to hand, None before the first."""
    last = ReportStep.objects.filter(report=OuterRef("pk")).order_by("-pk")
    return reports.annotate(
        last_step_at=Subquery(last.values("taken_at")[:1]), last_step_by=Subquery(last.values("taken_by__name")[:1])
    )


def _submitted_by(user: User) -> QuerySet:
    """Reports that wait for approval and were submitted, the last time, by this person."""
    submitted = ReportStep.objects.filter(report__status=S.SUBMITTED, status=S.SUBMITTED)
    last = submitted.order_by("report_id", "-pk").distinct("report_id").values("pk")
    return ReportStep.objects.filter(pk__in=last, taken_by=user).values("report")


def _served(user: User, permission: Permission) -> set[int]:
    """Units for whose reports this person is the one to do it: their own, and those below that have nobody."""
    reach = set(unit_ids(user, permission))
    if not reach:
        return reach
    post = getattr(user, "active_post", None)
    own = {post.unit_id} if post else set(user.postings.values_list("unit_id", flat=True))
    roles = set(roles_with(permission)) - (set(roles_with(SEAL)) if permission == BUILD else set())
    held = Posting.objects.on(timezone.localdate()).filter(unit__in=reach, role__in=roles)
    return reach - (set(held.values_list("unit_id", flat=True)) - own)
