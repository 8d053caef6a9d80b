"""A person's day: what readers tell and what waits by kind, in the groups of Hari ini."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from rehab import panels, worklists
from rehab.models import User
from rehab.panels import TodayItem
from rehab.worklists import Block, Day

GROUPS = ("attention", "today", "due", "drafts", "missed")


@dataclass
class Group:
    """`items` stand for themselves, blocks are the first of their kind: those that lead stand before the items."""

    leading: list[Block] = field(default_factory=list)
    items: list[TodayItem] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)

    @property
    def total(self) -> int:
        counts = (1 if block.is_line else block.total for block in (*self.leading, *self.blocks))
        return len(self.items) + sum(counts)


def agenda(user: User, on: date) -> dict[str, Group]:
    """By group. Besides what each reader asks: all kinds in one statement, the settings in one, the clients' names in one."""
    day = Day(user, on)
    items, found = panels.today.collect(user, on), worklists.first(day)
    heads = panels.client_heads.merge(
        {item.client.pk for item in items if item.client and not item.title}
        | {each.client for _, rows, _ in found for each in rows if each.client}
    )
    groups = {group: Group() for group in GROUPS}
    for item in sorted(_named(items, heads), key=_first_things_first):
        groups[item.group].items.append(item)
    for block in worklists.blocks(day, found, heads):
        group = groups[block.worklist.group]
        (group.leading if block.worklist.leads else group.blocks).append(block)
    return groups


def _named(items: Iterable[TodayItem], heads: dict[int, list[Any]]) -> list[TodayItem]:
    """An item of a client without a title gets its code and masked name."""
    return [
        replace(item, title=" · ".join(part for part in heads.get(item.client.pk, ["", ""]) if part))
        if item.client and not item.title
        else item
        for item in items
    ]


def _first_things_first(item: TodayItem) -> tuple[bool, bool, str]:
    """What is urgent, then the oldest day, whichever app it comes from; what has no day keeps its place at the end."""
    return (
        not (item.urgent and item.group == "attention"),
        item.when is None,
        item.when.isoformat()[:10] if item.when else "",
    )
