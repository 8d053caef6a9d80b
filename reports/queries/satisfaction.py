"""What the sheets of the satisfaction survey say together: each element, and each facility, where enough answered."""

from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from django.db.models import Avg, Count, QuerySet, Sum

from aftercare.enums import SurveyElement
from facilities.models import Facility, Unit
from rehab.numbers import round_half_up
from rehab.periods import Period
from reports.enums import FigureScope
from reports.indicators.definition import FACILITY, Mean
from reports.indicators.satisfaction import IKM, SCORE
from reports.queries.members import members
from reports.queries.rules import rules
from reports.suppression import suppressed


@dataclass(frozen=True)
class Level:
    """`value` and `answers` are None where fewer answered than keep them anonymous."""

    name: str
    value: Decimal | int | None
    answers: int | None


@dataclass(frozen=True)
class Satisfaction:
    """The index of a place in a period. `answers` is told always, even where it is too small for an index."""

    value: Decimal | int | None
    grade: str
    answers: int
    least: int
    elements: tuple[Level, ...]
    facilities: tuple[Level, ...]


def satisfaction(place: Unit | Facility, period: Period, scope: FigureScope | None = None) -> Satisfaction:
    """Five queries at most."""
    found = members(IKM, place, period, scope).order_by()
    asked = {"answers": Count("pk"), "total": Sum(SCORE)}
    asked |= {f"mean_{each}": Avg(each) for each in SurveyElement.values}
    asked |= {f"count_{each}": Count(each) for each in SurveyElement.values}
    told = found.aggregate(**asked)
    answers, total = told["answers"], told["total"] or 0
    least = cast(Mean, IKM.mean).least
    elements = tuple(
        Level(str(each.label), round_half_up(told[f"mean_{each}"], 2), told[f"count_{each}"])
        if told[f"count_{each}"] >= least
        else Level(str(each.label), None, None)
        for each in SurveyElement
    )
    return Satisfaction(
        IKM.value(answers, total), IKM.grade(answers, total, rules()), answers, least, elements if answers >= least else (),
        _facilities(found) if isinstance(place, Unit) else (),
    )  # fmt: skip


def _facilities(found: QuerySet) -> tuple[Level, ...]:
    """One that is hidden alone could be worked out from the rest: then the next smallest is hidden too."""
    rows = {
        pk: (answers, total) for pk, answers, total in found.values_list(FACILITY).annotate(Count("pk"), Sum(SCORE))
    }
    shown = suppressed({pk: answers for pk, (answers, _total) in rows.items()})
    names = dict(Facility.objects.filter(pk__in=rows).values_list("pk", "name"))
    levels = [
        Level(names[pk], IKM.value(*counts) if shown[pk] is not None else None, shown[pk])
        for pk, counts in rows.items()
    ]
    return tuple(sorted(levels, key=lambda level: level.name))
