"""A declared column: its heading, its kind, and how a cell becomes a value or a sentence about what is wrong."""

import difflib
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from rehab.numbers import parse_number
from rehab.tabular.reading import Cell

YES = {"ya", "y", "yes", "true", "1", "benar"}
NO = {"tidak", "t", "n", "no", "false", "0", "salah"}
LONGEST_NUMBER = 40
DATE_FORMATS = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y")


class Kind(StrEnum):
    """What a cell becomes: `str`, `int`, `Decimal`, `date`, `bool`, the value that a choice stands for; CELL leaves it."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CELL = "cell"


@dataclass(frozen=True)
class Column:
    """`required`: the cell must be filled. `needed`: the column itself must be in the file (as every required one must).

    `choices` maps what may be written (compared without case) to the value, and is named to the person when nothing fits.
    `convert` takes the value so far and gives the final one, or raises `ValueError` or `ValidationError` with a sentence.
    An empty cell becomes None (a text: "") and is not converted.
    """

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    needed: bool = False
    choices: Mapping[str, Any] = field(default_factory=dict)
    convert: Callable[[Any], Any] | None = None
    aliases: tuple[str, ...] = ()
    max_length: int | None = None

    @property
    def must_exist(self) -> bool:
        return self.required or self.needed

    @property
    def headings(self) -> tuple[str, ...]:
        """Everything that this column may be called in a file, normalised."""
        return tuple(normalised(name) for name in (self.name, *self.aliases))

    def value(self, cell: Cell) -> Any:
        """The cell's value; raises `ValueError` or `ValidationError` with the sentence to show."""
        if cell is None or (isinstance(cell, str) and not cell.strip()):
            if self.required:
                raise ValueError(_("must be filled."))
            return "" if self.kind is Kind.TEXT else None
        value = _CONVERTERS[self.kind](self, cell)
        if self.max_length is not None and isinstance(value, str) and len(value) > self.max_length:
            raise ValueError(_("is longer than %(limit)s letters.") % {"limit": self.max_length})
        return self.convert(value) if self.convert else value

    def blank(self) -> Any:
        """What stands for this column when the file does not have it."""
        return "" if self.kind is Kind.TEXT else None


def normalised(heading: str) -> str:
    """`Unit code`, `unit-code` and `UNIT_CODE` are one heading."""
    return "_".join(heading.casefold().replace("-", " ").replace("_", " ").split())


def nearest(word: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Up to `most` of the known words that look like this one, the nearest first, spelled as they are known."""
    spelled = {name.casefold(): name for name in known}
    return [spelled[found] for found in difflib.get_close_matches(word.casefold(), spelled, n=most, cutoff=0.5)]


def unknown(word: str, known: Iterable[str]) -> str:
    """The sentence for a word that is not among the known, with the nearest of them."""
    known = list(known)
    if near := nearest(word, known):
        return _("“%(word)s” is not known. Nearest: %(near)s.") % {"word": word, "near": ", ".join(near)}
    if len(known) <= 12:
        return _("“%(word)s” is not known. Possible: %(known)s.") % {"word": word, "known": ", ".join(known)}
    return _("“%(word)s” is not known.") % {"word": word}


def text_of(cell: Cell) -> str:
    """A cell as text: a whole number of a sheet without its `.0`, a date as year-month-day."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if not (cell.hour or cell.minute or cell.second) else cell.isoformat(" ")
    return "" if cell is None else str(cell).strip()


def _text(column: Column, cell: Cell) -> str:
    text = text_of(cell)
    if "\x00" in text:
        raise ValueError(_("holds a character that cannot be kept."))
    return text


def _number(column: Column, cell: Cell) -> Decimal:
    if isinstance(cell, str | int | float) and len(str(cell)) <= LONGEST_NUMBER:
        with suppress(ValueError):
            return parse_number(cell)
    raise ValueError(_("“%(word)s” is not a number.") % {"word": text_of(cell)})


def _integer(column: Column, cell: Cell) -> int:
    number = _number(column, cell)
    if number != number.to_integral_value():
        raise ValueError(_("“%(word)s” is not a whole number.") % {"word": text_of(cell)})
    return int(number)


def _date(column: Column, cell: Cell) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = text_of(cell)
    for form in DATE_FORMATS:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise ValueError(_("“%(word)s” is not a date; write it as 31-12-2026.") % {"word": text})


def _yes_no(column: Column, cell: Cell) -> bool:
    word = text_of(cell).casefold()
    if word in YES or word in NO:
        return word in YES
    raise ValueError(_("“%(word)s” is neither yes (ya) nor no (tidak).") % {"word": text_of(cell)})


def _cell(column: Column, cell: Cell) -> Cell:
    return cell


def _choice(column: Column, cell: Cell) -> Any:
    word = text_of(cell)
    known = {name.casefold(): value for name, value in column.choices.items()}
    if word.casefold() not in known:
        raise ValueError(unknown(word, column.choices))
    return known[word.casefold()]


_CONVERTERS: Mapping[Kind, Callable[[Column, Cell], Any]] = {
    Kind.TEXT: _text,
    Kind.INTEGER: _integer,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.YES_NO: _yes_no,
    Kind.CHOICE: _choice,
    Kind.CELL: _cell,
}


def sentence(error: Exception) -> str:
    """What a conversion complained about, in one line."""
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
