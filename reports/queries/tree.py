"""The unit tree on any day, read once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from facilities.enums import UnitKind
from facilities.models import UnitTerm
from reports.enums import FigureScope


@dataclass(frozen=True)
class Node:
    """A unit as it was called on a day."""

    id: int
    code: str
    kind: str
    name: str
    parent: int | None
    activated_on: date | None
    exists: bool


class Tree:
    """Which unit stood under which on one day.

    A unit that was dissolved before that day stays under its last parent, so that what it had counted is not lost.
    """

    def __init__(self, nodes: dict[int, Node]):
        self._nodes = nodes
        self._children: dict[int | None, list[int]] = {}
        for node in sorted(nodes.values(), key=lambda each: each.code):
            self._children.setdefault(node.parent, []).append(node.id)

    def __contains__(self, unit: int) -> bool:
        return unit in self._nodes

    def node(self, unit: int) -> Node:
        return self._nodes[unit]

    def children(self, unit: int) -> list[Node]:
        return [self._nodes[child] for child in self._children.get(unit, ())]

    def under(self, unit: int) -> set[int]:
        """The unit itself and all below it."""
        return set(self._walk(unit))

    def top_of(self, unit: int) -> int:
        """The unit that stands above it and under no other."""
        seen: set[int] = set()
        while unit in self._nodes and (above := self._nodes[unit].parent) and unit not in seen:
            seen.add(unit)
            unit = above
        return unit

    def parts(self, unit: int) -> dict[int, int]:
        """Each unit below, by the child of `unit` that it stands under; the unit itself is a part of its own."""
        found = {unit: unit}
        for child in self._children.get(unit, ()):
            found |= dict.fromkeys(self._walk(child), child)
        return found

    def _walk(self, unit: int) -> Iterator[int]:
        seen, waiting = set(), [unit]
        while waiting:
            current = waiting.pop()
            if current not in seen:
                seen.add(current)
                yield current
                waiting.extend(self._children.get(current, ()))


class Units:
    """All units with their names and parents through time. One query for however many days are asked for."""

    def __init__(self) -> None:
        self._terms = list(
            UnitTerm.objects.order_by("starts_on").values_list(
                "unit_id", "unit__code", "unit__kind", "name", "parent_id", "unit__activated_on", "starts_on", "ends_on"
            )
        )

    def on(self, day: date) -> Tree:
        nodes = {}
        for unit, code, kind, name, parent, active, starts, ends in self._terms:
            if starts <= day:
                nodes[unit] = Node(unit, code, kind, name, parent, active, ends is None or ends > day)
        return Tree(nodes)

    def latest(self) -> dict[int, Node]:
        """Every unit by id, as it was called last."""
        return {
            unit: Node(unit, code, kind, name, parent, active, ends is None)
            for unit, code, kind, name, parent, active, _starts, ends in self._terms
        }


def default_scope(kind: str) -> FigureScope:
    """Own for a BNNP and a BNNK; the nation's figure is that of the tree."""
    return FigureScope.TREE if kind == UnitKind.BNN else FigureScope.OWN
