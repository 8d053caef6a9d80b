"""What every step of a report asks first, against the row as it stands now."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from facilities.access import can
from rehab.errors import Refused
from rehab.models import User
from rehab.roles import Permission
from reports import lifecycle
from reports.enums import ReportStatus
from reports.models import Report


def locked(report: Report) -> Report:
    """The report as it stands now, held until the transaction ends."""
    return Report.objects.select_for_update(of=("self",)).select_related("unit").get(pk=report.pk)


def require(by: User, report: Report, to: ReportStatus) -> None:
    """Raises PermissionDenied for who may not, Refused for what cannot be now."""
    taken = lifecycle.step(report.status, to)
    if taken is not None and taken.permission and not can(by, taken.permission, report.unit):
        raise PermissionDenied
    if taken is None or taken.permission is None:
        raise not_now(report)


def not_now(report: Report) -> Refused:
    status = ReportStatus(report.status).label.lower()
    return Refused(_("The report is %(status)s now, so this cannot be done.") % {"status": status})


def require_builder(by: User, report: Report) -> None:
    if not can(by, Permission.BUILD_REPORTS, report.unit):
        raise PermissionDenied


def require_seen(report: Report, edit: int) -> None:
    """Raises Outdated when the report, held by the caller, is not the one this person had on the screen."""
    if report.edit != edit:
        raise Outdated


class Outdated(Refused):
    """Someone changed the report after this person had opened it."""

    def __init__(self) -> None:
        super().__init__(
            _("The report was changed while you were looking at it. Look at it once more, then decide."),
            code="outdated",
        )
