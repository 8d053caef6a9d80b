"""An action is one transaction, and a broken invariant speaks its own sentence."""

from datetime import date

import pytest
from django.db import IntegrityError

from facilities.models import FacilityTerm
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import Draft, User
from tests import factories

pytestmark = pytest.mark.django_db


@action
def overlap(*, facility):
    Draft.objects.create(user=factories.user(), place="left behind", content=b"")
    FacilityTerm.objects.create(
        facility=facility, unit=facility.unit, ownership=facility.ownership, starts_on=date(2020, 1, 1)
    )


@action
def break_something_unnamed(*, user):
    Draft.objects.create(user_id=user.pk, place=None, content=b"")


def test_a_constraint_of_the_database_becomes_a_refusal_with_its_message():
    with pytest.raises(Refused, match="sudah punya masa berlaku") as refusal:
        overlap(facility=factories.facility())
    assert refusal.value.code == "facility_term_once"


def test_what_was_written_before_the_refusal_is_gone():
    with pytest.raises(Refused):
        overlap(facility=factories.facility())
    assert not Draft.objects.filter(place="left behind").exists()


def test_an_error_without_a_sentence_is_not_hidden():
    with pytest.raises(IntegrityError):
        break_something_unnamed(user=User.objects.create(username="x", email="x@contoh.test", name="X"))
