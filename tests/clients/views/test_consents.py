from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from clients.actions import consents, handovers
from clients.consent_paper import paper
from clients.enums import ConsentScope
from clients.models import Consent, Document
from clients.queries import identity_of
from rehab.errors import Refused
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories
from tests.clients.ways import ASKED, SUMMARY, way
from tests.papers import PDF

pytestmark = pytest.mark.django_db


@pytest.fixture
def between():
    return way()


def at(name, *args) -> str:
    return reverse(f"clients:{name}", args=args)


def text(response) -> str:
    return response.content.decode()


def day(ahead: int):
    return timezone.localdate() + timedelta(days=ahead)


def test_a_consent_has_an_end_and_one_facility(client, between):
    client.force_login(between.rina)
    where, to = at("consent", between.client.code), between.receiver
    found = text(client.post(where, {"scope": "family", "ends_on": day(90), "words": "balai tujuan", "look": "1"}))
    assert "Balai Tujuan" in found
    assert f'value="{day(90)}"' in found
    typed = {"scope": "referral", "ends_on": day(90), "words": "balai", "only_to": to.pk, "form_token": "satu"}
    answers = [client.post(where, typed) for _ in range(2)]
    assert {answer["Location"] for answer in answers} == {where}
    made, before = Consent.objects.order_by("-pk")
    assert (made.only_to, made.ends_on, before.ends_on) == (to, day(90), day(0))
    shown = text(client.get(where))
    assert "hanya dengan Balai Tujuan" in shown
    assert "berlaku" in shown
    handovers.offer(by=between.rina, episode=between.episode, to_facility=to, **ASKED)


def test_a_consent_for_one_facility_opens_no_other(client, between):
    other = factories.facility("Balai Lain", of=factories.unit("BNNP-51"))
    asked = {"by": between.rina, "episode": between.episode, **ASKED}
    given = {"by": between.rina, "client": between.client, "facility": between.sender, "scope": ConsentScope.REFERRAL}
    consents.give(**given, only_to=other)
    for place in ({"to_facility": between.receiver}, {"outside": "RSUD Contoh"}):
        with pytest.raises(Refused, match="belum mencakup"):
            handovers.offer(**asked, **place)
    offer = handovers.offer(**asked, to_facility=other)
    doctor = factories.user(Role.COUNSELOR, other)
    client.force_login(doctor)
    assert SUMMARY in text(client.get(at("handover", offer.pk)))
    consents.give(**given, only_to=between.receiver)
    assert SUMMARY not in text(client.get(at("handover", offer.pk)))
    with pytest.raises(Refused, match="belum mencakup"):
        handovers.receive(by=doctor, handover=offer)


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ({"scope": "referral", "ends_on": "2019-01-01"}, "akan datang"),
        ({"scope": "referral", "ends_on": "kapan"}, "Berakhir pada"),
        ({"scope": "semua"}, "semua"),
        ({"scope": "referral", "only_to": "999999"}, "Pilih fasilitas dari daftar"),
        ({"scope": "referral", "only_to": "x'--"}, "Pilih fasilitas dari daftar"),
        ({"scope": "care", "words": "balai", "only_to": "receiver"}, "mencakup serah terima"),
    ],
)
def test_what_is_no_consent_is_said_and_changes_nothing(client, between, typed, word):
    client.force_login(between.rina)
    if typed.get("only_to") == "receiver":
        typed = typed | {"only_to": between.receiver.pk}
    assert word in text(client.post(at("consent", between.client.code), typed))
    assert Consent.objects.get().ends_on is None


