from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import CaseFacts
from clients import handover_panels, paper
from clients.actions import consents, handovers
from clients.enums import HandoverStatus, Programme, Setting
from clients.models import Consent, Handover
from clients.queries import identity_of
from rehab import panels
from rehab.models import AuditEvent
from rehab.roles import ROLES, Role
from tests import factories
from tests.clients.ways import REASON, SUMMARY, way

pytestmark = pytest.mark.django_db
NOTE = "sabu sejak lama"
TYPED = {"setting": Setting.INPATIENT, "programme": Programme.TC, "reason": REASON, "summary": SUMMARY}


@pytest.fixture
def between():
    made = way()
    CaseFacts.objects.create(episode=made.episode, substance_note=NOTE, substance="stimulants")
    return made


def at(name, *args) -> str:
    return reverse(f"clients:{name}", args=args)


def text(response) -> str:
    return response.content.decode()


def test_a_client_is_offered_once_however_often_the_form_is_sent(client, between):
    client.force_login(between.rina)
    where = at("offer_handover", between.client.code)
    assert "Serahkan" in text(client.get(at("client", between.client.code)))
    found = client.post(where, {**TYPED, "words": "balai tujuan", "look": "1"})
    assert [place.name for place in found.context["form"].places] == ["Balai Tujuan"]
    assert SUMMARY in text(found)
    post = {**TYPED, "words": "balai", "to_facility": between.receiver.pk, "form_token": "satu"}
    answers = [client.post(where, post) for _ in range(2)]
    made = Handover.objects.get()
    assert {answer["Location"] for answer in answers} == {at("handover", made.pk)}
    assert "sudah sedang ditawarkan" in text(client.get(where))


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, "Pilih satu fasilitas"),
        ({"to_facility": "999999"}, "Pilih fasilitas dari daftar"),
        ({"to_facility": "x'--"}, "Pilih fasilitas dari daftar"),
        ({"outside": "RSUD Contoh", "summary": ""}, "Tulis|Isi|perlu|wajib"),
        ({"outside": "RSUD Contoh", "setting": "bulan"}, "bulan"),
        ({"outside": "R" * 151}, "150"),
        ({"outside": "RSUD Contoh", "reason": "R" * 251}, "250"),
    ],
)
def test_bad_input_is_told_and_nothing_is_lost(client, between, changes, word):
    client.force_login(between.rina)
    page = client.post(at("offer_handover", between.client.code), TYPED | changes)
    assert page.status_code == 200
    assert page.context["form"].errors
    assert any(one in text(page) for one in word.split("|"))
    assert all(typed in text(page) for typed in (TYPED | changes).values() if len(typed) > 20)
    assert not Handover.objects.exists()


def test_without_consent_the_page_says_what_to_do(client):
    between = way(scope="care")
    client.force_login(between.rina)
    where = at("offer_handover", between.client.code)
    assert "Catat persetujuan" in text(client.get(where))
    assert "belum mencakup" in text(client.post(where, TYPED | {"outside": "RSUD Contoh"}))
    assert not Handover.objects.exists()


def test_the_receiver_reads_the_packet_and_nothing_else_until_it_is_received(client, between):
    made = between.offered()
    client.force_login(between.budi)
    page = text(client.get(at("handover", made.pk)))
    for word in (between.client.code, "A. C.", SUMMARY, REASON, NOTE, "Klinik Asal", "Terima klien"):
        assert word in page
    assert "Andi Contoh" not in page
    assert AuditEvent.objects.get(verb="handover.opened").client_code == between.client.code
    for url in (
        at("client", between.client.code),
        at("plans", between.client.code),
        at("start_treatment", between.treatment.pk),
    ):
        assert client.get(url).status_code == 404
    assert client.post(at("reveal", between.client.code)).status_code == 404
    answer = client.post(at("answer_handover", made.pk, "terima"), {"setting": "outpatient", "programme": "non_tc"})
    assert answer["Location"] == at("handover", made.pk)
    assert client.get(at("client", between.client.code)).status_code == 200
    assert between.episode.treatments.open().get().setting == Setting.OUTPATIENT
    assert "Registered" not in text(client.get(at("client", between.client.code)))
    assert "Terdaftar di Klinik Asal" in text(client.get(at("client", between.client.code)))


