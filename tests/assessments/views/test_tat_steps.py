"""The pages of a case as they are posted: the steps, two people at once, double clicks, bad input, the letter on paper."""

import re
from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse

from assessments.actions import tat_outcome, tat_records
from assessments.enums import TatPaper, TatStatus
from assessments.models import TatLegalRecord, TatLetter, TatMedicalRecord, TatPlacement, TatPlenary
from clients.actions import identity
from clients.actions.people import IdentityData
from clients.models import Identity
from rehab.roles import Role
from tests import factories
from tests.assessments.tat_makers import LEGAL_NOTE, MEDICAL_NOTE, Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return Team()


def browser(user) -> Browser:
    found = Browser()
    found.force_login(user)
    return found


def url(name, *args) -> str:
    return reverse(f"assessments:{name}", args=args)


def filled(page, form: str = "form") -> dict:
    """What a browser would post of the page's form, unchanged."""
    bound = page.context[form]
    fields = {name: bound[name].value() for name in bound.fields}
    return {name: value for name, value in fields.items() if value is not None}


def medical(**changes) -> dict:
    return {
        "version": 0, "icd_group": "F15", "icd_state": "2", "substance": "stimulants", "pattern": "Harian", "need": "RI",
        "notes": MEDICAL_NOTE, "conclusion": "Ketergantungan", "urine": "",
    } | changes  # fmt: skip


def legal(**changes) -> dict:
    lines = {f"unit_{number}": "g" for number in range(1, 7)}
    return lines | {"version": 0, "role": "user", "notes": LEGAL_NOTE, "conclusion": "Pemakai"} | changes


def test_the_checklist_is_saved_line_by_line_and_a_conflict_is_shown_field_by_field(team):
    case, inside = team.case(), browser(team.sri)
    page = inside.get(url("tat_papers", case.code))
    opened = filled(page) | {f"was-{name}": value for name, value in page.context["was"].items()}
    answer = inside.post(url("tat_papers", case.code), opened | {"state_arrest": "received", "number_arrest": "A/1"})
    assert answer.status_code == 302
    clash = inside.post(
        url("tat_papers", case.code),
        opened | {"state_arrest": "received", "number_arrest": "A/2", "state_urine": "not_needed"},
    )
    assert clash.status_code == 409
    conflicts = {row.field: row for row in clash.context["conflicts"]}
    assert (conflicts["number_arrest"].theirs, conflicts["number_arrest"].yours) == ("A/1", "A/2")
    again = filled(page) | {f"was-{name}": value for name, value in clash.context["was"].items()}
    again |= {
        "state_arrest": "received",
        "number_arrest": "A/2",
        "state_urine": "not_needed",
        "keep-number_arrest": "theirs",
    }
    assert inside.post(url("tat_papers", case.code), again).status_code == 302
    rows = {row.kind: row for row in case.documents.all()}
    assert (rows["arrest"].number, rows["urine"].state) == ("A/1", "not_needed")


@pytest.mark.parametrize("field", ["state_arrest", "number_arrest", "dated_arrest"])
def test_a_checklist_posted_with_nonsense_is_refused(team, field):
    case, inside = team.case(), browser(team.sri)
    opened = filled(inside.get(url("tat_papers", case.code)))
    answer = inside.post(url("tat_papers", case.code), opened | {field: "x" * 10_000})
    assert (answer.status_code, field in answer.context["form"].errors) == (422, True)


def test_people_come_into_the_team_by_the_page_and_a_second_click_adds_nobody(team):
    case, inside = team.case(), browser(team.sri)
    body = {"team": "medical", "medical-user": team.maria.pk, "medical-agency": "doctor", "form_token": "t1"}
    for _ in range(2):
        assert inside.post(url("tat_team", case.code), body).status_code == 302
    wrong = {"team": "legal", "legal-user": team.maria.pk, "legal-agency": "police"}
    assert inside.post(url("tat_team", case.code), wrong).status_code == 422
    assert inside.post(url("tat_team", case.code), {"team": "legal"}).status_code == 422
    assert [member.user for member in case.members.active()] == [team.maria]
    assert inside.post(url("tat_take_off", case.code, case.members.get().pk)).status_code == 302
    assert not case.members.active().exists()


