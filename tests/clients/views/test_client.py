from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.actions import consents
from clients.enums import ConsentScope, EpisodeStatus, Outcome
from clients.models import MatchNotice, TreatmentPhase
from rehab import audit
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories
from tests.clients.people import NIK, andi, registered

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic():
    return factories.facility()


@pytest.fixture
def counselor(clinic, client):
    user = factories.user(Role.COUNSELOR, clinic)
    client.force_login(user)
    return user


@pytest.fixture
def episode(counselor, clinic):
    return registered(counselor, clinic, andi(phone="08123456789"))


def at(name, *args) -> str:
    return reverse(f"clients:{name}", args=args)


def test_the_page_masks_and_each_look_is_recorded(client, episode, counselor):
    page = client.get(at("client", episode.client.code)).content.decode()
    assert "A. C." in page
    assert "Andi Contoh" not in page
    assert NIK not in page
    assert AuditEvent.objects.get(verb="clients.opened").client_code == episode.client.code


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_the_identity_opens_by_a_recorded_click_with_and_without_script(client, episode, headers):
    page = client.post(at("reveal", episode.client.code), {"reason": "contact"}, headers=headers).content.decode()
    assert "Andi Contoh" in page
    assert NIK in page
    assert ("<html" in page) is not headers
    assert AuditEvent.objects.get(verb="identity.revealed").reason == "Menghubungi klien atau keluarga"
    assert client.get(at("reveal", episode.client.code)).status_code == 405


def _costs(client, url) -> tuple[int, object]:
    """Queries of one page; savepoints are there only because a test is a transaction."""
    with CaptureQueriesContext(connection) as queries:
        page = client.get(url)
    return len([one for one in queries if "SAVEPOINT" not in one["sql"]]), page


def test_the_page_with_five_hundred_events_costs_what_a_small_one_costs(client, episode, clinic):
    url = at("client", episode.client.code)
    treatment = factories.treatment(episode, started_on=date(2019, 3, 1))
    few, _page = _costs(client, url)
    TreatmentPhase.objects.bulk_create(
        TreatmentPhase(
            treatment=treatment, programme="tc", setting="inpatient",
            starts_on=date(2019, 3, 1) + timedelta(days=day), ends_on=date(2019, 3, 2) + timedelta(days=day),
        )
        for day in range(500)
    )  # fmt: skip
    many, page = _costs(client, url)
    assert few == many <= 15
    assert len(page.context["entries"]) == 100
    assert page.context["more"] == 402
    assert len(client.get(url + "?all=1").context["entries"]) == 502
    assert {entry.kind for entry in client.get(url + "?kind=consent").context["entries"]} == {"consent"}


def test_an_outsider_gets_404_everywhere(client, episode, counselor):
    treatment, code = factories.treatment(episode), episode.client.code
    consent = episode.client.consents.get()
    for outsider in (
        factories.user(Role.COUNSELOR, factories.facility()),
        factories.user(Role.UNIT_STAFF, factories.unit("BNNP-51")),
        factories.user(Role.ANALYST, factories.unit("BNN")),
        factories.user(Role.UNIT_ADMIN, factories.unit("BNNP-53")),
    ):
        client.force_login(outsider)
        for url in (
            at("client", code), at("who_looked", code), at("consent", code), at("revoke_consent", code, consent.pk),
            at("correct_identity", code), at("open_again", code), at("plan_treatment", code),
            at("close_episode", code, 1), at("start_treatment", treatment.pk), at("change_phase", treatment.pk),
            at("withdraw_treatment", treatment.pk),
        ):  # fmt: skip
            assert client.get(url).status_code == 404, url
            assert client.post(url).status_code == 404, url
        for url in (at("reveal", code), at("match_seen", code)):
            assert client.post(url).status_code == 404, url


def test_a_clerk_knows_the_client_but_may_not_treat(client, episode, clinic):
    treatment = factories.treatment(episode)
    client.force_login(factories.user(Role.CLERK, clinic))
    page = client.get(at("client", episode.client.code)).content.decode()
    assert at("start_treatment", treatment.pk) not in page
    for url in (at("plan_treatment", episode.client.code), at("start_treatment", treatment.pk)):
        assert client.get(url).status_code == 404


def test_unit_staff_look_and_reveal_but_write_nothing(client, episode, clinic):
    client.force_login(factories.user(Role.UNIT_STAFF, clinic.unit))
    assert client.get(at("client", episode.client.code)).status_code == 200
    assert "Andi Contoh" in client.post(at("reveal", episode.client.code)).content.decode()
    for name in ("correct_identity", "consent", "open_again", "plan_treatment"):
        assert client.get(at(name, episode.client.code)).status_code == 404


