"""Sealing: the signatory says that these are the figures, and from then on nobody can change them."""

from django.utils import timezone, translation

from rehab import audit
from rehab.actions import action
from rehab.models import User
from reports.actions.checks import locked, require, require_seen
from reports.actions.header import signature
from reports.actions.workflow import keep_step
from reports.enums import ReportStatus
from reports.models import Report
from reports.queries.digests import digest


@action
def seal(*, by: User, report: Report, edit: int) -> Report:
    """Seal the approved report as `edit` showed it. Raises PermissionDenied without the right to seal at its unit, Outdated
    when it was changed since, Refused when it is not approved or sealed already."""
    held = locked(report)
    require(by, held, ReportStatus.SEALED)
    require_seen(held, edit)
    moment = timezone.now()
    with translation.override("id"):
        held.header |= {"signature": signature(by, held.unit, held.unit.local_date(moment))}
    held.status, held.sealed_at, held.sealed_by = ReportStatus.SEALED, moment, by
    held.digest = digest(held)
    held.save(update_fields=["status", "header", "sealed_at", "sealed_by", "digest"])
    keep_step(by, held, ReportStatus.SEALED)
    audit.record("report.sealed", by=by, subject=held, place=held.unit.code, data={"digest": held.digest})
    return held
