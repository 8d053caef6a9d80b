"""Ceilings in force and what was spent of them, by the output they pay for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import DecimalField, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum

from facilities.models import Unit
from rehab.numbers import achievement
from reports.enums import Half
from reports.models import Budget, BudgetRevision, Spending
from reports.queries.tree import Node, Units

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
    sums = found.annotate(ceiling_sum=Sum("ceiling"), spent_sum=Sum("spent")).order_by("indicator")
    return {row["indicator"]: Money(row["ceiling_sum"], row["spent_sum"]) for row in sums}


def whole(unit: Unit, year: int, on: date, units: Iterable[int] | None = None) -> Money:
    """As `by_indicator`, every activity together. One query."""
    found = _known(unit, year, on, units).aggregate(ceiling_sum=Sum("ceiling"), spent_sum=Sum("spent"))
    return Money(found["ceiling_sum"], found["spent_sum"])


def _known(unit: Unit, year: int, on: date, units: Iterable[int] | None) -> QuerySet[Budget]:
    return _budgets([unit.pk] if units is None else units, year, on)


def _budgets(units: Iterable[int], year: int, on: date) -> QuerySet[Budget]:
    budgets = Budget.objects.filter(unit__in=list(units), year=year)
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


@dataclass(frozen=True)
class Spent:
    """What is recorded for one semester, and the version of that record."""

    amount: Decimal
    as_of: date
    edit: int


@dataclass(frozen=True)
class Activity:
    """One activity with its ceilings by semester: those in force on the day asked for, or those that come into force last.

    `revision` is the newest of all, by which a later change is noticed; `since` is when these ceilings came into force.
    """

    id: int
    code: str
    name: str
    indicator: str
    ceilings: tuple[Decimal, Decimal] | None
    since: date | None
    revision: int | None
    spendings: dict[int, Spent]

    @property
    def money(self) -> Money:
        amounts = [each.amount for each in self.spendings.values()]
        return Money(
            sum(self.ceilings, Decimal(0)) if self.ceilings else None, sum(amounts, Decimal(0)) if amounts else None
        )

    def spent(self, half: int) -> Decimal | None:
        return self.spendings[half].amount if half in self.spendings else None

    @property
    def first(self) -> Money:
        return Money(self.ceilings[0] if self.ceilings else None, self.spent(Half.FIRST))

    @property
    def second(self) -> Money:
        return Money(self.ceilings[1] if self.ceilings else None, self.spent(Half.SECOND))

    @property
    def as_of(self) -> date | None:
        return max((each.as_of for each in self.spendings.values()), default=None)


def activities(unit: Unit, year: int, on: date | None = None) -> list[Activity]:
    """The unit's own activities by code; `on` limits ceilings and spending to what that day may tell (None: the latest of all).
    Three queries."""
    revisions = BudgetRevision.objects.order_by("in_force_on", "pk")
    spendings = Spending.objects.all() if on is None else Spending.objects.filter(known_by(year, on))
    found = Budget.objects.filter(unit=unit, year=year).order_by("code", "pk")
    found = found.prefetch_related(Prefetch("revisions", revisions), Prefetch("spendings", spendings))
    return [_activity(budget, on) for budget in found]


def _activity(budget: Budget, on: date | None) -> Activity:
    every = list(budget.revisions.all())
    held = [revision for revision in every if on is None or revision.in_force_on <= on]
    last = held[-1] if held else None
    return Activity(
        budget.pk, budget.code, budget.activity, budget.indicator,
        ceilings=(last.first_half, last.second_half) if last else None,
        since=last.in_force_on if last else None,
        revision=max((revision.pk for revision in every), default=None),
        spendings={each.half: Spent(each.amount, each.as_of, each.edit) for each in budget.spendings.all()},
    )  # fmt: skip


def by_unit(units: Iterable[int], year: int, on: date) -> dict[int, Money]:
    """The money of each unit, every activity together. One query."""
    found = _budgets(units, year, on).values("unit_id")
    sums = found.annotate(ceiling_sum=Sum("ceiling"), spent_sum=Sum("spent")).order_by("unit_id")
    return {row["unit_id"]: Money(row["ceiling_sum"], row["spent_sum"]) for row in sums}


@dataclass(frozen=True)
class PartMoney:
    """A unit directly below with all beneath it, or the unit itself (`is_self`) with what it spends itself."""

    node: Node
    is_self: bool
    money: Money


def below(unit: Unit, year: int) -> list[PartMoney]:
    """The unit itself and each unit directly below with all beneath it, by the tree of the year's last day. Two queries."""
    last = date(year, 12, 31)
    today = unit.local_date()
    tree = Units().on(last)
    if unit.pk not in tree:
        return []
    parts = tree.parts(unit.pk)
    sums: dict[int, Money] = {}
    for pk, money in by_unit(parts, year, today if today.year == year else last).items():
        sums[parts[pk]] = sums.get(parts[pk], Money()) + money
    nodes = [tree.node(unit.pk), *tree.children(unit.pk)]
    found = [PartMoney(node, node.id == unit.pk, sums.get(node.id, Money())) for node in nodes]
    return [part for part in found if part.is_self or part.node.exists or part.money != Money()]
