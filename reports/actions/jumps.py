"""Explaining a month that stands out."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.access import can
from facilities.models import Facility, Unit
from rehab import audit
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User
from rehab.roles import Permission
from reports.indicators import Indicator
from reports.models import JumpReason

MAY_EXPLAIN = (Permission.BUILD_REPORTS, Permission.EDIT_TARGETS)


@action
def explain(
    *, by: User, unit: Unit, facility: Facility | None, indicator: Indicator, month: date, members: int, reason: str
) -> JumpReason:
    """Say why the month stands out; `members` is the count that was looked at. A later reason takes the place of the one before,
    which the row history keeps. Raises Refused without a reason or for a unit that is not the person's to explain."""
    if not any(can(by, permission, unit) for permission in MAY_EXPLAIN):
        raise Refused(_("Your role does not explain the figures of this unit."))
    if not reason.strip():
        raise Refused(_("Say why this month stands out."), field="reason")
    values = {"members": members, "reason": reason.strip(), "given_by": by, "given_at": timezone.now()}
    # A facility keeps its reasons when it comes under another unit.
    key = {"facility": facility} if facility else {"facility": None, "unit": unit}
    row = JumpReason.objects.select_for_update().filter(**key, indicator=indicator.key, month=month).first()
    if row is None:
        row = JumpReason.objects.create(unit=unit, facility=facility, indicator=indicator.key, month=month, **values)
    else:
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=list(values))
    audit.record(
        "jump.explained", by=by, subject=row, place=facility.code if facility else unit.code, reason=reason.strip(),
        data={"indicator": indicator.key, "month": month.isoformat(), "members": members},
    )  # fmt: skip
    return row
