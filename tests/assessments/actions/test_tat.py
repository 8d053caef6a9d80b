"""A case from step to step by the table of its lifecycle, and what each step refuses."""

from datetime import date, timedelta

import pytest

from assessments.actions import tat, tat_outcome, tat_records, tat_team
from assessments.enums import TatPaper, TatPaperState, TatStatus
from assessments.models import TatCase, TatEvidence, TatLegalRecord, TatMedicalRecord, TatPlenary
from assessments.queries.tat import conclusions, missing_papers, standing
from assessments.tat_lifecycle import STEPS, Need
from rehab import tunables
from rehab.errors import Refused
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories
from tests.assessments.tat_makers import Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return Team()


def test_a_case_goes_the_whole_way_and_each_step_leaves_its_trace(team):
    case = team.case(TatStatus.RESULT)
    assert (case.status, case.letter_number, case.recommendation, case.place) == (
        "result",
        "B/7/XI",
        "inpatient",
        "Balai Contoh",
    )
    verbs = AuditEvent.objects.filter(subject="assessments.tatcase", subject_id=str(case.pk)).order_by("id")
    assert list(verbs.values_list("verb", flat=True)) == [
        "tat.opened", "tat.submitted", "tat.papers", "tat.assigned", "tat.assigned", "tat.scheduled", "tat.signed",
        "tat.signed", "tat.plenary", "tat.letter_issued",
    ]  # fmt: skip


def test_every_step_that_the_table_does_not_name_is_refused(team):
    case = team.case()
    acts = {
        TatStatus.SUBMITTED: lambda: tat.submit(by=team.sri, case=case),
        TatStatus.REPAIR: lambda: tat.send_back(by=team.sri, case=case, reason="x"),
        TatStatus.SCHEDULED: lambda: tat.schedule(by=team.sri, case=case, on=team.today),
        TatStatus.PLENARY: lambda: tat_outcome.hold_plenary(by=team.sri, case=case, minutes=team.minutes(case), edit=0),
        TatStatus.RESULT: lambda: tat_outcome.issue_letter(by=team.sri, case=case, letter=team.letter()),
        TatStatus.REFUSED: lambda: tat.refuse(by=team.sri, case=case, reason="x"),
    }
    for status in TatStatus:
        facts = (
            {"letter_number": "1", "letter_on": team.today, "recommendation": "outpatient"}
            if status == "result"
            else {}
        )
        facts |= {"refusal": "x"} if status == "refused" else {}
        TatCase.objects.filter(pk=case.pk).update(status=status, scheduled_for=team.today, **facts)
        for to, act in acts.items():
            if to not in {step.to for step in STEPS[status]}:
                with pytest.raises(Refused) as refused:
                    act()
                assert refused.value.code == "moved", (status, to)
        TatCase.objects.filter(pk=case.pk).update(
            status="draft", refusal="", letter_number="", letter_on=None, recommendation=""
        )


def test_needs_stand_or_fall_with_what_was_recorded(team):
    case = team.case()
    assert standing(case) == {Need.REQUEST_LETTER}
    team.complete(case)
    team.assign(case)
    assert standing(case) == {Need.REQUEST_LETTER, Need.DOCUMENTS, Need.MEDICAL_MEMBER, Need.LEGAL_MEMBER}


def test_what_is_missing_for_the_schedule_is_named(team):
    case = team.case(TatStatus.SUBMITTED)
    with pytest.raises(Refused, match="Laporan polisi.*") as refused:
        tat.schedule(by=team.sri, case=case, on=team.today)
    assert refused.value.code == "missing"
    assert "anggota tim hukum" in refused.value.messages[0]


@pytest.mark.parametrize(("route", "needed"), [("without_evidence", False), ("with_evidence", True), ("trial", True)])
def test_the_route_decides_which_documents_are_needed(team, route, needed):
    case = team.case(route=route)
    assert (TatPaper.SEIZURE in missing_papers(case)) is needed


def test_needed_documents_are_a_setting_and_not_applicable_settles(team):
    case = team.case()
    tunables.change(
        by=team.sri, key="assessments.tat_papers.without_evidence", value=["request", "urine"], source_note="uji"
    )
    assert missing_papers(case) == ["urine"]
    typed = {"urine": tat_team.Paper(TatPaperState.NOT_APPLICABLE)}
    tat_team.record_papers(by=team.sri, case=case, typed=typed, was={})
    assert missing_papers(case) == []


