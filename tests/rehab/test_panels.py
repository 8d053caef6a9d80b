"""The registry by which higher floors show things on lower pages."""

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
