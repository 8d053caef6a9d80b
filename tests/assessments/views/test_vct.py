from datetime import date

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from assessments.actions import vct
from assessments.models import VctReferral
from clients.models import Consent, Treatment
from rehab import panels
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories
from tests.assessments.actions.test_vct import Care
from tests.test_privacy import at_rest

pytestmark = pytest.mark.django_db


@pytest.fixture
def care():
    return Care()


def as_role(role, place) -> Browser:
    browser = Browser()
    browser.force_login(factories.user(role, place))
    return browser


@pytest.fixture
def browser(care):
    return as_role(Role.COUNSELOR, care.clinic)


def url(name, *args) -> str:
    return reverse(f"assessments:vct_{name}", args=args)


def text(browser, address) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


REFER = {
    "kind": "hiv",
    "to_place": "RSUD Contoh",
    "referred_on": "2019-03-10",
    "consented_on": "2019-03-09",
    "agreed": "on",
}


def test_refer_visit_and_result_by_clicking(care, browser):
    refer = url("refer", care.treatment.pk)
    assert browser.post(refer, REFER | {"agreed": ""}).status_code == 200
    assert browser.post(refer, REFER | {"to_place": " "}).status_code == 200
    assert not VctReferral.objects.exists()
    for _ in range(2):
        answer = browser.post(refer, REFER | {"form_token": "b" * 32})
        assert answer.url == url("of_client", care.treatment.client.code)
    made = VctReferral.objects.get()
    assert browser.post(url("visit", made.pk), {"visit": "came", "came_on": "", "edit": 1}).status_code == 200
    assert browser.post(url("visit", made.pk), {"visit": "came", "came_on": "2019-03-20", "edit": 1}).status_code == 302
    posted = {"result": "reactive", "told_on": "2019-03-21", "care": "yes", "edit": 2}
    answer = browser.post(url("result", made.pk), posted, follow=True)
    assert "Reaktif" in answer.content.decode()
    assert "Reaktif" not in "".join(str(message) for message in answer.context["messages"])
    assert browser.post(url("result", made.pk), {"result": "positif", "edit": 3}).status_code == 200
    assert at_rest(("non_reactive", "reactive ")) == []


def test_each_look_at_the_result_is_recorded_before_it_is_shown(care, browser):
    found = care.found()
    before = AuditEvent.objects.filter(verb="vct.result_opened").count()
    text(browser, url("result", found.pk))
    event = AuditEvent.objects.filter(verb="vct.result_opened").latest("pk")
    assert AuditEvent.objects.filter(verb="vct.result_opened").count() == before + 1
    assert event.client_code == care.treatment.client.code


def test_no_draft_stands_behind_the_form_of_the_result(care, browser):
    found = care.found()
    assert "data-draft" in text(browser, url("visit", found.pk))
    assert "data-draft" not in text(browser, url("result", found.pk))


def test_lists_timeline_and_trail_tell_of_a_referral_and_nothing_more(care, browser):
    care.found()
    code = care.treatment.client.code
    told = text(browser, reverse("clients:client", args=[code]))
    assert "Rujukan VCT" in told
    told += text(browser, url("of_client", code)) + text(browser, reverse("clients:who_looked", args=[code]))
    told += text(browser, url("visit", VctReferral.objects.get().pk)) + text(browser, reverse("clients:list"))
    for word in ("eaktif", "ndeterminat", "ARV"):
        assert word not in told
    assert "VCT" not in text(browser, reverse("clients:list"))


@pytest.mark.parametrize("role", [Role.CLERK, Role.CORRECTIONS, Role.FACILITY_ADMIN])
def test_who_does_not_treat_at_the_facility_learns_nothing(care, role):
    found = care.found()
    browser = as_role(role, care.clinic)
    for address in (url("result", found.pk), url("visit", found.pk), url("of_client", found.client.code)):
        assert browser.get(address).status_code == 404
    answer = browser.get(reverse("clients:client", args=[found.client.code]))
    assert "VCT" not in answer.content.decode()


@pytest.mark.parametrize(
    ("role", "unit"), [(Role.UNIT_STAFF, "BNNP-53"), (Role.AUDITOR, "BNN"), (Role.DATA_STEWARD, "BNN")]
)
def test_units_never_see_it(care, role, unit):
    found = care.found()
    browser = as_role(role, factories.unit(unit))
    for address in (url("result", found.pk), url("visit", found.pk), url("of_client", found.client.code)):
        assert browser.get(address).status_code == 404
    answer = browser.get(reverse("clients:client", args=[found.client.code]))
    assert "VCT" not in answer.content.decode()


def test_when_the_treatment_has_ended_the_result_is_closed_to_those_who_treated(care, browser):
    found = care.found()
    Treatment.objects.update(ended_on=date(2019, 6, 1), outcome="completed")
    assert browser.get(url("result", found.pk)).status_code == 404
    assert "Hasil" in text(browser, url("of_client", found.client.code))
    assert browser.post(url("result", found.pk), {"result": "non_reactive", "edit": found.edit}).status_code == 404


def received(care, *, started: bool):
    """The next facility, to which the client was handed over."""
    there = factories.facility()
    Treatment.objects.update(ended_on=date(2019, 6, 1), outcome="referred")
    care.treatment.episode.responsible_facility = there
    care.treatment.episode.save()
    factories.treatment(
        care.treatment.episode, facility=there, planned_on=date(2019, 6, 1),
        started_on=date(2019, 6, 2) if started else None,
    )  # fmt: skip
    return there


def test_the_next_facility_sees_nothing_unless_the_client_agreed_apart(care, browser):
    found = care.found()
    there = as_role(Role.DOCTOR, received(care, started=True))
    assert there.get(url("result", found.pk)).status_code == 404
    assert there.get(url("visit", found.pk)).status_code == 404
    assert "RSUD" not in text(there, url("of_client", found.client.code))
    vct.share(by=care.counselor, referral=found, shares=True)
    assert "Reaktif" in text(there, url("result", found.pk))
    assert there.post(url("share", found.pk), {"shares": "no"}).status_code == 404
    vct.share(by=care.counselor, referral=found, shares=False)
    assert there.get(url("result", found.pk)).status_code == 404


def test_shared_or_not_nobody_sees_it_before_treating(care):
    found = care.found()
    vct.share(by=care.counselor, referral=found, shares=True)
    there = as_role(Role.COUNSELOR, received(care, started=False))
    assert there.get(url("result", found.pk)).status_code == 404


def test_the_facility_of_the_referral_shares_it_and_takes_that_back(care, browser):
    found = care.found()
    for shares, held in (("yes", True), ("no", False)):
        assert browser.post(url("share", found.pk), {"shares": shares}).status_code == 302
        assert (VctReferral.objects.get().shared_on is not None) is held


def test_the_packet_of_a_hand_over_is_free_of_it(care):
    found = care.found()
    episode = care.treatment.episode
    Consent.objects.create(client=found.client, facility=care.clinic, scope="referral", given_on=date(2019, 2, 1))

    def cards() -> str:
        return "".join(card.template for card in panels.packet.collect(episode, care.clinic, timezone.now()))

    assert "vct" not in cards()
    vct.share(by=care.counselor, referral=found, shares=True)
    assert "vct" in cards()


def test_the_list_costs_the_same_at_one_and_at_three(care, browser, django_assert_max_num_queries):
    for _ in range(3):
        care.found()
    with django_assert_max_num_queries(20):
        text(browser, url("of_client", care.treatment.client.code))