def test_a_step_taken_twice_ends_on_the_page_with_a_sentence(team):
    case, inside = team.case(TatStatus.SUBMITTED), browser(team.sri)
    answer = inside.post(url("tat_submit", case.code), follow=True)
    assert "ada yang lebih dulu" in answer.content.decode()
    early = inside.post(url("tat_schedule", case.code), {"on": team.today.isoformat()}, follow=True)
    assert "Masih kurang" in early.content.decode()


def test_a_bad_day_stays_on_the_form(team):
    case, inside = team.case(TatStatus.SUBMITTED), browser(team.sri)
    for day in ("", "31-02-2026", "1899-01-01", "2999-01-01"):
        assert inside.post(url("tat_schedule", case.code), {"on": day}).status_code == 422


def test_records_are_signed_by_the_page_and_a_second_click_signs_nothing(team):
    case = team.case(TatStatus.SCHEDULED)
    body = medical(examined_on=team.today.isoformat(), form_token="t2")
    for _ in range(2):
        assert browser(team.maria).post(url("tat_record", case.code), body).status_code == 302
    lines = {
        "substance_1": "methamphetamine",
        "amount_1": "0,4",
        "substance_3": "other",
        "amount_3": "2",
        "name_3": "Kratom",
    }
    answer = browser(team.yusuf).post(url("tat_record", case.code), legal(examined_on=team.today.isoformat(), **lines))
    assert answer.status_code == 302
    assert (TatMedicalRecord.objects.get().version, TatLegalRecord.objects.get().version) == (1, 1)
    told = [(row.position, row.substance, row.name) for row in TatLegalRecord.objects.get().evidence.all()]
    assert told == [(1, "methamphetamine", ""), (2, "other", "Kratom")]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount_1": "1"}, "substance_1"),
        ({"substance_1": "heroin"}, "amount_1"),
        ({"substance_1": "heroin", "amount_1": "-1"}, "amount_1"),
        ({"substance_1": "heroin", "amount_1": "0"}, "amount_1"),
        ({"substance_1": "heroin", "amount_1": "1.250"}, "amount_1"),
        ({"substance_1": "heroin", "amount_1": "NaN"}, "amount_1"),
        ({"substance_1": "other", "amount_1": "1"}, "name_1"),
        ({"substance_1": "garam", "amount_1": "1"}, "substance_1"),
        ({"notes": "x" * 10_001}, "notes"),
        ({"role": "hakim"}, "role"),
        ({"examined_on": "1899-01-01"}, "examined_on"),
        ({"examined_on": "2999-01-01"}, "examined_on"),
    ],
)
def test_a_record_with_bad_input_stays_on_the_form_and_signs_nothing(team, changes, field):
    case = team.case(TatStatus.SCHEDULED)
    answer = browser(team.yusuf).post(url("tat_record", case.code), legal(examined_on=team.today.isoformat()) | changes)
    assert (answer.status_code, field in answer.context["form"].errors) == (422, True)
    assert not TatLegalRecord.objects.exists()


def test_two_of_a_team_at_once_meet_on_a_page_that_names_each_field(team):
    case = team.case(TatStatus.ASSESSING)
    inside, opened = browser(team.yusuf), None
    page = inside.get(url("tat_record", case.code))
    opened = filled(page)
    tat_records.sign_legal(by=team.yusuf, case=case, version=1, facts=team.legal(conclusion="Rekan"), evidence=())
    clash = inside.post(url("tat_record", case.code), opened | {"conclusion": "Saya"})
    assert clash.status_code == 409
    fields = {row.field: (row.theirs, row.yours, row.chosen) for row in clash.context["conflicts"]}
    assert fields["conclusion"] == ("Rekan", "Saya", "yours")
    assert fields["substance_1"][2] == "theirs"
    keep = {f"keep-{name}": row[2] for name, row in fields.items()}
    assert (
        inside.post(url("tat_record", case.code), opened | {"conclusion": "Saya", "version": 2} | keep).status_code
        == 302
    )
    latest = TatLegalRecord.objects.first()
    assert (latest.version, latest.conclusion, latest.evidence.count()) == (3, "Saya", 0)


