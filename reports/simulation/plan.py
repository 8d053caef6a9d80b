"""What is to be simulated."""

from dataclasses import dataclass
from datetime import date

# Clients come in chunks of this many episodes, each with a random stream of its own: the data is the same
# however many processes make it.
CHUNK = 5_000


@dataclass(frozen=True)
class Plan:
    """`sessions`: at most so many for a treatment. `facilities`: how many the register of the nation holds. `busy`: about so
    many open clients at one clinic, to which the people of the last weeks come."""

    episodes: int
    years: int
    seed: int
    today: date
    sessions: int = 3
    facilities: int = 600
    busy: int = 0

    @property
    def since(self) -> date:
        """The first of the years, the present one being the last of them."""
        return date(self.today.year - self.years + 1, 1, 1)

    @property
    def chunks(self) -> list[int]:
        """How many episodes each chunk has."""
        whole, rest = divmod(self.episodes, CHUNK)
        return [CHUNK] * whole + ([rest] if rest else [])