def test_sent_back_and_completed_it_is_submitted_again(team):
    case = team.case(TatStatus.SUBMITTED)
    with pytest.raises(Refused):
        tat.send_back(by=team.sri, case=case, reason="  \x00 ")
    tat.send_back(by=team.sri, case=case, reason="Laporan polisi")
    with pytest.raises(Refused, match="Laporan polisi"):
        tat.submit(by=team.sri, case=case)
    team.complete(case)
    assert tat.submit(by=team.sri, case=case).repair_note == ""


@pytest.mark.parametrize("days", [-4, 91])
def test_a_day_before_the_receipt_or_far_ahead_is_no_schedule(team, days):
    case = team.case(TatStatus.SUBMITTED)
    team.complete(case)
    team.assign(case)
    with pytest.raises(Refused) as refused:
        tat.schedule(by=team.sri, case=case, on=team.today + timedelta(days=days))
    assert refused.value.field == "on"


def test_only_people_with_the_post_sit_in_a_team_and_nobody_in_two(team):
    case = team.case()
    clerk = factories.user(Role.CLERK, factories.facility(of=team.unit))
    far = factories.user(Role.TAT_MEDICAL, factories.unit("BNNP-51"))
    for user, agency in ((clerk, "doctor"), (far, "doctor"), (team.yusuf, "doctor"), (team.maria, "police")):
        with pytest.raises(Refused):
            tat_team.assign(by=team.sri, case=case, user=user, agency=agency)
    doctor = factories.user(Role.DOCTOR, factories.facility(of=team.unit))
    tat_team.assign(by=team.sri, case=case, user=doctor, agency="psychologist")
    factories.post(doctor, Role.TAT_LEGAL, team.unit)
    with pytest.raises(Refused, match="sudah ada di salah satu tim"):
        tat_team.assign(by=team.sri, case=case, user=doctor, agency="bnn")


def test_who_has_signed_stays_in_the_team(team):
    case = team.case(TatStatus.ASSESSING)
    with pytest.raises(Refused, match="sudah menandatangani"):
        tat_team.take_off(by=team.sri, member=case.members.get(user=team.maria))
    other = factories.user(Role.TAT_MEDICAL, team.unit)
    member = tat_team.assign(by=team.sri, case=case, user=other, agency="psychologist")
    assert TatCase.objects.visible_to(other).exists()
    tat_team.take_off(by=team.sri, member=member)
    assert not TatCase.objects.visible_to(other).exists()


def test_papers_two_changed_at_once_are_not_overwritten(team):
    case = team.case()
    opened = tat_team.papers(case)
    typed = opened | {"arrest": tat_team.Paper(TatPaperState.RECEIVED, "A/1")}
    assert tat_team.record_papers(by=team.sri, case=case, typed=typed, was=opened) == ["arrest"]
    with pytest.raises(tat_team.StalePapers) as stale:
        mine = opened | {"arrest": tat_team.Paper(TatPaperState.RECEIVED, "A/2")}
        tat_team.record_papers(by=team.sri, case=case, typed=mine, was=opened)
    assert stale.value.current["arrest"].number == "A/1"
    other = opened | {"urine": tat_team.Paper(TatPaperState.RECEIVED)}
    assert tat_team.record_papers(by=team.sri, case=case, typed=other, was=opened) == ["urine"]
    assert tat_team.papers(case)["arrest"].number == "A/1"


@pytest.mark.parametrize("day", [date(1899, 1, 1), date(2999, 1, 1)])
def test_impossible_days_of_documents_are_refused(team, day):
    case = team.case()
    typed = {"arrest": tat_team.Paper(TatPaperState.RECEIVED, "A/1", day)}
    with pytest.raises(Refused) as refused:
        tat_team.record_papers(by=team.sri, case=case, typed=typed, was={})
    assert refused.value.field == "dated_arrest"


def test_a_record_is_changed_by_a_new_version_only_until_the_plenary(team):
    case = team.case(TatStatus.ASSESSING)
    tat_records.sign_medical(by=team.maria, case=case, version=1, facts=team.medical(conclusion="Diperbaiki"))
    assert list(TatMedicalRecord.objects.values_list("version", "conclusion")) == [
        (2, "Diperbaiki"),
        (1, team.medical().conclusion),
    ]
    with pytest.raises(tat_records.StaleRecord):
        tat_records.sign_medical(by=team.maria, case=case, version=1, facts=team.medical())
    team._to_plenary(case)
    with pytest.raises(Refused, match="Catatan ditandatangani"):
        tat_records.sign_legal(by=team.yusuf, case=case, version=1, facts=team.legal(), evidence=())
    assert (TatLegalRecord.objects.count(), TatEvidence.objects.count()) == (1, 3)


def test_nobody_signs_for_the_other_team(team):
    case = team.case(TatStatus.SCHEDULED)
    for stranger in (team.yusuf, team.sri):
        with pytest.raises(Refused, match="Hanya anggota tim"):
            tat_records.sign_medical(by=stranger, case=case, version=0, facts=team.medical())