def test_after_it_the_sender_still_reads_its_own_way(client, between):
    made = between.received()
    client.force_login(between.rina)
    assert client.get(at("client", between.client.code)).status_code == 200
    assert SUMMARY in text(client.get(at("handover", made.pk)))
    assert client.get(at("offer_handover", between.client.code)).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_what_the_receiver_finds_later_is_not_in_the_senders_packet(client, between):
    made = between.received()
    CaseFacts.objects.update(substance_note="temuan baru")
    client.force_login(between.rina)
    page = text(client.get(at("handover", made.pk)))
    assert NOTE in page
    assert "temuan baru" not in page


def test_a_revoked_consent_closes_the_packet_at_once(client, between):
    made = between.offered()
    consents.revoke(by=between.rina, consent=Consent.objects.get(), reason="Berubah pikiran")
    client.force_login(between.budi)
    for page in (client.get(at("handover", made.pk)), client.get(at("handovers"))):
        assert page.status_code == 200
        for word in (between.client.code, "A. C.", SUMMARY, REASON, NOTE):
            assert word not in text(page)
    assert "Paket ini tertutup" in text(client.get(at("handover", made.pk)))
    answer = client.post(
        at("answer_handover", made.pk, "terima"), {"setting": "outpatient", "programme": "tc"}, follow=True
    )
    assert "belum mencakup" in text(answer)
    assert handover_panels.waiting(between.budi, between.receiver.local_date()) == []
    (item,) = handover_panels.waiting(between.rina, between.sender.local_date())
    assert "dicabut" in item.detail
    client.force_login(between.rina)
    assert "mencabut persetujuannya" in text(client.get(at("handover", made.pk)))


@pytest.mark.parametrize("step", ["tolak", "tarik"])
def test_what_came_to_nothing_is_closed_to_the_receiver(client, between, step):
    made = between.offered()
    client.force_login(between.budi if step == "tolak" else between.rina)
    where = at("answer_handover", made.pk, step)
    page = client.post(where, {"reason": ""})
    assert page.status_code == 200
    assert '<details class="card-plain" open>' in text(page)
    client.post(where, {"reason": "Tempat penuh"})
    client.force_login(between.budi)
    for page in (client.get(at("handover", made.pk)), client.get(at("handovers"))):
        assert between.client.code not in text(page)
        assert SUMMARY not in text(page)
    client.force_login(between.rina)
    assert "Tempat penuh" in text(client.get(at("handover", made.pk)))


def test_whoever_comes_second_reads_who_was_quicker(client, between):
    made = between.received()
    client.force_login(factories.user(Role.DOCTOR, between.receiver))
    answer = client.post(
        at("answer_handover", made.pk, "terima"), {"setting": "inpatient", "programme": "tc"}, follow=True
    )
    assert "Budi Penerima sudah lebih dulu" in text(answer)
    assert between.episode.treatments.open().count() == 1


def test_nobody_takes_the_step_of_the_other_side(client, between):
    made = between.offered()
    for user, steps in ((between.rina, ["terima", "tolak", "kontak"]), (between.budi, ["tarik", "selesai-di-luar"])):
        client.force_login(user)
        for step in [*steps, "hapus"]:
            assert client.post(at("answer_handover", made.pk, step), {"reason": "x"}).status_code == 404
        assert client.get(at("answer_handover", made.pk, "terima")).status_code == 405
    made.refresh_from_db()
    assert made.status == HandoverStatus.OFFERED


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.COUNSELOR, Role.DOCTOR, Role.NURSE}])
def test_no_other_role_of_the_two_places_learns_of_it(client, between, role):
    made = between.received()
    for place in (between.sender, between.receiver):
        client.force_login(factories.user(role, place if ROLES[role].at_facility else place.unit))
        for url in (
            at("handover", made.pk),
            at("handover_receipt", made.pk),
            at("offer_handover", between.client.code),
        ):
            assert client.get(url).status_code == 404, url
        assert client.get(at("handovers")).status_code == 403
        assert client.post(at("answer_handover", made.pk, "kontak")).status_code == 404


