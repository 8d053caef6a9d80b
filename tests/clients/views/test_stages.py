from datetime import date

import pytest
from django.test import Client as Browser
from django.urls import reverse

from clients.actions import stages
from clients.enums import ProgrammeStage, Setting
from rehab.roles import Role
from tests import factories
from tests.clients.actions.test_stages import START, resident

pytestmark = pytest.mark.django_db


@pytest.fixture
def counselor():
    return factories.user(Role.COUNSELOR, factories.facility())


@pytest.fixture
def browser(counselor):
    browser = Browser()
    browser.force_login(counselor)
    return browser


def page(browser, treatment) -> str:
    return browser.get(reverse("clients:client", args=[treatment.client.code])).content.decode()


def move(treatment) -> str:
    return reverse("clients:move_stage", args=[treatment.pk])


def test_from_no_stage_to_the_next_by_clicking(browser, counselor):
    treatment = resident(counselor)
    assert "Catat tahap" in page(browser, treatment)
    assert browser.post(move(treatment), {"stage": "detox", "starts_on": "2019-03-01"}).status_code == 302
    text = page(browser, treatment)
    assert "waktunya pindah tahap" in text
    assert "Lanjut ke Entry unit?" in text
    text = browser.get(move(treatment)).content.decode()
    assert "Detoksifikasi sudah" in text
    token = {"form_token": "c" * 32}
    for _ in range(2):
        assert (
            browser.post(move(treatment), {"stage": "primary", "starts_on": "2019-03-15", **token}).status_code == 302
        )
    assert treatment.phases.count() == 2
    assert "Primer" in page(browser, treatment)
    assert browser.post(reverse("clients:take_back_stage", args=[treatment.pk]), {"reason": "Salah"}).status_code == 302
    assert treatment.phases.count() == 1


def test_a_refusal_stands_beside_the_field(browser, counselor):
    treatment = resident(counselor)
    answer = browser.post(move(treatment), {"stage": "primary", "starts_on": "2019-02-01"})
    assert answer.status_code == 200
    assert "starts_on" in answer.context["form"].errors
    assert browser.post(move(treatment), {"stage": "graduation", "starts_on": "2019-03-01"}).status_code == 200


def test_meetings_are_shown_to_care_staff_and_not_to_a_clerk(browser, counselor):
    treatment = resident(counselor, Setting.OUTPATIENT)
    assert "belum ada pertemuan dari 8–12" in page(browser, treatment)
    clerk = Browser()
    clerk.force_login(factories.user(Role.CLERK, treatment.facility))
    assert "pertemuan" not in page(clerk, treatment)


@pytest.mark.parametrize("role", [Role.CLERK, Role.CORRECTIONS])
def test_who_does_not_treat_moves_nobody(counselor, role):
    treatment = resident(counselor)
    stages.move_on(by=counselor, treatment=treatment, stage=ProgrammeStage.DETOX, starts_on=START)
    for place in (treatment.facility, factories.facility()):
        browser = Browser()
        browser.force_login(factories.user(role, place))
        assert browser.get(move(treatment)).status_code == 404
        assert browser.post(move(treatment), {"stage": "primary", "starts_on": "2019-03-15"}).status_code == 404
        assert browser.post(reverse("clients:take_back_stage", args=[treatment.pk]), {"reason": "x"}).status_code == 404
    assert treatment.phases.get().stage == ProgrammeStage.DETOX


def test_stage_and_meetings_cost_the_client_page_nothing_more(browser, counselor, django_assert_max_num_queries):
    treatment = resident(counselor, Setting.OUTPATIENT)
    with django_assert_max_num_queries(17):  # two of them savepoints, there only because a test is a transaction
        page(browser, treatment)


def test_the_timeline_names_the_stage(browser, counselor):
    treatment = resident(counselor)
    for stage, day in ((ProgrammeStage.DETOX, START), (ProgrammeStage.ENTRY_UNIT, date(2019, 3, 15))):
        stages.move_on(by=counselor, treatment=treatment, stage=stage, starts_on=day)
    assert "Tahap program berikutnya" in page(browser, treatment)
