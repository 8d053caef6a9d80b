"""The settings by which figures are judged."""

from rehab import tunables
from reports.indicators import Rules

REACHED, ATTENTION = "figures.reached_from", "figures.attention_from"
# From where on an index of satisfaction has grade C, B and A.
GRADES = ("figures.grade_c_from", "figures.grade_b_from", "figures.grade_a_from")


def rules() -> Rules:
    """One query."""
    found = tunables.values(REACHED, ATTENTION, *GRADES)
    return Rules(float(found[REACHED]), float(found[ATTENTION]), tuple(sorted(float(found[key]) for key in GRADES)))