def test_a_stranger_learns_nothing(client, between):
    made = between.offered()
    client.force_login(factories.user(Role.COUNSELOR, factories.facility()))
    assert client.get(at("handover", made.pk)).status_code == 404
    assert client.post(at("answer_handover", made.pk, "terima")).status_code == 404
    assert between.client.code not in text(client.get(at("handovers")))


def test_first_contact_and_outside_are_recorded_on_the_page(client, between):
    made = between.received()
    client.force_login(between.budi)
    contact = at("answer_handover", made.pk, "kontak")
    assert client.post(contact, {"contacted_on": "kemarin"}).context["answers"][0]["form"].errors
    client.post(contact, {"contacted_on": f"{between.receiver.local_date()}"})
    assert Handover.objects.get().status == HandoverStatus.CONTACTED


def test_outside_is_closed_by_the_sender(client, between):
    made = between.offered(to_facility=None, outside="RSUD Contoh")
    client.force_login(between.rina)
    page = text(client.get(at("handover", made.pk)))
    assert "Klien sudah tiba di sana" in page
    answer = client.post(at("answer_handover", made.pk, "selesai-di-luar"), follow=True)
    assert "diserahkan ke luar Titian" in text(answer)


def test_the_receipt_is_a_paper_whose_code_anybody_signed_in_can_check(client, between):
    made = between.offered()
    client.force_login(between.rina)
    assert client.get(at("handover_receipt", made.pk)).status_code == 404
    made = handovers.receive(by=between.budi, handover=made)
    paper = client.get(at("handover_receipt", made.pk))
    assert paper.content.startswith(b"%PDF-")
    assert paper.content == client.get(at("handover_receipt", made.pk)).content
    assert AuditEvent.objects.filter(verb="handover.printed").count() == 2
    client.force_login(factories.user(Role.FACILITY_ADMIN, factories.facility()))
    page = text(client.post(at("verify_receipt"), {"code": made.receipt.upper()}))
    assert "Tanda terima ini asli" in page
    assert "Balai Tujuan" in page
    assert between.client.code not in page
    assert "Tidak ada tanda terima" in text(client.post(at("verify_receipt"), {"code": "0" * 16}))
    assert client.post(at("verify_receipt"), {"code": ""}).context["form"].errors


def late(between, **ago) -> Handover:
    made = between.offered()
    Handover.objects.filter(pk=made.pk).update(offered_at=timezone.now() - timedelta(**ago))
    return made


def test_what_is_late_stands_with_both_sides_and_with_the_staff_of_their_units(between):
    today = between.sender.local_date()
    staff = [factories.user(Role.UNIT_STAFF, place.unit) for place in (between.sender, between.receiver)]
    made = between.offered()
    assert handover_panels.waiting(between.rina, today) == []
    (item,) = handover_panels.waiting(between.budi, today)
    assert (item.title, item.urgent, item.client) == ("Serah terima dari Klinik Asal", False, None)
    assert [handover_panels.waiting(user, today) for user in staff] == [[], []]
    Handover.objects.update(offered_at=timezone.now() - timedelta(hours=49))
    assert handover_panels.waiting(between.budi, today)[0].urgent
    assert "menunggu 2 hari" in handover_panels.waiting(between.rina, today)[0].detail
    ours, theirs = (handover_panels.waiting(user, today)[0] for user in staff)
    assert ours.url == at("client", between.client.code)
    assert (theirs.url, theirs.client) == ("", None)
    assert handover_panels.waiting(factories.user(Role.CLERK, between.sender), today) == []
    assert handover_panels.waiting(factories.user(Role.COUNSELOR, factories.facility()), today) == []
    handovers.receive(by=between.budi, handover=made)
    (item,) = handover_panels.waiting(between.budi, today)
    assert (item.group, item.client, item.urgent) == ("due", between.client, False)
    assert handover_panels.waiting(between.rina, today) == []
    Handover.objects.update(decided_at=timezone.now() - timedelta(days=8))
    assert handover_panels.waiting(between.budi, today)[0].urgent
    assert "kontak pertama" in handover_panels.waiting(between.rina, today)[0].detail
    assert len([item for user in staff for item in handover_panels.waiting(user, today)]) == 2


