"""All windows of completed ways computed anew: after a changed setting, and after a bulk load that left the triggers out."""

from django.db import connection, transaction

from aftercare.models import RelapseRule
from aftercare.models.window import REWRITE_ALL, TOLERANCE_DAYS, WINDOW_MONTHS
from aftercare.schedule import RELAPSE_TOLERANCE
from aftercare.schedule import WINDOW_MONTHS as WINDOW
from rehab import audit, tunables


@transaction.atomic
def rebuild_all() -> None:
    """By the settings in force, in one statement. Writers of what it rests on wait for it; readers do not."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE aftercare_relapsewindow IN SHARE ROW EXCLUSIVE MODE")
        months, tolerance = _wanted()
        if standing() != (months, tolerance):
            rule = RelapseRule.objects.create(months=months, tolerance_days=tolerance)
            data = {"months": months, "tolerance_days": tolerance}
            audit.record("aftercare.windows_rebuilt", by=None, subject=rule, data=data)
        cursor.execute(REWRITE_ALL)


def follow_settings() -> bool:
    """Rebuild where the windows stand by other settings than those in force: the difference itself is what asks for it, so
    nothing is lost with the broker. True when it did."""
    if stands_by_settings():
        return False
    rebuild_all()
    return True


def stands_by_settings() -> bool:
    return standing() == _wanted()


def standing() -> tuple[int, int]:
    """Months and tolerance in days by which the windows stand now."""
    latest = RelapseRule.objects.order_by("-pk").values_list("months", "tolerance_days").first()
    return latest or (WINDOW_MONTHS, TOLERANCE_DAYS)


def _wanted() -> tuple[int, int]:
    found = tunables.values(WINDOW, RELAPSE_TOLERANCE)
    return int(found[WINDOW]), int(found[RELAPSE_TOLERANCE])
