"""What comes round again while a treatment runs: BAM, the full assessment, the urine test; by settings, and never twice."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.actions import urine
from assessments.models import Assessment
from rehab import tunables, worklists
from rehab.roles import Role
from tests import factories
from tests.assessments.makers import completed
from tests.clients.meetings import in_treatment

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic():
    return factories.facility()


@pytest.fixture
def sri(clinic):
    return factories.user(Role.COUNSELOR, clinic)


@pytest.fixture
def today(clinic):
    return clinic.local_date()


def due(user, on, key):
    """(day, overdue, words) of what waits, as in the next request."""
    told = worklists.told(type(user).objects.get(pk=user.pk), on, key)
    return [(item.when, item.urgent, item.detail) for block in told for item in block.items]


def measured(treatment, sri, on):
    """A BAM of that day: completed rows do not change, so it is dated as it is made."""
    return Assessment.objects.create(
        client=treatment.client,
        episode=treatment.episode,
        facility=treatment.facility,
        instrument="bam",
        version="1",
        status="completed",
        administered_on=on,
        completed_at=timezone.now(),
        completed_by=sri,
        started_by=sri,
    )


def test_bam_is_due_thirty_days_after_the_start_and_after_each_bam(sri, clinic, today):
    treatment = in_treatment(clinic, started_on=today - timedelta(days=30))
    in_treatment(clinic, "Budi Contoh", started_on=today - timedelta(days=29))
    assert due(sri, today, "bam") == [(today, False, "belum pernah")]
    assert due(sri, today + timedelta(days=8), "bam")[0][1]
    measured(treatment, sri, today - timedelta(days=10))
    assert due(sri, today, "bam") == []
    assert due(sri, today + timedelta(days=20), "bam")[1][0] == today + timedelta(days=20)


def test_a_setting_says_how_often_and_whether_at_all(sri, clinic, today):
    in_treatment(clinic, started_on=today - timedelta(days=10))
    admin = factories.user(Role.UNIT_ADMIN, factories.unit("BNN"))
    for days, number in ((30, 0), (7, 1), (0, 0)):
        tunables.change(by=admin, key="assessments.bam_days", value=days, source_note="uji")
        assert len(due(sri, today, "bam")) == number


def test_a_screening_alone_does_not_stand_for_assessing_again(sri, clinic, today):
    treatment = in_treatment(clinic, started_on=today - timedelta(days=100))
    completed(treatment.episode, sri, administered_on=today)
    assert len(due(sri, today, "asesmen-ulang")) == 1
    admin = factories.user(Role.UNIT_ADMIN, factories.unit("BNN"))
    tunables.change(by=admin, key="assessments.reassess_with", value=["asi", "assist"], source_note="uji")
    assert due(sri, today, "asesmen-ulang") == []


def test_a_cup_under_way_is_not_asked_for_again(sri, clinic, today):
    treatment = in_treatment(clinic, started_on=today - timedelta(days=40))
    assert due(sri, today, "tes-urine") == [(today - timedelta(days=10), True, "belum pernah")]
    urine.want(by=sri, treatment=treatment)
    assert due(sri, today, "tes-urine") == []


@pytest.mark.parametrize("key", ["bam", "asesmen-ulang", "tes-urine"])
def test_nothing_is_due_once_the_treatment_has_ended_or_before_it_began(sri, clinic, today, key):
    treatment = in_treatment(clinic, started_on=today - timedelta(days=200))
    assert len(due(sri, today, key)) == 1
    type(treatment).objects.filter(pk=treatment.pk).update(ended_on=today, outcome="completed")
    assert due(sri, today, key) == []
    planned = factories.episode(factories.client("Cici Contoh"), clinic)
    factories.treatment(planned, started_on=None)
    assert due(sri, today, key) == []
