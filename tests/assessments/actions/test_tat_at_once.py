"""Two people decide on one TAT case at the same moment: one is first, the other is told."""

import threading

import pytest
from django.db import connection

from assessments.actions import tat_outcome
from assessments.enums import TatStatus
from assessments.models import TatPlacement
from clients.models import Episode
from rehab.errors import Refused
from tests import factories
from tests.assessments.tat_makers import Team

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 20


def at_once(*acts) -> list[object]:
    """Each act in a thread with a connection of its own; what it gave, or the refusal."""
    answers: list[object] = [None] * len(acts)
    gate = threading.Barrier(len(acts), timeout=PATIENCE)

    def run(number: int) -> None:
        try:
            gate.wait()
            answers[number] = acts[number]()
        except Refused as refusal:
            answers[number] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[number], daemon=True) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return answers


def test_an_order_and_no_order_at_once_leave_one_of_them():
    team = Team()
    case, place = team.case(TatStatus.RESULT), factories.facility(of=team.unit)
    facts = {"decided_on": team.today, "ordered_by": "Jaksa", "reason": "Lanjut pidana"}
    answers = at_once(
        lambda: tat_outcome.order_placement(by=team.sri, case=case, order=team.order(place)),
        lambda: tat_outcome.not_ordered(by=team.sri, case=case, **facts),
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Refused", "TatPlacement"]
    placement = TatPlacement.objects.get()
    assert Episode.objects.filter(client=case.client).count() == int(placement.ordered)
