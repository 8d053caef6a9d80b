"""Reads of figures: `figures` gives every row of a place in a period, `members` the rows behind one number."""

from reports.queries.counting import Wanted
from reports.queries.figures import figures, realised
from reports.queries.members import members
from reports.queries.rows import Figures, Row, Source, Standing
from reports.queries.targets import expected, targets_in_force
from reports.queries.tree import Tree, Units, default_scope

__all__ = [
    "Figures",
    "Row",
    "Source",
    "Standing",
    "Tree",
    "Units",
    "Wanted",
    "default_scope",
    "expected",
    "figures",
    "members",
    "realised",
    "targets_in_force",
]
