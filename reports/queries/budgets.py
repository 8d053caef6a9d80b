"""Ceilings in force and what was spent of them, by the output they pay for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum

from facilities.models import Unit
from rehab.numbers import achievement
from reports.enums import Half
from reports.models import Budget, BudgetRevision, Spending

RUPIAH = DecimalField(max_digits=20, decimal_places=0)


@dataclass(frozen=True)
class Money:
    """Whole rupiah; None where nothing is known: no ceiling in force, nothing recorded as spent."""

    ceiling: Decimal | None = None
    spent: Decimal | None = None

    @property
    def absorption(self) -> Decimal | None:
        """Spent as percent of the ceiling, two decimals, half up; None without a ceiling or without spending."""
        return achievement(self.spent, self.ceiling)

    def __add__(self, other: "Money") -> "Money":
        return Money(_sum(self.ceiling, other.ceiling), _sum(self.spent, other.spent))


def by_indicator(unit: Unit, year: int, on: date, units: Iterable[int] | None = None) -> dict[str, Money]:
    """What the budgets of the unit itself, or of `units` together, say on that day of each output they pay for. One query.

    The ceiling is the whole year's, by the revision in force on that day. Activities that pay for no output of their own
    are not in it; `whole` has them too.
    """
    found = _known(unit, year, on, units).exclude(indicator="").values("indicator")
    sums = found.annotate(ceilings=Sum("ceiling"), spendings=Sum("spent")).order_by("indicator")
    return {row["indicator"]: Money(row["ceilings"], row["spendings"]) for row in sums}


def whole(unit: Unit, year: int, on: date, units: Iterable[int] | None = None) -> Money:
    """As `by_indicator`, every activity together. One query."""
    found = _known(unit, year, on, units).aggregate(ceilings=Sum("ceiling"), spendings=Sum("spent"))
    return Money(found["ceilings"], found["spendings"])


def _known(unit: Unit, year: int, on: date, units: Iterable[int] | None) -> QuerySet[Budget]:
    budgets = Budget.objects.filter(unit__in=[unit.pk] if units is None else list(units), year=year)
    in_force = BudgetRevision.objects.filter(budget=OuterRef("pk"), in_force_on__lte=on).order_by("-in_force_on", "-pk")
    ceiling = in_force.annotate(both=F("first_half") + F("second_half")).values("both")[:1]
    spent = Spending.objects.filter(known_by(year, on), budget=OuterRef("pk")).order_by().values("budget")
    return budgets.annotate(
        ceiling=Subquery(ceiling, output_field=RUPIAH),
        spent=Subquery(spent.annotate(total=Sum("amount")).values("total"), output_field=RUPIAH),
    )


def known_by(year: int, on: date) -> Q:
    """Spending that a day may tell of: known by then, or of a semester that was over by then, whenever it became known."""
    over = [half for half, last in ((Half.FIRST, date(year, 6, 30)), (Half.SECOND, date(year, 12, 31))) if last <= on]
    return Q(as_of__lte=on) | Q(half__in=over)


def _sum(first: Decimal | None, second: Decimal | None) -> Decimal | None:
    return second if first is None else first if second is None else first + second
