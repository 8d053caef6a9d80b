"""An instrument in other words than ours: the official text that an institution has loaded under its licence.

A text belongs to an item ("q2_e"), to a section ("q2"), or to one of their options ("q2_e:weekly", or "q2:weekly" for every
item of the section). Weights, rules and scores know codes only, so no wording changes them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from assessments.instruments.framework import Choice, Instrument, Item, Section


def places(instrument: Instrument) -> frozenset[str]:
    """Every place that a text may be given for."""
    return frozenset(_places(instrument))


def uncovered(instrument: Instrument, texts: Mapping[str, str]) -> list[str]:
    """Items for which neither they themselves nor their section have a text, in the order asked."""
    return [
        item.code
        for section in instrument.sections
        for item in section.items
        if item.code not in texts and (not section.grid or section.code not in texts)
    ]


def worded(instrument: Instrument, texts: Mapping[str, str]) -> Instrument:
    """The same instrument with these texts; what has none keeps ours."""
    sections = tuple(_section(section, texts) for section in instrument.sections)
    return replace(instrument, sections=sections, labels_only=instrument.labels_only and not texts)


def _places(instrument: Instrument) -> Iterator[str]:
    for section in instrument.sections:
        yield section.code
        for item in section.items:
            yield item.code
            for choice in item.choices:
                yield f"{item.code}:{code_of(choice)}"
                yield f"{section.code}:{code_of(choice)}"


def code_of(choice: Choice) -> str:
    return str(choice.code).lower() if isinstance(choice.code, bool) else str(choice.code)


def _section(section: Section, texts: Mapping[str, str]) -> Section:
    items = tuple(_item(item, section, texts) for item in section.items)
    # Where an item bears the section's code (ASSIST q8), the text is the item's.
    title = section.title if section.code in {item.code for item in section.items} else texts.get(section.code)
    return replace(section, title=title or section.title, items=items)


def _item(item: Item, section: Section, texts: Mapping[str, str]) -> Item:
    choices = tuple(
        replace(
            choice,
            label=texts.get(
                f"{item.code}:{code_of(choice)}", texts.get(f"{section.code}:{code_of(choice)}", choice.label)
            ),
        )
        for choice in item.choices
    )
    return replace(item, label=texts.get(item.code, item.label), choices=choices)