def test_what_was_declined_stands_with_the_sender_until_it_is_offered_again(between):
    today = between.sender.local_date()
    handovers.decline(by=between.budi, handover=between.offered(), reason="Penuh")
    (item,) = handover_panels.waiting(between.rina, today)
    assert item.detail == "Balai Tujuan menolak"
    between.offered(to_facility=factories.facility())
    assert handover_panels.waiting(between.rina, today) == []


def test_the_way_tells_of_it_and_reasons_only_to_care_staff(client, between):
    between.received()
    client.force_login(between.rina)
    page = text(client.get(at("client", between.client.code) + "?kind=handover"))
    for word in ("Ditawarkan ke Balai Tujuan", "Balai Tujuan menerima klien", REASON):
        assert word in page
    client.force_login(factories.user(Role.UNIT_STAFF, between.sender.unit))
    page = text(client.get(at("client", between.client.code)))
    assert "Balai Tujuan menerima klien" in page
    assert REASON not in page


def test_the_list_takes_as_many_queries_for_one_as_for_three(client, between, django_assert_max_num_queries):
    between.offered()
    client.force_login(between.budi)
    client.get(at("handovers"))
    with django_assert_max_num_queries(12) as one:
        client.get(at("handovers"))
    for _ in range(2):
        other = way_to(between)
        handovers.offer(by=other.rina, episode=other.episode, to_facility=between.receiver, **TYPED)
    with django_assert_max_num_queries(len(one.captured_queries)):
        page = client.get(at("handovers"))
    assert len(page.context["rows"]) == 3


def way_to(between):
    """Another client of the same sender."""
    came = factories.episode(factories.client("Rina Contoh"), between.sender)
    Consent.objects.create(client=came.client, facility=between.sender, scope="referral", given_on=came.opened_on)
    between.treatment = factories.treatment(came)
    return between


def test_a_letter_with_the_name_goes_along_and_each_print_is_a_look(client, between):
    made = between.offered()
    client.force_login(between.rina)
    assert "Surat rujukan (PDF)" in text(client.get(at("handover", made.pk)))
    paper = client.post(at("handover_letter", made.pk))
    assert paper.content.startswith(b"%PDF-")
    assert "Andi" not in str(paper.headers)
    look = AuditEvent.objects.get(verb="identity.revealed")
    assert (look.client_code, look.reason) == (between.client.code, "letter")


def test_the_letter_tells_who_comes_why_and_what_was_found(between):
    made = between.offered()
    cards = panels.packet.collect(made.episode, made.from_facility, timezone.now())
    told = paper.letter(made, identity_of(between.client), cards)
    facts = {label: value for section in told["sections"] for label, value in section["facts"]}
    assert (told["to"], told["reason"], told["summary"]) == ("Balai Tujuan", REASON, SUMMARY.splitlines())
    assert "Andi Contoh" in [value for _label, value in told["facts"]]
    assert NOTE in facts["Zat utama"]
    assert "NIK" not in str(told)


def test_no_letter_without_consent_for_the_receiver_or_of_an_offer_that_came_to_nothing(client, between):
    made = between.offered()
    client.force_login(between.budi)
    assert client.post(at("handover_letter", made.pk)).status_code == 404
    client.force_login(between.rina)
    consents.revoke(by=between.rina, consent=Consent.objects.get(), reason="Berubah pikiran")
    assert client.post(at("handover_letter", made.pk)).status_code == 404
    assert "Surat rujukan" not in text(client.get(at("handover", made.pk)))
    assert not AuditEvent.objects.filter(verb="identity.revealed").exists()
