"""Taking figures or members out of the house: each time is recorded, members only with a purpose."""

from django.utils.translation import gettext as _

from facilities.models import Facility, Unit
from rehab import audit
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User
from rehab.periods import Period
from reports.indicators import Indicator
from reports.places import may_open_members


@action
def take_members(
    *, by: User, place: Unit | Facility, indicator: Indicator, period: Period, form: str, purpose: str
) -> None:
    """Record that the members behind a figure are taken out as a file. Raises Refused without a purpose, and for a person who
    may not open them."""
    if not may_open_members(by, place):
        raise Refused(_("Your role does not open the members behind this number."))
    if not purpose.strip():
        raise Refused(_("Say what the list is for."), field="purpose")
    audit.record(
        "figures.members_exported", by=by, subject=place, place=place.code, reason=purpose.strip(),
        data={"indicator": indicator.key, "from": period.start.isoformat(), "until": period.last_day.isoformat(), "form": form},
    )  # fmt: skip


@action
def take_figures(*, by: User, place: Unit | Facility, period: Period, cards: list[str]) -> None:
    """Record that the figures of a page are taken out as a workbook."""
    audit.record(
        "figures.exported", by=by, subject=place, place=place.code, data={"year": period.start.year, "cards": cards}
    )  # fmt: skip
