from datetime import date, timedelta

import pytest

from facilities.actions import terms
from facilities.enums import Ownership
from facilities.queries import term_on
from rehab.errors import Refused
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(db):
    return factories.facility(of=factories.unit("BNNP-53"), opened_on=date(2015, 1, 1))


@pytest.fixture
def by(place):
    return factories.user(Role.UNIT_ADMIN, factories.unit("BNN"))


def values(place, **other):
    return terms.Values(**(vars(terms.Values.of(place)) | other))


def test_a_change_holds_from_its_day_and_leaves_the_past_alone(place, by):
    bali = factories.unit("BNNP-51")
    terms.change(by=by, facility=place, from_on=date(2020, 7, 1), values=values(place, unit=bali))

    assert [term_on(place.pk, day).unit.code for day in (date(2020, 6, 30), date(2020, 7, 1))] == ["BNNP-53", "BNNP-51"]
    place.refresh_from_db()
    assert (place.unit, place.version) == (bali, 2)


def test_a_change_never_reaches_before_the_term_that_holds(place, by):
    terms.change(by=by, facility=place, from_on=date(2020, 7, 1), values=values(place, offers_aftercare=True))

    with pytest.raises(Refused) as refusal:
        terms.change(by=by, facility=place, from_on=date(2020, 7, 1), values=values(place, is_operational=False))
    assert refusal.value.field == "from_on"


@pytest.mark.parametrize("day", [date(1899, 1, 1), date(9999, 12, 31)])
def test_a_change_on_an_unbelievable_day_is_refused(place, by, day):
    with pytest.raises(Refused):
        terms.change(by=by, facility=place, from_on=day, values=values(place, ownership=Ownership.COMMUNITY))


def test_a_change_waits_for_its_day(place, by):
    with pytest.raises(Refused):
        terms.change(
            by=by,
            facility=place,
            from_on=place.local_date() + timedelta(days=1),
            values=values(place, is_operational=False),
        )


def test_a_change_that_changes_nothing_is_refused(place, by):
    with pytest.raises(Refused):
        terms.change(by=by, facility=place, from_on=date(2020, 1, 1), values=values(place))


def test_a_unit_supervises_only_while_it_exists(place, by):
    late = factories.unit("BNNP-93")
    late.starts_on = date(2022, 7, 25)
    late.save()

    with pytest.raises(Refused) as refusal:
        terms.change(by=by, facility=place, from_on=date(2020, 1, 1), values=values(place, unit=late))
    assert refusal.value.field == "unit"


def test_a_correction_rewrites_the_term_with_its_reason(place, by):
    terms.change(by=by, facility=place, from_on=date(2020, 7, 1), values=values(place, offers_aftercare=True))
    first = place.terms.order_by("starts_on").first()
    bali = factories.unit("BNNP-51")

    corrected = terms.correct(
        by=by, term=first, values=terms.Values(bali, first.ownership, True, False), reason="salah catat"
    )

    assert (corrected.pk, corrected.ends_on) == (first.pk, date(2020, 7, 1))
    assert term_on(place.pk, date(2019, 1, 1)).unit == bali
    place.refresh_from_db()
    assert (place.unit.code, place.offers_aftercare) == ("BNNP-53", True)
    assert AuditEvent.objects.get(verb="facility.term_corrected").reason == "salah catat"


def test_a_correction_needs_a_reason(place, by):
    with pytest.raises(Refused) as refusal:
        terms.correct(by=by, term=place.terms.get(), values=values(place, is_operational=False), reason=" ")
    assert refusal.value.field == "reason"
