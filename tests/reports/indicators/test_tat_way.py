"""A TAT case that goes the whole way counts once, on the date of its letter, live and in the counts kept by month."""

from datetime import timedelta

import pytest

from assessments.actions import tat_outcome
from assessments.enums import TatStatus
from reports.models import CountCell, CountDelta
from tests import factories
from tests.assessments.tat_makers import Team

pytestmark = pytest.mark.django_db


def counted() -> list[tuple]:
    """(first of the month, unit, members) of what is kept for the indicator."""
    found: dict[tuple, int] = {}
    for model in (CountCell, CountDelta):
        rows = model.objects.filter(indicator="tat_clients").values_list("first", "unit_id", "members")
        for first, unit, members in rows:
            found[first, unit] = found.get((first, unit), 0) + members
    return [(*place, members) for place, members in found.items() if members]


def test_the_letter_counts_and_neither_the_steps_before_nor_the_order_after_do():
    team = Team()
    case = team.case(TatStatus.PLENARY, days_ago=40)
    assert counted() == []
    yesterday = team.today - timedelta(days=1)
    tat_outcome.hold_plenary(by=team.sri, case=case, minutes=team.minutes(case, held_on=yesterday), edit=1)
    tat_outcome.issue_letter(by=team.sri, case=case, letter=team.letter(dated=yesterday))
    once = [(yesterday.replace(day=1), team.unit.pk, 1)]
    assert counted() == once
    tat_outcome.order_placement(by=team.sri, case=case, order=team.order(factories.facility(of=team.unit)))
    assert counted() == once
