"""Early warning: which targets are behind, need attention, or are passed by far, and what it would take to reach them."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from facilities.models import Unit
from rehab import periods, tunables
from rehab.numbers import achievement, round_half_up
from reports.enums import FigureScope
from reports.indicators import REGISTRY, Indicator, Rules
from reports.queries.counting import Reach
from reports.queries.figures import FORECAST_FROM_MONTH
from reports.queries.reported import reported_figures
from reports.queries.rules import ATTENTION, REACHED
from reports.queries.tally import Count, Tally, tally
from reports.queries.targets import TargetInForce, expected, targets_in_force
from reports.queries.tree import Node, Tree, Units

OVER_FROM = "figures.over_from"
# Where less than this was expected by now, a day more or less decides: nothing is said.
LEAST_EXPECTED = Decimal(1)
TENTH = Decimal("0.1")


class AlertKind(TextChoices):
    """The values are the tones of the page."""

    BEHIND = "danger", _("behind")
    ATTENTION = "attention", _("needs attention")
    OVER = "action", _("far above")


@dataclass(frozen=True)
class AlertRules:
    """In percent of what was expected by now."""

    reached_from: Decimal
    attention_from: Decimal
    over_from: Decimal


@dataclass(frozen=True)
class Alert:
    """One target of one unit. `share` is in percent of the expectation; `per_month` is what each month that is left has to bring."""

    node: Node
    indicator: Indicator
    target: TargetInForce
    realised: Decimal | int
    expected: Decimal
    share: Decimal
    kind: AlertKind
    forecast: Decimal | None = None
    per_month: Decimal | None = None

    @property
    def expected_shown(self) -> Decimal:
        return round_half_up(self.expected, 1)

    @property
    def missing(self) -> Decimal | None:
        """Up to the year's target; None where it is reached, or where a percentage or a state cannot be worked off by months."""
        left = self.target.value - self.realised
        return left if self.indicator.adds_up and left > 0 else None


@dataclass(frozen=True)
class Alerts:
    """`own` are those of the unit itself, `below` those of the units below it, the worst first."""

    as_of: date
    running: bool
    begun: bool
    rules: AlertRules
    own: tuple[Alert, ...]
    below: tuple[Alert, ...]


def alerts(unit: Unit, year: int, *, today: date | None = None, units: Units | None = None) -> Alerts:
    """Every target in force, of the unit and all units below, that stands out from what was expected by today. At most five
    queries, whatever the number of units; nothing is counted before the year has begun."""
    period, day = periods.year(year), today or unit.local_date()
    as_of = min(day, period.last_day)
    tree = (units or Units()).on(period.last_day)
    rules, cut = _rules(), period.up_to(day)
    under = tree.under(unit.pk) if unit.pk in tree else set()
    targets = targets_in_force(under, year, as_of) if cut else {}
    aimed = [each for each in REGISTRY.values() if each.is_counted and any(key == each.key for _unit, key in targets)]
    counted = tally(aimed, cut, Reach({each: each for each in under}), Rules()) if cut and aimed else Tally()
    published = reported_figures(under, year, None if as_of == period.last_day else as_of) if aimed else {}
    months = [each.start for each in cut.months()] if cut else []
    work = _Work(tree, counted, months, as_of, day > period.last_day, rules)
    found = [
        alert
        for (pk, key), target in targets.items()
        if REGISTRY[key].is_counted and (alert := work.alert(pk, REGISTRY[key], target, (pk, key) in published))
    ]
    found.sort(key=lambda alert: (_ORDER[alert.kind], alert.share, alert.node.code))
    own = tuple(alert for alert in found if alert.node.id == unit.pk)
    below = tuple(alert for alert in found if alert.node.id != unit.pk)
    return Alerts(as_of, as_of < period.last_day, cut is not None, rules, own, below)


_ORDER = {AlertKind.BEHIND: 0, AlertKind.ATTENTION: 1, AlertKind.OVER: 2}


def _rules() -> AlertRules:
    found = tunables.values(REACHED, ATTENTION, OVER_FROM)
    return AlertRules(*(Decimal(str(found[key])) for key in (REACHED, ATTENTION, OVER_FROM)))


@dataclass(frozen=True)
class _Work:
    tree: Tree
    counted: Tally
    months: list[date]
    as_of: date
    is_over: bool
    rules: AlertRules

    def alert(self, unit: int, indicator: Indicator, target: TargetInForce, is_published: bool) -> Alert | None:
        """None where it stands as expected, or where nothing is known."""
        node = self.tree.node(unit)
        count = self._count(unit, indicator, target.scope)
        value = indicator.value(count.members, count.hits) if count.members or self._active(node) else None
        due = expected(indicator, target, date(target.year, 1, 1), self.as_of)
        # A counted zero gives way to a figure that was published elsewhere.
        if value is None or due is None or (is_published and not count.members):
            return None
        share = achievement(value, due, indicator.lower_is_better)
        if share is None or not self._enough(indicator, due):
            return None
        kind = self._kind(share)
        if kind is None:
            return None
        found = Alert(node, indicator, target, value, due, share, kind, self._forecast(indicator, value, due, target))
        if found.missing is None or self.is_over:
            return found
        return Alert(
            node, indicator, target, value, due, share, kind, found.forecast, per_month(found.missing, self.as_of)
        )

    def _count(self, unit: int, indicator: Indicator, scope: FigureScope) -> Count:
        places: Iterable[int] = [unit] if scope is FigureScope.OWN else self.tree.under(unit)
        return self.counted.of(indicator, self.months, places)

    def _active(self, node: Node) -> bool:
        return node.activated_on is not None and node.activated_on <= self.as_of

    def _kind(self, share: Decimal) -> AlertKind | None:
        if share < self.rules.attention_from:
            return AlertKind.BEHIND
        if share < self.rules.reached_from:
            return AlertKind.ATTENTION
        return AlertKind.OVER if share > self.rules.over_from else None

    def _enough(self, indicator: Indicator, due: Decimal) -> bool:
        return due >= LEAST_EXPECTED if indicator.adds_up else due > 0

    def _forecast(
        self, indicator: Indicator, value: Decimal | int, due: Decimal, target: TargetInForce
    ) -> Decimal | None:
        running = self.as_of < date(target.year, 12, 31)
        if not (running and indicator.adds_up and self.as_of.month >= FORECAST_FROM_MONTH):
            return None
        return value / due * target.value


def per_month(missing: Decimal, day: date) -> Decimal | None:
    """What each month after `day` has to bring, to one decimal and rounded up; the rest of the current month counts by its
    days. None on the year's last day."""
    length = monthrange(day.year, day.month)[1]
    left = Decimal(12 - day.month) + Decimal(length - day.day) / length
    return (missing / left).quantize(TENTH, ROUND_CEILING) if left else None
