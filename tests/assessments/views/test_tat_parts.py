"""Each person sees exactly their part of a TAT case: on every page, in every list, on paper and in the client's record."""

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from assessments import tat_panels
from assessments.actions import tat, tat_outcome
from assessments.enums import TatStatus
from assessments.models import TatCase, TatLegalRecord, TatMedicalRecord
from clients.models import Client
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories
from tests.assessments.tat_makers import LEGAL_END, LEGAL_NOTE, MEDICAL_END, MEDICAL_NOTE, Team, fresh

pytestmark = pytest.mark.django_db
PAGES = ("tat_case", "tat_papers", "tat_team", "tat_record", "tat_plenary", "tat_letter", "tat_placement")


@pytest.fixture
def team():
    return Team()


def browser(user) -> Browser:
    found = Browser()
    found.force_login(user)
    return found


def url(name, *args) -> str:
    return reverse(f"assessments:{name}", args=args)


def everything(user, case) -> str:
    """All that the person can open of the case, in one text."""
    inside = browser(user)
    addresses = [url(name, case.code) for name in PAGES] + [url("tat_version", case.code, 1), url("tat_list")]
    pages = [inside.get(address) for address in addresses]
    return "".join(page.content.decode() for page in pages if page.status_code == 200)


@pytest.mark.parametrize("status", [TatStatus.ASSESSING, TatStatus.PLENARY, TatStatus.RESULT])
def test_each_team_reads_its_own_notes_and_the_others_conclusion(team, status):
    case = team.case(status)
    medical, legal, secretariat = (everything(user, case) for user in (team.maria, team.yusuf, team.sri))
    for text in (medical, legal, secretariat):
        assert MEDICAL_END in text
        assert LEGAL_END in text
    assert (MEDICAL_NOTE in medical, LEGAL_NOTE in medical) == (True, False)
    assert (MEDICAL_NOTE in legal, LEGAL_NOTE in legal) == (False, True)
    assert (MEDICAL_NOTE in secretariat, LEGAL_NOTE in secretariat) == (False, False)
    for hidden in ("F15", "Setiap hari", "MET +"):
        assert hidden not in legal
        assert hidden not in secretariat
    for hidden in ("Indikasi pemakai", "Kratom"):
        assert hidden not in medical
        assert hidden not in secretariat


def test_documents_are_for_secretariat_and_legal_team(team):
    case = team.case(TatStatus.SCHEDULED)
    texts = [
        browser(user).get(url("tat_case", case.code)).content.decode() for user in (team.sri, team.yusuf, team.maria)
    ]
    assert ["D/arrest" in text for text in texts] == [True, True, False]


def test_evidence_stands_beside_sema_amounts_as_information(team):
    case = team.case(TatStatus.ASSESSING)
    text = browser(team.yusuf).get(url("tat_case", case.code)).content.decode()
    for words in (
        "di bawah jumlah pemakaian satu hari",
        "di atas jumlah pemakaian satu hari",
        "tidak menyebut jumlah untuk zat ini",
        "bukan putusan",
    ):
        assert words in text


def test_members_have_no_page_of_the_secretariat_and_the_secretariat_none_of_theirs(team):
    case = team.case(TatStatus.ASSESSING)
    for member in (team.maria, team.yusuf):
        inside = browser(member)
        for name in ("tat_papers", "tat_team", "tat_plenary", "tat_letter", "tat_placement"):
            assert inside.get(url(name, case.code)).status_code == 404, name
        for name in ("tat_submit", "tat_send_back", "tat_schedule", "tat_refuse", "tat_not_ordered"):
            assert inside.post(url(name, case.code), {"reason": "x"}).status_code == 404, name
        assert inside.get(url("tat_open")).status_code == 403
    assert browser(team.sri).get(url("tat_record", case.code)).status_code == 404
    assert browser(team.sri).get(url("tat_version", case.code, 1)).status_code == 404


def test_who_is_not_assigned_sees_nothing(team):
    case = team.case(TatStatus.RESULT)
    for role in (Role.TAT_MEDICAL, Role.TAT_LEGAL):
        other = factories.user(role, team.unit)
        assert everything(other, case).count(case.code) == 0
        assert browser(other).get(url("tat_letter_pdf", case.code)).status_code == 404


def test_a_post_that_ended_ends_the_case_for_the_member(team):
    case = team.case(TatStatus.ASSESSING)
    team.maria.postings.update(ends_on=team.today)
    factories.post(team.maria, Role.TAT_LEGAL, team.unit)
    assert browser(team.maria).get(url("tat_case", case.code)).status_code == 404
    assert not TatMedicalRecord.objects.visible_to(fresh(team.maria)).exists()
    assert not TatLegalRecord.objects.visible_to(fresh(team.maria)).exists()


def test_the_facility_learns_of_person_and_letter_from_the_order_on(team):
    case, place = team.case(TatStatus.RESULT), factories.facility(of=team.unit)
    staff = factories.user(Role.COUNSELOR, place)
    letter, page = url("tat_letter_pdf", case.code), reverse("clients:client", args=[case.client.code])
    assert (browser(staff).get(letter).status_code, browser(staff).get(page).status_code) == (404, 404)
    assert not Client.objects.visible_to(staff).filter(pk=case.client_id).exists()
    tat_outcome.order_placement(by=team.sri, case=case, order=team.order(place))
    answer = browser(staff).get(letter)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    text = browser(staff).get(page).content.decode()
    assert "Penempatan ditetapkan oleh Kejaksaan Negeri Contoh" in text
    assert letter in text
    assert browser(staff).get(url("tat_case", case.code)).status_code == 404
    assert MEDICAL_NOTE not in text


