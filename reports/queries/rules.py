"""The settings by which indicators count and figures are judged."""

from rehab import tunables
from reports.indicators import Rules

WINDOW, TOLERANCE = "aftercare.window_months", "figures.relapse_tolerance_days"
REACHED, ATTENTION = "figures.reached_from", "figures.attention_from"


def rules() -> Rules:
    """One query."""
    found = tunables.values(WINDOW, TOLERANCE, REACHED, ATTENTION)
    return Rules(int(found[WINDOW]), int(found[TOLERANCE]), float(found[REACHED]), float(found[ATTENTION]))
