"""The registry by which higher floors show things on lower pages."""

from datetime import date

from rehab import panels
from rehab.panels import Fact, Registry


def test_readers_answer_in_their_order_whatever_the_order_of_registration():
    registry = Registry()
    registry.register(order=90)(lambda: ["last"])
    registry.register(order=10)(lambda: ["first"])
    registry.register()(lambda: ["middle", "middle too"])
    assert registry.collect() == ["first", "middle", "middle too", "last"]


def test_answers_for_a_whole_list_are_merged_by_key():
    registry = Registry()
    registry.register()(lambda rows: {row: [Fact("a", row)] for row in rows})
    registry.register()(lambda rows: {rows[0]: [Fact("b", 2)]})
    assert registry.merge([1, 2]) == {1: [Fact("a", 1), Fact("b", 2)], 2: [Fact("a", 2)]}


def test_a_later_entry_is_told_once_and_only_when_it_is_looked_at():
    told = []

    def tell():
        told.append(1)
        return panels.TimelineEntry(date(2026, 11, 22), "session", "Session", "Group", chip="came")

    entry = panels.LaterEntry(date(2026, 11, 22), "session", "Session", tell)
    assert (entry.on, entry.kind, entry.stage, told) == (date(2026, 11, 22), "session", panels.Stage.UNDER_WAY, [])
    assert (entry.title, entry.chip, entry.text, told) == ("Group", "came", "", [1])
