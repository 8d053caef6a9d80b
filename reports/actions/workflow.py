"""From hand to hand: who builds submits, the signatory returns with a comment or approves; sealing comes after (`sealing`).

Each step is taken on the report as `edit` showed it. Raises PermissionDenied without the right at its unit, Refused when
the report has no such step now, Outdated (a Refused) when it was changed since it was opened.
"""

from django.utils.translation import gettext as _

from rehab import audit
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User
from reports.actions.checks import locked, require, require_seen
from reports.enums import ReportStatus
from reports.models import Report, ReportStep

LONGEST = 2000


@action
def submit(*, by: User, report: Report, edit: int, comment: str = "") -> Report:
    """Put it before the signatory; from now on nobody types in it."""
    held = _held(by, report, edit, ReportStatus.SUBMITTED)
    return _take(by, held, ReportStatus.SUBMITTED, comment)


@action
def send_back(*, by: User, report: Report, edit: int, comment: str) -> Report:
    """Return it to who builds it. Refused without a comment that says what is to be mended."""
    held = _held(by, report, edit, ReportStatus.RETURNED)
    if not comment.strip():
        raise Refused(_("Say what is to be mended, so that the report does not come back the same."), field="comment")
    return _take(by, held, ReportStatus.RETURNED, comment)


@action
def approve(*, by: User, report: Report, edit: int, comment: str = "") -> Report:
    """Say that the figures are right. Refused to the person who submitted it: four eyes look at a report."""
    held = _held(by, report, edit, ReportStatus.APPROVED)
    if submitted_by(held) == by.pk:
        raise Refused(
            _(
                "You submitted this report yourself, so someone else approves it: another signatory of this unit or above."
            )
        )
    return _take(by, held, ReportStatus.APPROVED, comment)


def keep_step(by: User, report: Report, to: ReportStatus, comment: str = "") -> ReportStep:
    return ReportStep.objects.create(report=report, status=to, comment=comment, taken_by=by)


def submitted_by(report: Report) -> int | None:
    """Who submitted it last, by id."""
    steps = ReportStep.objects.filter(report=report, status=ReportStatus.SUBMITTED)
    return steps.order_by("-pk").values_list("taken_by_id", flat=True).first()


def _held(by: User, report: Report, edit: int, to: ReportStatus) -> Report:
    held = locked(report)
    require(by, held, to)
    require_seen(held, edit)
    return held


def _take(by: User, held: Report, to: ReportStatus, comment: str) -> Report:
    words = comment.strip()
    if len(words) > LONGEST:
        raise Refused(_("At most %(count)s characters.") % {"count": LONGEST}, field="comment")
    held.status, held.edit = to, held.edit + 1
    held.save(update_fields=["status", "edit"])
    keep_step(by, held, to, words)
    audit.record(f"report.{to.value}", by=by, subject=held, place=held.unit.code, reason=words)
    return held
