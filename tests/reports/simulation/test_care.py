"""What is simulated of care is what the actions would have made: hand-overs, plans, urine tests, doses, measures."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db.models import Count, F, Max, Min, Q

from assessments.enums import CustodyStep, UrineStatus
from assessments.models import Assessment, LifeChange
from assessments.models.urine import PANEL, CustodyEntry, UrineTest
from clients.enums import TAKEN_OVER, GoalResult, HandoverStatus, PlanStatus
from clients.models import Dose, Handover, PlanGoal, Prescription, Treatment, TreatmentPlan
from rehab.periods import year
from reports.indicators import REGISTRY, Rules
from tests.reports.simulation.conftest import PLAN

# A nation of its own; that it loads at all is what the invariants beside try in the gate.
pytestmark = [pytest.mark.django_db, pytest.mark.long]


def test_hand_overs_of_every_status_agree_with_the_treatments_they_end_and_begin(nation):
    # Received and not yet contacted are few on a day: a small nation may have none.
    assert set(Handover.objects.values_list("status", flat=True)) >= set(HandoverStatus.values) - {"received"}
    taken = Handover.objects.filter(status__in=TAKEN_OVER)
    for row in taken.select_related("episode", "from_facility__region"):
        day = row.decided_at.astimezone(ZoneInfo(row.from_facility.zone)).date()
        sent = row.episode.treatments.get(facility=row.from_facility, outcome="referred", ended_on=day)
        taken_in = row.episode.treatments.filter(facility=row.to_facility, planned_on=sent.ended_on).latest("pk")
        assert row.contacted_on == taken_in.started_on
        assert (row.setting, row.programme) == (taken_in.setting, taken_in.programme)
    assert taken.count() == Treatment.objects.values("episode").annotate(n=Count("pk")).filter(n=2).count()
    two = taken.exclude(episode__responsible_facility=F("to_facility"))
    assert not two.exists(), "the receiver is responsible"


def test_an_offer_waits_at_the_facility_that_is_responsible_and_with_consent(nation):
    waiting = Handover.objects.open().with_consent(PLAN.today)
    assert waiting.exists()
    for row in waiting.select_related("episode"):
        assert row.shared
        assert row.episode.responsible_facility_id == row.from_facility_id
        assert row.offered_at.date() <= PLAN.today
    assert not Handover.objects.filter(decided_at__lt=F("offered_at")).exists()
    assert not Handover.objects.filter(offered_at__date__gt=PLAN.today).exists()
    refused = Handover.objects.filter(status__in=[HandoverStatus.DECLINED, HandoverStatus.RECALLED])
    assert {row.receipt for row in refused} == {None}


def test_plans_are_agreed_within_their_treatment_and_goals_judged_at_its_end(nation):
    assert set(TreatmentPlan.objects.values_list("status", flat=True)) == set(PlanStatus.values)
    agreed = TreatmentPlan.objects.exclude(agreed_on=None)
    assert not agreed.filter(agreed_on__lt=F("treatment__started_on")).exists()
    assert not agreed.filter(Q(agreed_on__gt=F("treatment__ended_on")) | Q(agreed_on__gt=PLAN.today)).exists()
    second = TreatmentPlan.objects.filter(version=2)
    assert second.exists()
    first = {row.treatment_id: row for row in TreatmentPlan.objects.filter(version=1)}
    assert all(first[row.treatment_id].replaced_on == row.agreed_on and row.reason for row in second)
    assert set(PlanGoal.objects.values_list("result", flat=True)) == set(GoalResult.values)
    open_still = PlanGoal.objects.filter(plan__treatment__ended_on=None, plan__status=PlanStatus.AGREED)
    assert not open_still.exclude(result=GoalResult.OPEN).exists()
    assert set(TreatmentPlan.objects.annotate(n=Count("goals")).values_list("n", flat=True)) == {2}


def test_a_cup_has_the_custody_that_its_status_asks_for(nation):
    assert set(UrineTest.objects.values_list("status", flat=True)) == set(UrineStatus.values)
    steps = {
        UrineStatus.WANTED: [],
        UrineStatus.COLLECTED: [CustodyStep.COLLECTED],
        UrineStatus.READ: [CustodyStep.COLLECTED, CustodyStep.READ],
        UrineStatus.CANCELLED: [CustodyStep.CANCELLED],
    }
    for test in UrineTest.objects.prefetch_related("custody"):
        rows = list(test.custody.all())
        assert [row.step for row in rows] == steps[UrineStatus(test.status)]
        assert [row.number for row in rows] == list(range(1, len(rows) + 1))
        done = {getattr(test, name) for name in PANEL} - {"not_done"}
        assert bool(done) == (test.status == UrineStatus.READ)
    assert not UrineTest.objects.filter(wanted_on__gt=PLAN.today).exists()
    assert not UrineTest.objects.filter(
        status__in=[UrineStatus.WANTED, UrineStatus.COLLECTED], treatment__ended_on__isnull=False
    ).exists()
    assert CustodyEntry.objects.filter(at__date__gt=PLAN.today).count() == 0


def test_doses_stand_on_prescriptions_of_facilities_that_give_them(nation):
    assert Prescription.objects.exists()
    for row in Prescription.objects.select_related("treatment__facility"):
        assert row.medicine in row.treatment.facility.services
        assert row.starts_on == row.treatment.started_on
    doses = Dose.objects.all()
    assert set(doses.values_list("way", flat=True)) == {"witnessed", "take_home"}
    assert not doses.filter(for_day__gt=PLAN.today).exists()
    assert not doses.filter(for_day__lt=F("prescription__starts_on")).exists()
    assert not doses.filter(for_day__gte=F("prescription__ends_on")).exists()
    assert doses.values("prescription").annotate(n=Count("pk")).filter(n__gt=5).exists()


def test_quality_of_life_is_a_number(nation):
    assert LifeChange.objects.exists()
    period = year(PLAN.today.year - 1)
    indicator = REGISTRY["quality_of_life_pct"]
    found = LifeChange.objects.filter(ended_on__gte=period.start, ended_on__lt=period.end)
    better = found.filter(result="better").count()
    assert 0.5 < better / found.count() < 0.95
    assert indicator.counted(period, Rules()).count() == found.count()


def test_bam_follows_month_by_month_while_the_treatment_runs(nation):
    rows = Assessment.objects.filter(instrument="bam")
    assert rows.values("episode").annotate(n=Count("pk")).filter(n__gt=1).exists()
    spans = rows.values("episode").annotate(
        first=Min("administered_on"), last=Max("administered_on"), began=Min("episode__treatments__started_on")
    )
    assert all(each["first"] >= each["began"] + timedelta(days=30) for each in spans)
    assert all(each["last"] <= PLAN.today for each in spans)