def minutes(team, case, **changes) -> dict:
    return {
        "edit": 0, "held_on": team.today.isoformat(), "present": [member.pk for member in case.members.active()],
        "conclusion": "Pemakai", "recommendation": "outpatient", "length_months": "3", "place": "Klinik 🌿",
    } | changes  # fmt: skip


def test_two_plenaries_at_once_meet_on_the_conflict_page(team):
    case = team.case(TatStatus.ASSESSING)
    one, two = browser(team.sri), browser(factories.user(Role.TAT_SECRETARIAT, team.unit))
    assert one.post(url("tat_plenary", case.code), minutes(team, case)).status_code == 302
    clash = two.post(url("tat_plenary", case.code), minutes(team, case, recommendation="inpatient"))
    assert clash.status_code == 409
    assert [(row.field, row.theirs, row.yours) for row in clash.context["conflicts"]] == [
        ("recommendation", "Rehabilitasi rawat jalan", "Rehabilitasi rawat inap")
    ]
    settled = minutes(team, case, recommendation="inpatient", edit=1) | {"keep-recommendation": "theirs"}
    assert two.post(url("tat_plenary", case.code), settled).status_code == 302
    assert TatPlenary.objects.get().recommendation == "outpatient"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"present": []}, "present"),
        ({"held_on": "1899-01-01"}, "held_on"),
        ({"held_on": "2999-01-01"}, "held_on"),
        ({"conclusion": "x" * 10_000}, "conclusion"),
        ({"recommendation": "bebas"}, "recommendation"),
        ({"length_months": "0"}, "length_months"),
    ],
)
def test_a_plenary_with_bad_input_stays_on_the_form(team, changes, field):
    case = team.case(TatStatus.ASSESSING)
    answer = browser(team.sri).post(url("tat_plenary", case.code), minutes(team, case, **changes))
    assert (answer.status_code, field in answer.context["form"].errors) == (422, True)
    assert not TatPlenary.objects.exists()


def letter(team, **changes) -> dict:
    return {
        "letter_number": "B/7/XI",
        "letter_on": team.today.isoformat(),
        "signer": "Theresia",
        "position": "Ketua",
    } | changes


def test_the_letter_is_issued_once_and_prints_the_same_after_a_correction(team):
    case, inside = team.case(TatStatus.PLENARY), browser(team.sri)
    for _ in range(2):
        assert inside.post(url("tat_letter", case.code), letter(team)).status_code == 302
    first = inside.get(url("tat_letter_pdf", case.code)).content
    assert first.startswith(b"%PDF-")
    edit = Identity.objects.get(client=case.client).edit
    corrected = IdentityData(name="Lain Contoh", sex="M", no_nik_reason="unknown")
    identity.correct(by=team.sri, client=case.client, identity=corrected, edit=edit, reason="uji")
    assert inside.get(url("tat_letter_pdf", case.code)).content == first
    assert TatLetter.objects.count() == 1


@pytest.mark.parametrize("days", [-4, 1])
def test_a_letter_older_than_the_request_or_ahead_stays_on_the_form(team, days):
    case = team.case(TatStatus.PLENARY)
    day = (team.today + timedelta(days=days)).isoformat()
    answer = browser(team.sri).post(url("tat_letter", case.code), letter(team, letter_on=day))
    assert (answer.status_code, "letter_on" in answer.context["form"].errors) == (422, True)