def test_who_opened_the_record_can_be_read(client, episode, counselor):
    client.get(at("client", episode.client.code))
    page = client.get(at("who_looked", episode.client.code)).content.decode()
    assert "mendaftarkan klien" in page
    assert "membuka halaman klien" in page
    assert counselor.name in page
    client.force_login(factories.user(Role.AUDITOR, factories.unit("BNN")))
    assert client.get(at("who_looked", episode.client.code)).status_code == 200
    assert client.get(at("client", episode.client.code)).status_code == 404


def test_consent_is_renewed_and_taken_back(client, episode, counselor, clinic):
    code = episode.client.code
    assert client.get(at("consent", code)).status_code == 200
    client.post(at("consent", code), {"scope": ConsentScope.REFERRAL})
    held = episode.client.consents.get(ends_on=None)
    assert held.scope == ConsentScope.REFERRAL
    assert "reason" in client.post(at("revoke_consent", code, held.pk), {"reason": ""}).context["form"].errors
    client.post(at("revoke_consent", code, held.pk), {"reason": "Klien menarik diri"})
    held.refresh_from_db()
    assert held.revoked_at
    assert client.get(at("revoke_consent", code, held.pk)).status_code == 404
    assert "dicabut" in client.get(at("client", code)).content.decode()
    assert (
        consents.give(by=counselor, client=episode.client, facility=clinic, scope=ConsentScope.CARE).revoked_at is None
    )


def test_a_possible_match_is_shown_without_place_and_taken_care_of(client, episode, counselor):
    there = factories.facility("Klinik Rahasia")
    registered(factories.user(Role.CLERK, there), there, andi())
    page = client.get(at("client", episode.client.code)).content.decode()
    assert "Mungkin ada kecocokan" in page
    assert "Klinik Rahasia" not in page
    assert episode.client.code in client.get(reverse("today")).content.decode()
    client.post(at("match_seen", episode.client.code))
    assert "Mungkin ada kecocokan" not in client.get(at("client", episode.client.code)).content.decode()
    assert MatchNotice.objects.get(facility=there).seen_by is None


def test_somebody_who_comes_back_gets_a_new_episode(client, episode, counselor):
    code = episode.client.code
    assert client.get(at("open_again", code)).status_code == 302
    episode.status, episode.closed_on, episode.outcome = EpisodeStatus.CLOSED, date(2019, 5, 1), Outcome.MOVED
    episode.save()
    assert at("open_again", code) in client.get(at("client", code)).content.decode()
    values = {"admission": "voluntary", "opened_on": "2019-04-01", "consent_scope": "care"}
    assert "opened_on" in client.post(at("open_again", code), values).context["form"].errors
    assert client.post(at("open_again", code), values | {"opened_on": "2020-01-01"}).status_code == 302
    assert episode.client.episodes.open().get().number == 2


def test_an_episode_without_treatment_is_closed_with_a_reason(client, episode):
    url = at("close_episode", episode.client.code, 1)
    assert client.get(url).status_code == 200
    client.post(url, {"closed_on": "2019-03-01", "outcome": "moved", "note": "Pindah ke kota lain"})
    episode.refresh_from_db()
    assert episode.status == EpisodeStatus.CLOSED
    assert client.get(url).status_code == 404


def test_what_happened_elsewhere_is_not_shown(client, episode, clinic):
    episode.status, episode.closed_on, episode.outcome = EpisodeStatus.CLOSED, date(2019, 5, 1), Outcome.MOVED
    episode.save()
    factories.episode(episode.client, factories.facility("Klinik Rahasia"))
    assert "Klinik Rahasia" not in client.get(at("client", episode.client.code)).content.decode()
    assert "Klinik Rahasia" not in client.get(reverse("clients:list")).content.decode()


def test_who_may_see_nothing_clinical_reads_no_clinical_words(client, episode, counselor, clinic):
    ended = factories.treatment(
        episode, started_on=date(2019, 3, 1), ended_on=date(2019, 5, 1), outcome=Outcome.DROP_OUT,
        outcome_note="kambuh memakai sabu",
    )  # fmt: skip
    audit.record(
        "assessment.correction_started",
        by=counselor,
        subject=ended,
        client_code=episode.client.code,
        reason="skor sabu salah",
    )
    pages = [at("client", episode.client.code), at("who_looked", episode.client.code)]
    seen = "".join(client.get(url).content.decode() for url in pages)
    assert "kambuh memakai sabu" in seen
    assert "skor sabu salah" in seen
    for role, place in [(Role.CLERK, clinic), (Role.CORRECTIONS, clinic), (Role.UNIT_STAFF, clinic.unit)]:
        client.force_login(factories.user(role, place))
        seen = "".join(client.get(url).content.decode() for url in pages)
        assert "sabu" not in seen
    assert AuditEvent.objects.filter(verb="clients.looks_opened", client_code=episode.client.code).count() == 4
