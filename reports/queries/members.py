"""The rows behind a number."""

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from django.db.models import CharField, F, Q, QuerySet, Value

from clients.models import Treatment
from facilities.models import Facility, Unit
from rehab.periods import Period, month
from reports.enums import FigureScope
from reports.indicators import Indicator, Rules
from reports.indicators.definition import DEFAULT_RULES, FACILITY, ON, UNIT
from reports.queries.counting import Reach, uncounted
from reports.queries.figures import reach_of
from reports.queries.rules import rules as rules_in_force
from reports.queries.tree import Tree, Units, default_scope


class Choice(Protocol):
    """What a filter above a list of members says (reports.forms.members)."""

    @property
    def chosen_month(self) -> int | None: ...

    @property
    def breakdowns(self) -> Mapping[str, str]: ...

    def apply(self, found: QuerySet) -> QuerySet: ...


def members(
    indicator: Indicator,
    place: Unit | Facility,
    period: Period,
    scope: FigureScope | None = None,
    *,
    today: date | None = None,
    units: Units | None = None,
    rules: Rules | None = None,
) -> QuerySet:
    """The members of an indicator of a place, newest first, annotated `on`, `for_unit`, `at_facility`, its breakdowns,
    `member_code` and `person`; exactly those that `figures` counts."""
    scope = scope or (default_scope(place.kind) if isinstance(place, Unit) else FigureScope.OWN)
    # The tree and the settings are read only where they matter.
    tree = (units or Units()).on(period.last_day) if scope is FigureScope.TREE else Tree({})
    reach = reach_of(place, scope, tree)
    cut = period.up_to(today or place.local_date())
    found = indicator.members(None, cut or period, rules or (rules_in_force() if indicator.ratio else DEFAULT_RULES))
    found = reach.narrow(found) if cut and reach.counts(indicator) else found.none()
    return named(indicator, found).order_by(f"-{indicator.date_field}", "-pk")


def missing(
    indicator: Indicator, place: Unit | Facility, period: Period, scope: FigureScope, *, today: date | None = None
) -> int | None:
    """How many of the place's treatments lack what would make them members; None where the indicator does not ask."""
    cut = period.up_to(today or place.local_date())
    if indicator.missing is None or not cut:
        return None
    reach = reach_of(place, scope, Units().on(period.last_day) if scope is FigureScope.TREE else Tree({}))
    here = Q(facility=reach.facility) if reach.facility is not None else Q(unit__in=list(reach.parts))
    return indicator.missing(Treatment.objects.filter(here), cut)


def named(indicator: Indicator, found: QuerySet) -> QuerySet:
    """With the member's code and the person behind it, where it has them."""
    nothing = Value(None, output_field=CharField())
    return found.annotate(
        member_code=F(indicator.code_path) if indicator.code_path else nothing,
        person=F(indicator.person_path) if indicator.person_path else nothing,
    )


def filtered(indicator: Indicator, found: QuerySet, choice: Mapping[str, str]) -> QuerySet:
    """Only those with the chosen values of the indicator's breakdowns; what is not its breakdown is passed over."""
    wanted = {column: choice[column] for column in indicator.columns if column in choice}
    return found.filter(**wanted)


def chosen_members(
    indicator: Indicator, place: Unit | Facility, period: Period, scope: FigureScope, chosen: Choice
) -> tuple[Period, QuerySet]:
    """The members left by a filter, and the period that it leaves: the year, or one month of it."""
    if chosen.chosen_month:
        period = month(period.start.year, chosen.chosen_month)
    found = filtered(indicator, members(indicator, place, period, scope), chosen.breakdowns)
    return period, chosen.apply(found)


def uncounted_members(reach: Reach, period: Period) -> QuerySet:
    """Treatments started in the period that do not count yet, with their episode's two marks."""
    return reach.narrow(uncounted(period)).select_related("client", "facility", "episode")


__all__ = ["FACILITY", "ON", "UNIT", "chosen_members", "filtered", "members", "named", "uncounted_members"]
