"""What is done with one tap is taken back with one: by the same person, for some minutes, while things have not moved on."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from assessments.enums import AssessmentStatus
from assessments.models import Assessment
from clients.actions import plans
from clients.enums import Presence
from clients.models import Attendance, MatchNotice, PlanGoal, Prescription, Treatment, TreatmentPlan
from facilities.models import Posting, Qualification
from rehab.roles import Role
from tests import factories
from tests.assessments.makers import draft
from tests.clients.meetings import in_treatment, planned

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic():
    return factories.facility("Klinik Pratama Contoh", of=factories.unit("BNNP-53"), services=["methadone"])


@pytest.fixture
def rina(clinic):
    return factories.user(Role.COUNSELOR, clinic, name="Rina Contoh")


@pytest.fixture
def browser(rina) -> Browser:
    browser = Browser()
    browser.force_login(rina)
    return browser


def button(answer) -> str:
    """What the message's button posts."""
    found = re.search(r'name="undo" value="([^"]+)"', answer.content.decode())
    assert found, "nothing to undo on this page"
    return found[1]


def press(browser: Browser, token: str) -> str:
    return browser.post(reverse("undo"), {"undo": token}, follow=True).content.decode()


def test_a_group_recorded_by_mistake_is_expected_again(browser, rina, clinic):
    session = planned(rina, clinic, in_treatment(clinic), in_treatment(clinic, "Budi Contoh"))
    done = browser.post(reverse("clients:all_present", args=[session.pk]), follow=True)
    assert set(Attendance.objects.values_list("presence", flat=True)) == {Presence.PRESENT}
    shown = press(browser, button(done))
    assert "Sudah diurungkan." in shown
    assert set(Attendance.objects.values_list("presence", "recorded_at")) == {(Presence.EXPECTED, None)}
    session.refresh_from_db()
    assert session.is_planned


def test_a_second_press_a_colleague_and_a_late_one_change_nothing(browser, rina, clinic):
    session = planned(rina, clinic, in_treatment(clinic))
    token = button(browser.post(reverse("clients:all_present", args=[session.pk]), follow=True))
    colleague = Browser()
    colleague.force_login(factories.user(Role.COUNSELOR, clinic))
    assert "Hanya orang yang melakukannya" in press(colleague, token)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        browser.force_login(rina)
        assert "waktunya sudah lewat" in press(browser, token)
    assert "tidak dapat diurungkan" in press(browser, token + "x")
    assert Attendance.objects.get().presence == Presence.PRESENT
    press(browser, token)
    assert "Sudah diurungkan" not in press(browser, token)


def test_what_moved_on_is_not_taken_back(browser, rina, clinic):
    session = planned(rina, clinic, in_treatment(clinic))
    done = browser.post(reverse("clients:all_present", args=[session.pk]), follow=True)
    session.refresh_from_db()
    page = {"edit": session.edit, f"presence_{Attendance.objects.get().treatment_id}": "excused"}
    browser.post(reverse("clients:session", args=[session.pk]), page)
    press(browser, button(done))
    assert Attendance.objects.get().presence == Presence.EXCUSED


def test_a_cancelled_session_is_planned_again(browser, rina, clinic):
    session = planned(rina, clinic, in_treatment(clinic))
    done = browser.post(reverse("clients:cancel_session", args=[session.pk]), {"reason": "Libur"}, follow=True)
    press(browser, button(done))
    session.refresh_from_db()
    assert session.is_planned


def test_a_plan_thrown_away_comes_back_with_its_goals(browser, rina, clinic):
    treatment = in_treatment(clinic)
    plan = plans.draft(by=rina, treatment=treatment, goals=[plans.GoalData("work", "Menganggur", "Bekerja")])
    done = browser.post(reverse("clients:discard_plan", args=[plan.pk]), follow=True)
    assert not TreatmentPlan.objects.exists()
    press(browser, button(done))
    assert TreatmentPlan.objects.get().pk == plan.pk
    assert PlanGoal.objects.get().problem == "Menganggur"


def test_a_plan_thrown_away_gives_way_to_a_new_one(browser, rina, clinic):
    treatment = in_treatment(clinic)
    plan = plans.draft(by=rina, treatment=treatment)
    done = browser.post(reverse("clients:discard_plan", args=[plan.pk]), follow=True)
    new = plans.draft(by=rina, treatment=treatment)
    assert "Sudah diurungkan" not in press(browser, button(done))
    assert TreatmentPlan.objects.get() == new


def test_a_dose_and_its_taking_back_are_undone(browser, rina, clinic):
    treatment = in_treatment(clinic)
    prescription = Prescription.objects.create(
        treatment=treatment, medicine="methadone", mg=60, starts_on=clinic.local_date(), prescribed_by=rina
    )
    done = browser.post(reverse("clients:give_dose", args=[prescription.pk]), {"take_home": 0}, follow=True)
    dose = prescription.doses.get()
    voided = browser.post(reverse("clients:void_dose", args=[dose.pk]), {"reason": "Salah orang"}, follow=True)
    press(browser, button(voided))
    assert not prescription.doses.get().void_reason
    press(browser, button(done))
    assert prescription.doses.get().void_reason


def test_a_withdrawn_treatment_is_planned_again(browser, rina, clinic):
    treatment = factories.treatment(factories.episode(at=clinic))
    done = browser.post(reverse("clients:withdraw_treatment", args=[treatment.pk]), {"reason": "Salah"}, follow=True)
    assert not Treatment.objects.exists()
    press(browser, button(done))
    assert Treatment.objects.get().planned_on == treatment.planned_on


def test_a_notice_taken_care_of_too_early_comes_back(browser, clinic):
    client = factories.episode(at=clinic).client
    notice = MatchNotice.objects.create(client=client, facility=clinic)
    done = browser.post(reverse("clients:match_seen", args=[client.code]), follow=True)
    press(browser, button(done))
    notice.refresh_from_db()
    assert notice.seen_by is None


def test_a_discarded_assessment_is_a_draft_again(browser, rina, clinic):
    begun = draft(factories.episode(at=clinic), rina)
    done = browser.post(reverse("assessments:discard", args=[begun.pk]), follow=True)
    press(browser, button(done))
    assert Assessment.objects.get().status == AssessmentStatus.DRAFT


class TestPeople:
    @pytest.fixture
    def admin(self, clinic) -> Browser:
        browser = Browser()
        browser.force_login(factories.user(Role.UNIT_ADMIN, clinic.unit))
        return browser

    def test_an_ended_post_holds_again(self, admin, rina):
        post = Posting.objects.get(user=rina)
        yesterday = timezone.localdate() - timedelta(days=1)
        done = admin.post(reverse("facilities:end_post", args=[post.pk]), {"ends_on": yesterday}, follow=True)
        token = button(done)
        press(admin, token)
        post.refresh_from_db()
        assert post.ends_on is None

    def test_a_removed_licence_is_there_again(self, admin, rina):
        row = factories.qualification(rina)
        url = reverse("facilities:remove_qualification", args=[rina.pk, row.pk])
        done = admin.post(url, {"reason": "Salah orang"}, follow=True)
        assert not Qualification.objects.exists()
        press(admin, button(done))
        assert Qualification.objects.get().number == row.number
