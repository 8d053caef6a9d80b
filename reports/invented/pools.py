"""Sets of answers with their scores: a few of each kind are made and scored, then drawn from again."""

from collections.abc import Callable, Hashable
from random import Random

from assessments.instruments import scoring
from assessments.instruments.framework import Instrument

SIZE = 12


class Pool:
    """Of one instrument. Scoring takes a millisecond: hundreds of clients would wait for it."""

    def __init__(self, instrument: Instrument):
        self._instrument = instrument
        self._made: dict[Hashable, list[tuple[dict, scoring.Result]]] = {}

    def draw(self, random: Random, kind: Hashable, make: Callable[[], dict]) -> tuple[dict, scoring.Result]:
        """Answers and what the instrument makes of them; `make` gives answers of this kind."""
        made = self._made.setdefault(kind, [])
        if len(made) < SIZE:
            answers = make()
            made.append((answers, scoring.score(self._instrument, answers)))
            return made[-1]
        return random.choice(made)