def test_an_ending_consent_warns_and_is_renewed(client, between):
    Consent.objects.update(ends_on=day(5))
    client.force_login(between.rina)
    page = text(client.get(at("client", between.client.code)))
    assert "Perpanjang persetujuan" in page
    held = Consent.objects.get()
    renewing = client.get(at("consent", between.client.code), {"perpanjang": held.pk})
    assert renewing.context["form"].initial["scope"] == ConsentScope.REFERRAL
    for nonsense in ("x", "9" * 30, "0", "٣"):
        assert client.get(at("consent", between.client.code), {"perpanjang": nonsense}).status_code == 200
    client.post(at("consent", between.client.code), {"scope": "referral"})
    assert "Perpanjang persetujuan" not in text(client.get(at("client", between.client.code)))
    Consent.objects.update(ends_on=day(0))
    assert "berakhir</span>" in text(client.get(at("client", between.client.code)))


def test_a_consent_taken_back_in_the_middle_of_a_handover_closes_it_on_the_screen(client, between):
    offer = between.offered()
    client.force_login(between.budi)
    page = text(client.get(at("handover", offer.pk)))
    assert SUMMARY in page
    assert between.client.code in page
    client.force_login(between.rina)
    held = Consent.objects.get()
    client.post(at("revoke_consent", between.client.code, held.pk), {"reason": "klien berubah pikiran"})
    assert "dicabut" in text(client.get(at("consent", between.client.code)))
    assert "Penerima tidak" in text(client.get(at("handover", offer.pk)))
    client.force_login(between.budi)
    page = text(client.get(at("handover", offer.pk)))
    assert SUMMARY not in page
    assert between.client.code not in page
    assert "Terima klien" not in page
    answer = client.post(
        at("answer_handover", offer.pk, "terima"), {"setting": "inpatient", "programme": "tc"}, follow=True
    )
    assert "persetujuan" in text(answer).lower()
    offer.refresh_from_db()
    assert offer.status == "offered"
    between.episode.refresh_from_db()
    assert between.episode.responsible_facility == between.sender


def test_the_form_for_signature_is_printed_and_its_scan_stands_beside_it(client, between, tmp_path, settings):
    settings.FILES_FOLDER = tmp_path
    client.force_login(between.rina)
    held = Consent.objects.get()
    where = at("print_consent", between.client.code, held.pk)
    assert client.get(where).status_code == 405
    assert client.post(where).content.startswith(b"%PDF-")
    assert {"identity.revealed", "consent.printed"} <= set(AuditEvent.objects.values_list("verb", flat=True))
    told = str(paper(held, identity_of(between.client), between.rina))
    assert "Andi Contoh" in told
    assert "25 tahun" in told or "25 years" in told
    scan = SimpleUploadedFile("persetujuan.pdf", PDF)
    add = at("add_document", between.client.code) + f"?persetujuan={held.pk}"
    client.post(add, {"kind": "statement", "title": "", "file": scan})
    assert Document.objects.get().consent == held
    assert at("document", Document.objects.get().pk) in text(client.get(at("consent", between.client.code)))


def test_the_history_of_another_facility_is_not_told(client, between):
    between.episode.status, between.episode.closed_on, between.episode.outcome = "closed", day(-9), "referred"
    between.episode.save()
    mine = factories.episode(between.client, between.receiver, number=2)
    held = Consent.objects.get()
    client.force_login(factories.user(Role.CLERK, between.receiver))
    shown = text(client.get(at("consent", mine.client.code)))
    assert between.sender.name not in shown
    assert client.get(at("revoke_consent", mine.client.code, held.pk)).status_code == 404
    assert client.post(at("print_consent", mine.client.code, held.pk)).status_code == 404
    client.force_login(factories.user(Role.CLERK, factories.facility()))
    for where in (at("consent", mine.client.code), at("guardian", mine.client.code)):
        assert client.get(where).status_code == 404


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(client, between, many, django_assert_num_queries):
    for _ in range(many - 1):
        consents.give(by=between.rina, client=between.client, facility=between.sender, scope="referral")
    client.force_login(between.rina)
    where = at("consent", between.client.code)
    client.get(where)
    with django_assert_num_queries(9):
        assert text(client.get(where)).count("diberikan") >= many
