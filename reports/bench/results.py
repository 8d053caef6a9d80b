"""One measured figure beside its floor and its budget, and the table of them."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from rehab.numbers import format_number


@dataclass(frozen=True)
class Result:
    """`figure` and `floor` in `measure`; the budget holds for their ratio where there is a floor, else for the figure."""

    part: str
    name: str
    figure: float
    measure: str = "ms"
    floor: float | None = None
    floor_name: str = ""
    budget: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def ratio(self) -> float | None:
        return self.figure / self.floor if self.floor else None

    @property
    def met(self) -> bool | None:
        """None where no budget is named."""
        if self.budget is None:
            return None
        value = self.figure if self.ratio is None else self.ratio
        return value >= self.budget if self.at_least else value <= self.budget

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"ratio": self.ratio, "met": self.met}


def lines(results: Iterable[Result]) -> Iterator[str]:
    """The table, a heading before each part."""
    part = ""
    for each in results:
        if each.part != part:
            part = each.part
            yield f"\n{part:<52}{'figure':>12} {'':<7}{'floor':>10}{'× floor':>10}{'budget':>10}"
        yield line(each)


def line(each: Result) -> str:
    sign = "" if each.budget is None else ("≥ " if each.at_least else "≤ ")
    budget = "" if each.budget is None else sign + _short(each.budget)
    floor = "" if each.floor is None else _short(each.floor)
    ratio = "" if each.ratio is None else format_number(each.ratio, 2)
    word = {None: "", True: "met", False: "MISSED"}[each.met]
    told = f"  {each.note}" if each.note else ""
    return f"{each.name:<52}{_short(each.figure):>12} {each.measure:<7}{floor:>10}{ratio:>10}{budget:>10}  {word}{told}"


def _short(number: float) -> str:
    return format_number(number, 0 if number >= 1000 else 1 if number >= 10 else 2)