def test_anyone_may_check_the_code_and_learns_of_no_person(team):
    case = team.case(TatStatus.RESULT)
    code = TatLetter.objects.get().code
    inside = browser(factories.user(Role.COUNSELOR, factories.facility()))
    text = inside.post(url("tat_verify"), {"code": re.sub("(.{4})", r"\1 ", code.upper())}).content.decode()
    assert "Surat ini asli" in text
    assert "B/7/XI" in text
    assert "Budi" not in text
    assert case.client.code not in text
    assert "Tidak ada surat" in inside.post(url("tat_verify"), {"code": "0" * 16}).content.decode()
    case.letter_number = "B/8"
    case.save()
    assert "Tidak ada surat" in inside.post(url("tat_verify"), {"code": code}).content.decode()


def order(team, place, **changes) -> dict:
    return {
        "facility": place.pk,
        "ordered_by": "Kejari Contoh",
        "number": "PEN/1",
        "decided_on": team.today.isoformat(),
        "admission": "tat",
    } | changes


def test_placement_is_ordered_once_by_the_page_and_a_search_loses_nothing(team):
    case, place, inside = (
        team.case(TatStatus.RESULT),
        factories.facility("Balai Jauh", of=factories.unit("BNNP-51")),
        browser(team.sri),
    )
    looked = inside.post(url("tat_placement", case.code), order(team, place) | {"look": "1", "words": "balai jauh"})
    assert "Balai Jauh" in looked.content.decode()
    assert "Kejari Contoh" in looked.content.decode()
    body = order(team, place) | {"words": "balai jauh", "form_token": "t3"}
    for _ in range(2):
        assert inside.post(url("tat_placement", case.code), body).status_code == 302
    assert (TatPlacement.objects.get().facility, case.client.episodes.count()) == (place, 1)
    assert inside.get(url("tat_placement", case.code)).status_code == 302


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"facility": ""}, "facility"),
        ({"facility": "0"}, "facility"),
        ({"decided_on": "1899-01-01"}, "decided_on"),
        ({"decided_on": "2999-01-01"}, "decided_on"),
        ({"number": ""}, "number"),
        ({"ordered_by": "x" * 10_000}, "ordered_by"),
        ({"admission": "voluntary"}, "admission"),
    ],
)
def test_an_order_with_bad_input_stays_on_the_form_and_opens_nothing(team, changes, field):
    case = team.case(TatStatus.RESULT)
    answer = browser(team.sri).post(
        url("tat_placement", case.code), order(team, factories.facility(of=team.unit), **changes)
    )
    assert (answer.status_code, field in answer.context["form"].errors) == (422, True)
    assert case.client.episodes.count() == 0


def test_no_placement_is_recorded_with_its_reason(team):
    case, inside = team.case(TatStatus.RESULT), browser(team.sri)
    body = {"none-ordered_by": "Jaksa", "none-decided_on": team.today.isoformat(), "none-reason": ""}
    assert inside.post(url("tat_not_ordered", case.code), body).status_code == 422
    assert inside.post(url("tat_not_ordered", case.code), body | {"none-reason": "Lanjut pidana"}).status_code == 302
    assert "Lanjut pidana" in inside.get(url("tat_case", case.code)).content.decode()


def test_pages_of_a_later_step_lead_back_while_it_is_not_time(team):
    case = team.case()
    inside = browser(team.sri)
    for name in ("tat_plenary", "tat_letter", "tat_placement"):
        assert inside.get(url(name, case.code)).url == url("tat_case", case.code)


def test_a_case_that_ended_before_there_were_plenaries_still_opens(team):
    case = team.case()
    type(case).objects.filter(pk=case.pk).update(
        status="result",
        letter_number="R/1",
        letter_on=team.today,
        recommendation="outpatient",
        length_months=3,
        route="",
    )
    text = browser(team.sri).get(url("tat_case", case.code)).content.decode()
    assert "R/1" in text
    assert url("tat_letter_pdf", case.code) not in text
    place = factories.facility(of=team.unit)
    tat_outcome.order_placement(by=team.sri, case=case, order=team.order(place))
    assert case.client.episodes.count() == 1


def test_every_document_has_its_line(team):
    page = browser(team.sri).get(url("tat_papers", team.case().code))
    assert [line[0] for line in page.context["form"].lines()] == TatPaper.values
