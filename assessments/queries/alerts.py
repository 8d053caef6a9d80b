"""Safety alerts in words."""

from django.db.models import QuerySet
from django.utils.translation import gettext

from assessments.instruments import registry
from assessments.models import SafetyAlert
from rehab.models import User


def alert_title(alert: SafetyAlert) -> str:
    """What the answer said, in the instrument's words. Needs the assessment at hand."""
    instrument = registry.get(alert.assessment.instrument)
    return next((gettext(each.title) for each in instrument.alerts if each.code == alert.code), alert.code)


def open_alerts(user: User) -> QuerySet[SafetyAlert]:
    """What waits for the person and colleagues, the longest waiting first."""
    return (
        SafetyAlert.objects.visible_to(user)
        .open()
        .select_related("client", "assessment", "facility", "handler")
        .order_by("raised_at", "id")
    )