@pytest.mark.parametrize("role", [Role.CLERK, Role.CORRECTIONS, Role.UNIT_STAFF, Role.FACILITY_ADMIN, Role.UNIT_ADMIN])
def test_others_at_the_facility_and_above_never_read_the_letter(team, role):
    case, place = team.case(TatStatus.RESULT), factories.facility(of=team.unit)
    tat_outcome.order_placement(by=team.sri, case=case, order=team.order(place))
    at_unit = role in {Role.UNIT_STAFF, Role.UNIT_ADMIN}
    visitor = factories.user(role, team.unit if at_unit else place)
    assert browser(visitor).get(url("tat_letter_pdf", case.code)).status_code == 404
    page = browser(visitor).get(reverse("clients:client", args=[case.client.code])).content.decode()
    assert url("tat_letter_pdf", case.code) not in page
    assert "Surat hasil asesmen terpadu" not in page


def test_who_opened_the_record_tells_the_facility_no_reason_of_the_case(team):
    case, place = team.case(TatStatus.SUBMITTED), factories.facility(of=team.unit)
    tat.send_back(by=team.sri, case=case, reason="Surat penyitaan rahasia")
    browser(team.sri).post(url("tat_reveal", case.code))
    team.complete(case)
    for step in ("submitted", "scheduled", "assessing", "plenary", "result"):
        getattr(team, f"_to_{step}")(case)
    tat_outcome.order_placement(by=team.sri, case=case, order=team.order(place))
    staff = factories.user(Role.COUNSELOR, place)
    text = browser(staff).get(reverse("clients:who_looked", args=[case.client.code])).content.decode()
    assert "mengerjakan perkara TAT" in text
    assert "penyitaan" not in text
    assert case.code not in text


def test_another_facility_sees_nothing_even_after_the_order(team):
    case = team.case(TatStatus.RESULT)
    tat_outcome.order_placement(by=team.sri, case=case, order=team.order(factories.facility(of=team.unit)))
    other = factories.user(Role.COUNSELOR, factories.facility(of=team.unit))
    assert browser(other).get(url("tat_letter_pdf", case.code)).status_code == 404


def test_without_an_order_no_facility_ever_sees_it(team):
    case, place = team.case(TatStatus.RESULT), factories.facility(of=team.unit)
    tat_outcome.not_ordered(by=team.sri, case=case, decided_on=team.today, ordered_by="Jaksa", reason="Lanjut pidana")
    staff = factories.user(Role.COUNSELOR, place)
    assert browser(staff).get(url("tat_letter_pdf", case.code)).status_code == 404
    assert not Client.objects.visible_to(staff).filter(pk=case.client_id).exists()


def test_at_bnn_itself_the_secretariat_has_bnns_own_cases(team):
    case = team.case()
    top = factories.user(Role.TAT_SECRETARIAT, factories.unit("BNN"))
    assert browser(top).get(url("tat_case", case.code)).status_code == 404
    assert not TatCase.objects.visible_to(fresh(top)).exists()


def test_what_opens_a_record_is_a_recorded_look(team):
    case = team.case(TatStatus.RESULT)
    browser(team.maria).get(url("tat_case", case.code))
    browser(team.maria).get(url("tat_version", case.code, 1))
    browser(team.yusuf).get(url("tat_letter_pdf", case.code))
    looks = AuditEvent.objects.filter(client_code=case.client.code, actor_id__in=[team.maria.pk, team.yusuf.pk])
    verbs = looks.exclude(verb="tat.signed").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["tat.opened_page", "tat.record_opened", "tat.letter_printed"]


def test_hari_ini_tells_members_what_is_theirs_in_two_queries(team, django_assert_num_queries):
    team.case(TatStatus.SCHEDULED, days_ago=9)
    team.case(TatStatus.ASSESSING)
    maria = fresh(team.maria)
    tat_panels.permissions_of(maria)
    with django_assert_num_queries(2):
        items = tat_panels.today(maria, timezone.localdate())
    assert [(item.urgent, item.act_label) for item in items] == [(True, "Tulis"), (False, "")]
    assert "Tim medis" in items[0].detail
    sri = fresh(team.sri)
    assert [item.act_label for item in tat_panels.today(sri, timezone.localdate())] == ["", ""]
    nurse = factories.user(Role.NURSE, factories.facility(of=team.unit))
    tat_panels.permissions_of(nurse)
    with django_assert_num_queries(0):
        assert tat_panels.today(nurse, timezone.localdate()) == []


def test_the_client_page_asks_nothing_for_those_whom_nobody_sent(team, django_assert_num_queries):
    episode = factories.episode()
    staff = factories.user(Role.COUNSELOR, episode.responsible_facility)
    tat_panels.permissions_of(staff)
    list(episode.client.episodes.all())
    with django_assert_num_queries(1):
        assert tat_panels.timeline(staff, episode.client) == []


def test_lists_ask_no_more_for_three_than_for_one(team, django_assert_max_num_queries):
    team.case(TatStatus.ASSESSING)
    inside = browser(team.maria)
    inside.get(url("tat_list"))
    with django_assert_max_num_queries(12) as one:
        inside.get(url("tat_list"))
    team.case(TatStatus.SCHEDULED)
    team.case(TatStatus.SCHEDULED, days_ago=5)
    with django_assert_max_num_queries(len(one.captured_queries)):
        text = inside.get(url("tat_list")).content.decode()
    assert text.count("catatan Anda belum ada") == 2
