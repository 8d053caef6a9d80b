"""Random but valid answers to any instrument."""

from hypothesis import strategies as st

from assessments.instruments import Instrument
from assessments.instruments.framework import NOT_APPLICABLE, Item, Kind


def answer_to(item: Item) -> st.SearchStrategy:
    codes = [choice.code for choice in item.choices]
    match item.kind:
        case Kind.CHOICE:
            found = st.sampled_from(codes)
        case Kind.NUMBER:
            whole = st.integers(item.minimum, item.maximum)
            found = whole if item.whole else whole | st.floats(item.minimum, item.maximum)
        case Kind.TEXT:
            found = st.text(max_size=50)
        case Kind.LIST:
            found = st.lists(st.sampled_from(codes))
    return found | st.just(NOT_APPLICABLE) if item.not_applicable else found


def answers_to(instrument: Instrument) -> st.SearchStrategy:
    """Any subset of items, answered."""
    return st.fixed_dictionaries({}, optional={item.code: answer_to(item) for item in instrument})
