"""What early warnings add to the settings and to the day's page."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.access import can
from rehab.models import User
from rehab.panels import TodayItem
from rehab.roles import Permission
from rehab.tunables import Tunable
from reports.queries.alerts import OVER_FROM, Alert, AlertKind, alerts

TUNABLES = (
    Tunable(
        OVER_FROM,
        gettext_lazy("“Far above” from this percent of what was to be reached by now"),
        120,
        hint=gettext_lazy("A target that is passed by far may have been set too low, or something is counted twice."),
        default_source=gettext_lazy("Working assumption, no published rule"),
        least=100,
        most=1000,
    ),
)


def today(user: User, on: date) -> list[TodayItem]:
    """For those who keep a unit's targets: how many stand out, with the units below in a second line."""
    post = getattr(user, "active_post", None)
    unit = post.unit if post else None
    if unit is None or not can(user, Permission.EDIT_TARGETS, unit):
        return []
    found = alerts(unit, unit.local_date().year)
    if not (found.own or found.below):
        return []
    below = _("units below: %(told)s") % {"told": _told(found.below)} if found.below else ""
    return [
        TodayItem(
            "attention" if found.own else "due",
            _("Targets: %(told)s") % {"told": _told(found.own) or _("as expected")},
            below,
            reverse("reports:alerts", args=[unit.code, found.as_of.year]),
            urgent=any(alert.kind is AlertKind.BEHIND for alert in found.own),
        )
    ]


def _told(found: tuple[Alert, ...]) -> str:
    """`2 behind, 1 far above`."""
    counts = {kind: sum(alert.kind is kind for alert in found) for kind in AlertKind}
    return ", ".join(f"{count} {kind.label}" for kind, count in counts.items() if count)
