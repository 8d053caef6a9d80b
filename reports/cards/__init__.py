"""The cards of the page of figures, in the order in which they stand on it. Each has an address of its own."""

from reports.cards import breakdowns, capacity, cascade, freshness, funnel, jumps, map, persons, places, ranking
from reports.cards.base import Card, Frame, Shown

CARDS: dict[str, Card] = {
    card.key: card
    for card in (
        map.CARD,
        ranking.CARD,
        breakdowns.CARD,
        places.UNITS,
        places.FACILITIES,
        cascade.CARD,
        persons.CARD,
        funnel.CARD,
        capacity.CARD,
        freshness.CARD,
        jumps.CARD,
    )
}


def cards_of(frame: Frame) -> list[Card]:
    """Those that make sense for the place and year; of a facility first what it can mend."""
    found = [card for card in CARDS.values() if card.fits(frame)]
    return sorted(found, key=lambda card: card is not freshness.CARD) if frame.is_facility else found


def shown(card: Card, frame: Frame, *, short: bool = False) -> Shown:
    return Shown(card, frame, card.build(frame), short)


__all__ = ["CARDS", "Card", "Frame", "Shown", "cards_of", "shown"]
