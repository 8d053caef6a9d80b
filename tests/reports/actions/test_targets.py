from datetime import date
from decimal import Decimal

import pytest

from rehab.errors import Refused
from rehab.models import AuditEvent
from rehab.roles import Role
from reports.actions import targets
from reports.enums import FigureScope
from reports.models import Target
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def ntt():
    return factories.unit("BNNP-53")


def revise(unit, by=None, **fields):
    values = {
        "indicator": "clients_rehabilitated",
        "year": 2026,
        "scope": FigureScope.OWN,
        "value": Decimal(60),
        "in_force_on": date(2026, 1, 1),
        "reason": "DIPA",
    }
    return targets.revise(by=by, unit=unit, **(values | fields))


def test_a_target_is_set_and_then_revised_with_its_history(ntt):
    staff = factories.user(Role.UNIT_STAFF, ntt)
    revise(ntt, staff, reason="")
    second = revise(ntt, staff, value=Decimal(66), in_force_on=date(2026, 7, 1), reason="Revisi DIPA")
    target = Target.objects.get()
    assert [revision.value for revision in target.revisions.all()] == [60, 66]
    assert (second.made_by, second.reason) == (staff, "Revisi DIPA")
    event = AuditEvent.objects.filter(verb="target.revised").order_by("-id").first()
    assert (event.actor_id, event.place, event.reason) == (staff.pk, "BNNP-53", "Revisi DIPA")


def test_months_add_up_to_the_target(ntt):
    revision = revise(ntt, months=[Decimal(5)] * 12)
    assert len(revision.months) == 12


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"indicator": "klien"}, "indicator"),
        ({"value": Decimal(-1)}, "value"),
        ({"value": Decimal(10) ** 12}, "value"),
        ({"in_force_on": date(2027, 1, 1)}, "in_force_on"),
        ({"months": [Decimal(5)] * 11 + [Decimal(4)]}, "months"),
        ({"months": [Decimal(5)] * 11}, "months"),
        ({"months": [Decimal(-5), Decimal(15), *[Decimal(5)] * 10]}, "months"),
        ({"indicator": "ikm", "value": Decimal(36), "months": [Decimal(3)] * 12}, "months"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(ntt, wrong, field):
    with pytest.raises(Refused) as refused:
        revise(ntt, **wrong)
    assert refused.value.field == field
    assert not Target.objects.exists()


def test_a_revision_says_why(ntt):
    revise(ntt)
    with pytest.raises(Refused) as refused:
        revise(ntt, reason=" ")
    assert refused.value.field == "reason"