@pytest.mark.parametrize("day", [date(1899, 1, 1), date(2999, 1, 1)])
def test_an_examination_lies_between_receipt_and_today(team, day):
    case = team.case(TatStatus.SCHEDULED)
    with pytest.raises(Refused) as refused:
        tat_records.sign_medical(by=team.maria, case=case, version=0, facts=team.medical(examined_on=day))
    assert refused.value.field == "examined_on"
    case.refresh_from_db()
    assert case.status == "scheduled"


def test_the_plenary_waits_for_both_records_and_needs_both_teams(team):
    case = team.case(TatStatus.SCHEDULED)
    tat_records.sign_medical(by=team.maria, case=case, version=0, facts=team.medical())
    with pytest.raises(Refused, match="catatan tim hukum"):
        tat_outcome.hold_plenary(by=team.sri, case=case, minutes=team.minutes(case), edit=0)
    tat_records.sign_legal(by=team.yusuf, case=case, version=0, facts=team.legal(), evidence=())
    alone = [case.members.get(user=team.maria).pk]
    with pytest.raises(Refused) as refused:
        tat_outcome.hold_plenary(by=team.sri, case=case, minutes=team.minutes(case, present=alone), edit=0)
    assert (refused.value.field, TatPlenary.objects.count()) == ("present", 0)


def test_minutes_two_wrote_at_once_are_not_overwritten(team):
    case = team.case(TatStatus.PLENARY)
    with pytest.raises(tat_outcome.StaleMinutes):
        tat_outcome.hold_plenary(by=team.sri, case=case, minutes=team.minutes(case, conclusion="Lain"), edit=0)
    tat_outcome.hold_plenary(by=team.sri, case=case, minutes=team.minutes(case, conclusion="Lain"), edit=1)
    assert TatPlenary.objects.get().conclusion == "Lain"


@pytest.mark.parametrize("days", [-2, 1])
def test_a_letter_is_neither_older_than_the_plenary_nor_ahead(team, days):
    case = team.case(TatStatus.ASSESSING)
    tat_outcome.hold_plenary(
        by=team.sri, case=case, minutes=team.minutes(case, held_on=team.today - timedelta(days=1)), edit=0
    )
    with pytest.raises(Refused) as refused:
        tat_outcome.issue_letter(by=team.sri, case=case, letter=team.letter(dated=team.today + timedelta(days=days)))
    assert refused.value.field == "letter_on"


def test_an_order_opens_the_first_episode_at_the_facility(team):
    case, place = team.case(TatStatus.RESULT), factories.facility(of=team.unit)
    assert case.client.episodes.count() == 0
    row = tat_outcome.order_placement(by=team.sri, case=case, order=team.order(place, admission="court"))
    episode = case.client.episodes.get()
    assert (row.episode, episode.responsible_facility, episode.admission) == (episode, place, "court")
    assert (episode.admission_group, episode.opened_on, episode.referrer) == (
        "verdict",
        team.today,
        "Kejaksaan Negeri Contoh",
    )
    with pytest.raises(Refused, match="sudah dicatat"):
        tat_outcome.not_ordered(by=team.sri, case=case, decided_on=team.today, ordered_by="Jaksa", reason="x")


def test_an_order_follows_the_letter(team):
    place = factories.facility(of=team.unit)
    with pytest.raises(Refused, match="menyusul"):
        tat_outcome.order_placement(by=team.sri, case=team.case(TatStatus.PLENARY), order=team.order(place))
    case = team.case(TatStatus.RESULT)
    for day in (team.today - timedelta(days=1), team.today + timedelta(days=1), date(1899, 1, 1)):
        with pytest.raises(Refused) as refused:
            tat_outcome.order_placement(by=team.sri, case=case, order=team.order(place, decided_on=day))
        assert refused.value.field == "decided_on"


def test_without_an_order_the_reason_closes_the_case_and_no_episode_opens(team):
    case = team.case(TatStatus.RESULT)
    with pytest.raises(Refused) as refused:
        tat_outcome.not_ordered(by=team.sri, case=case, decided_on=team.today, ordered_by="Jaksa", reason=" ")
    assert refused.value.field == "reason"
    tat_outcome.not_ordered(by=team.sri, case=case, decided_on=team.today, ordered_by="Jaksa", reason="Lanjut pidana")
    assert case.client.episodes.count() == 0


def test_conclusions_carry_nothing_else_of_the_records(team):
    case = team.case(TatStatus.ASSESSING)
    told = conclusions(case)
    assert set(told) == {"medical", "legal"}
    assert "rahasia" not in str(told)
