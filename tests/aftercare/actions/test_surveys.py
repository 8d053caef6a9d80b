from datetime import date

import pytest
import time_machine

from aftercare.actions import surveys
from aftercare.enums import SurveyElement
from aftercare.models import SatisfactionSheet, SatisfactionSurvey
from rehab.errors import Refused
from rehab.models import AuditEvent
from tests.aftercare import makers

pytestmark = pytest.mark.django_db
FOUR = dict.fromkeys(SurveyElement.values, 4)


def test_answers_stand_apart_from_the_client(counselor, clinic):
    treatment = makers.under_way(clinic)
    survey = surveys.answer(by=counselor, treatment=treatment, answers=FOUR | {"cost": None, "time": 2})
    sheet = SatisfactionSheet.objects.get()
    assert (survey.given, sheet.cost, sheet.time, sheet.facility, sheet.unit) == (True, None, 2, clinic, clinic.unit)
    # No column of the sheet leads to a client, a treatment or a person, and it has no history with a request.
    leads = {field.name for field in SatisfactionSheet._meta.get_fields() if field.is_relation}
    assert leads == {"facility", "unit"}
    assert not hasattr(SatisfactionSheet, "pgh_event_model")
    assert SatisfactionSheet.objects.visible_to(counselor).count() == 0
    told = AuditEvent.objects.get(verb="survey.answered")
    assert str(sheet.pk) not in f"{told.subject} {told.data}"


def test_declining_is_recorded_and_says_nothing_else(counselor, clinic):
    survey = surveys.decline(by=counselor, treatment=makers.under_way(clinic))
    assert (survey.given, SatisfactionSheet.objects.count()) == (False, 0)


@pytest.mark.parametrize(
    "answers", [dict.fromkeys(list(SurveyElement.values)[:4], 3), FOUR | {"time": 5}, FOUR | {"time": 0}, {}]
)
def test_too_few_and_out_of_range_are_refused_and_nothing_is_kept(counselor, clinic, answers):
    with pytest.raises(Refused):
        surveys.answer(by=counselor, treatment=makers.under_way(clinic), answers=answers)
    assert not SatisfactionSurvey.objects.exists()


def test_it_is_asked_once(counselor, clinic):
    treatment = makers.under_way(clinic)
    surveys.decline(by=counselor, treatment=treatment)
    for again in (lambda: surveys.answer(by=counselor, treatment=treatment, answers=FOUR),
                  lambda: surveys.decline(by=counselor, treatment=treatment)):  # fmt: skip
        with pytest.raises(Refused) as refusal:
            again()
        assert refusal.value.code == "asked"
    assert not SatisfactionSheet.objects.exists()


def test_not_before_the_first_service_and_not_long_after_the_end(counselor, clinic):
    with pytest.raises(Refused):
        surveys.decline(by=counselor, treatment=makers.under_way(clinic, started_on=None))
    with time_machine.travel("2019-10-01 04:00", tick=False), pytest.raises(Refused):
        surveys.decline(by=counselor, treatment=makers.completed(clinic))
    with time_machine.travel("2019-09-30 04:00", tick=False):
        assert surveys.decline(by=counselor, treatment=makers.completed(clinic)).asked_on == date(2019, 9, 30)
