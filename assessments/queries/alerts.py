"""Safety alerts in words."""

from django.db.models import QuerySet
from django.utils.translation import gettext

from assessments.instruments import registry
from assessments.models import SafetyAlert
from rehab.models import User


def alert_title(alert: SafetyAlert) -> str:
    """What the answer said, in the instrument's words. Needs the assessment at hand."""
    return wording_of(alert.assessment.instrument, alert.code)


def wording_of(instrument: str, code: str) -> str:
    return next((gettext(each.title) for each in registry.get(instrument).alerts if each.code == code), code)


def open_alerts(user: User) -> QuerySet[SafetyAlert]:
    """What waits for the person and colleagues, the longest waiting first."""
    return (
        SafetyAlert.objects.visible_to(user)
        .open()
        .select_related("client", "assessment", "facility", "handler")
        .order_by("raised_at", "id")
    )
