"""Targets with their revisions, and budgets with what was spent: set after the fact, so that some units are ahead and some behind."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from random import Random

from django.db.models import Count

from facilities.models import Unit
from rehab import periods
from reports.enums import FigureScope, Half
from reports.indicators import COUNTED, Indicator
from reports.indicators.definition import UNIT
from reports.models import Budget, BudgetRevision, Spending, Target, TargetRevision
from reports.simulation.plan import Plan
from reports.simulation.seasons import split

PERCENT = (45, 50, 50, 55, 60)
INDEX = (Decimal("3.2"), Decimal("3.3"), Decimal("3.4"))
REVISED, MONTHLY = 0.3, 0.85
# Rupiah for one of what is reached, with the code and name of the activity that is paid for.
ACTIVITIES = (
    ("SIM.3259.01", "Layanan rehabilitasi (rekaan)", "clients_rehabilitated", 2_500_000),
    ("SIM.3259.02", "Layanan pascarehabilitasi (rekaan)", "aftercare_clients", 1_200_000),
    ("SIM.3259.03", "Asesmen terpadu (rekaan)", "tat_clients", 1_800_000),
    ("SIM.3259.04", "Penguatan lembaga rehabilitasi (rekaan)", "institutions_strengthened", 6_000_000),
    ("SIM.3259.05", "Dukungan manajemen (rekaan)", "", 90_000_000),
)
Values = dict[tuple[int, str], int | Decimal]


def build(plan: Plan) -> None:
    """For every unit, year and counted indicator; whatever is there already stays."""
    random = Random(f"{plan.seed}:goals")
    units = list(Unit.objects.order_by("code"))
    there = set(Target.objects.values_list("unit_id", "indicator", "year"))
    funded = set(Budget.objects.values_list("unit_id", "year", "code"))
    for year in range(plan.since.year, plan.today.year + 1):
        existing = [unit for unit in units if unit.starts_on <= date(year, 6, 30)]
        values = _values(random, plan, year, existing)
        _targets(random, plan, year, existing, values, there)
        _budgets(random, plan, year, existing, values, funded)


def _values(random: Random, plan: Plan, year: int, units: list[Unit]) -> Values:
    """What each unit was to reach by itself: what it did reach, more or less. The nation's is what all are to reach."""
    last = min(date(year, 12, 31), plan.today)
    passed = last.timetuple().tm_yday / 365
    values: Values = {}
    for indicator in COUNTED:
        reached = _reached(indicator, year)
        for unit in units:
            if indicator.is_fraction:
                asked: Sequence[int | Decimal] = INDEX if indicator.mean else PERCENT
                values[unit.pk, indicator.key] = random.choice(asked)
                continue
            whole = reached[unit.pk] if indicator.is_state else reached[unit.pk] / passed
            values[unit.pk, indicator.key] = max(
                0 if indicator.is_state else 1, round(whole * random.uniform(0.8, 1.35))
            )
    return values


def _reached(indicator: Indicator, year: int) -> dict[int, int]:
    """Members of the year by unit."""
    rows = indicator.members(None, periods.year(year)).values(UNIT).annotate(members=Count("pk")).order_by()
    return defaultdict(int, {row[UNIT]: row["members"] for row in rows})


def _targets(random: Random, plan: Plan, year: int, units: list[Unit], values: Values, there: set) -> None:
    targets: list[Target] = []
    revisions: list[TargetRevision] = []
    for unit in units:
        for indicator in COUNTED:
            if (unit.pk, indicator.key, year) in there:
                continue
            nation = unit.parent_id is None
            value = values[unit.pk, indicator.key]
            if nation and not indicator.is_fraction:
                value = sum(values[each.pk, indicator.key] for each in units)
            scope = FigureScope.TREE if nation else FigureScope.OWN
            target = Target(unit=unit, indicator=indicator.key, year=year, scope=scope)
            targets.append(target)
            revisions += _revisions(random, plan, target, value, indicator)
    Target.objects.bulk_create(targets, batch_size=1000)
    for revision in revisions:
        revision.target = revision.target  # it knows its key by now
    TargetRevision.objects.bulk_create(revisions, batch_size=1000)


def _revisions(
    random: Random, plan: Plan, target: Target, value: int | Decimal, indicator: Indicator
) -> Iterator[TargetRevision]:
    """In force from January; three of ten are revised in the second half, but no index."""
    monthly = indicator.adds_up and random.random() < MONTHLY

    def revision(value: int | Decimal, day: date, reason: str) -> TargetRevision:
        months = [Decimal(part) for part in split(int(value))] if monthly else []
        return TargetRevision(target=target, value=Decimal(value), months=months, in_force_on=day, reason=reason)

    yield revision(value, date(target.year, 1, 1), "Perjanjian kinerja (rekaan)")
    later = date(target.year, random.randrange(7, 11), 1)
    if not indicator.mean and random.random() < REVISED and later <= plan.today:
        changed = max(1, round(int(value) * random.uniform(0.85, 1.2)))
        yield revision(changed, later, "Revisi anggaran (rekaan)")


def _budgets(random: Random, plan: Plan, year: int, units: list[Unit], values: Values, funded: set) -> None:
    budgets: list[Budget] = []
    revisions: list[BudgetRevision] = []
    spendings: list[Spending] = []
    for unit in units:
        for code, activity, indicator, price in ACTIVITIES:
            if (unit.pk, year, code) in funded:
                continue
            budget = Budget(unit=unit, year=year, code=code, activity=activity, indicator=indicator)
            ceiling = values.get((unit.pk, indicator), 1) * price
            budgets.append(budget)
            ceilings = list(_ceilings(random, plan, budget, int(ceiling)))
            revisions += ceilings
            spendings += _spendings(random, plan, budget, ceilings[-1])
    Budget.objects.bulk_create(budgets, batch_size=1000)
    rows: list[BudgetRevision | Spending] = [*revisions, *spendings]
    for row in rows:
        row.budget = row.budget
    BudgetRevision.objects.bulk_create(revisions, batch_size=1000)
    Spending.objects.bulk_create(spendings, batch_size=1000)


def _ceilings(random: Random, plan: Plan, budget: Budget, ceiling: int) -> Iterator[BudgetRevision]:
    def revision(ceiling: int, day: date, reason: str) -> BudgetRevision:
        first = ceiling * 45 // 100_000 * 1000
        return BudgetRevision(
            budget=budget, first_half=first, second_half=ceiling - first, in_force_on=day, reason=reason
        )

    yield revision(ceiling, date(budget.year, 1, 1), "")
    later = date(budget.year, random.randrange(7, 11), 15)
    if random.random() < REVISED and later <= plan.today:
        yield revision(round(ceiling * random.uniform(0.8, 1.15)), later, "Revisi DIPA (rekaan)")


def _spendings(random: Random, plan: Plan, budget: Budget, ceiling: BudgetRevision) -> Iterator[Spending]:
    """A semester's spending is known by its end, that of the running one up to today; a few pass the ceiling."""
    for half, planned, starts, ends in (
        (Half.FIRST, ceiling.first_half, date(budget.year, 1, 1), date(budget.year, 6, 30)),
        (Half.SECOND, ceiling.second_half, date(budget.year, 7, 1), date(budget.year, 12, 31)),
    ):
        if starts > plan.today:
            return
        as_of = min(ends, plan.today)
        passed = ((as_of - starts).days + 1) / ((ends - starts).days + 1)
        amount = round(int(planned) * passed * random.uniform(0.75, 1.03))
        yield Spending(budget=budget, half=half, amount=amount, as_of=as_of)
