"""One treatment whose client fell out of touch: the facts, the letters of this silence, and what may be done next."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from clients.enums import LetterLevel
from clients.models import DropOutDelay, Treatment, WarningLetter
from clients.queries.sessions import COMES_AND_GOES, Limits, limits, under_way
from rehab import tunables

if TYPE_CHECKING:
    from clients.queries.sessions import TreatmentUnderWay

LETTER_GAP, LETTER_DAYS, LONGEST_DELAY = (
    "clients.letter_gap_days",
    "clients.letter_days_to_come",
    "clients.drop_out_delay_days",
)


@dataclass(frozen=True)
class Silence:
    """`letters` are all of the treatment, the latest first; `series` those written since the last contact, in their order.

    `next_level` is the letter that comes next, None after the third; `next_from` the day from which it may be written.
    `delay` is the decision that keeps the proposal silent. `row` has contact and misses.
    """

    row: "TreatmentUnderWay"
    on: date
    limits: Limits
    letters: tuple[WarningLetter, ...]
    next_level: LetterLevel | None
    next_from: date | None
    delays: tuple[DropOutDelay, ...]
    longest_until: date

    @property
    def days(self) -> int:
        return (self.on - self.row.contact_on).days

    @property
    def series(self) -> list[WarningLetter]:
        return series(self.letters, self.row.contact_on)

    @property
    def delay(self) -> DropOutDelay | None:
        held = [each for each in self.delays if each.silent_until > self.on]
        return max(held, key=lambda each: each.silent_until, default=None)

    @property
    def is_quiet(self) -> bool:
        """Whether there is anything to write about: a session missed without a word, or a long silence."""
        return self.row.missed > 0 or (self.row.setting_now in COMES_AND_GOES and self.days >= self.limits.days)

    @property
    def is_proposed(self) -> bool:
        return self.limits.is_silent(self.row, self.on)

    @property
    def may_write(self) -> bool:
        return (
            self.is_quiet and self.next_level is not None and self.next_from is not None and self.next_from <= self.on
        )


def silence_of(treatment: Treatment) -> Silence | None:
    """None for a treatment that is not under way. Four queries."""
    on = treatment.facility.local_date()
    row = under_way([treatment.facility_id], on).filter(pk=treatment.pk).first()
    if row is None:
        return None
    values = tunables.values(LETTER_GAP, LONGEST_DELAY)
    letters = tuple(treatment.letters.select_related("issued_by", "facility"))
    level, since = next_letter(series(letters, row.contact_on), on, values[LETTER_GAP])
    delays = tuple(treatment.drop_out_delays.select_related("decided_by"))
    return Silence(row, on, limits(), letters, level, since, delays, on + timedelta(days=values[LONGEST_DELAY]))


def series(letters: tuple[WarningLetter, ...], contact_on: date) -> list[WarningLetter]:
    """Who was in touch meanwhile is warned anew, from the first letter on."""
    return sorted((each for each in letters if each.issued_on > contact_on), key=lambda each: each.level)


def next_letter(written: list[WarningLetter], on: date, gap: int) -> tuple[LetterLevel | None, date | None]:
    """The level that comes next and the first day on which it may be written."""
    if not written:
        return LetterLevel.FIRST, on
    last = written[-1]
    if last.level == LetterLevel.THIRD:
        return None, None
    return LetterLevel(last.level + 1), last.issued_on + timedelta(days=gap)
