"""The settings by which figures are judged."""

from rehab import tunables
from reports.indicators import Rules

REACHED, ATTENTION = "figures.reached_from", "figures.attention_from"


def rules() -> Rules:
    """One query."""
    found = tunables.values(REACHED, ATTENTION)
    return Rules(float(found[REACHED]), float(found[ATTENTION]))
