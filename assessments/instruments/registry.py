"""Every instrument by its key."""

from assessments.instruments.assist import ASSIST
from assessments.instruments.framework import Instrument

INSTRUMENTS = {instrument.key: instrument for instrument in (ASSIST,)}


def get(key: str) -> Instrument:
    """Raises KeyError for a key that no instrument has."""
    return INSTRUMENTS[key]


def all() -> tuple[Instrument, ...]:
    return tuple(INSTRUMENTS.values())
