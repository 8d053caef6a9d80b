"""Settings that stand for unverified facts."""

import pytest

from rehab import tunables
from rehab.errors import Refused
from rehab.models import AuditEvent, TunableValue
from tests import factories

pytestmark = pytest.mark.django_db
DAYS = tunables.Tunable("test.days", "Days", 6, least=1, most=30)


@pytest.fixture(autouse=True)
def declared():
    tunables.declare(DAYS)
    yield
    tunables._declared.pop(DAYS.key)


def test_the_default_holds_until_it_is_changed():
    assert tunables.value("test.days") == 6
    tunables.change(by=factories.user(), key="test.days", value=7, source_note="Peraturan contoh 1/2026")
    assert (tunables.value("test.days"), tunables.values("test.days")) == (7, {"test.days": 7})


def test_each_change_is_kept_with_its_source_and_recorded():
    user = factories.user()
    for value in (7, 8):
        tunables.change(by=user, key="test.days", value=value, source_note="contoh")
    assert list(TunableValue.objects.order_by("id").values_list("value", flat=True)) == [7, 8]
    assert AuditEvent.objects.filter(verb="tunable.changed", actor_id=user.pk).count() == 2


@pytest.mark.parametrize(("value", "note", "field"), [(7, " ", "source_note"), (0, "x", "value"), (31, "x", "value")])
def test_a_change_without_source_or_out_of_bounds_is_refused(value, note, field):
    with pytest.raises(Refused) as refusal:
        tunables.change(by=factories.user(), key="test.days", value=value, source_note=note)
    assert refusal.value.field == field
