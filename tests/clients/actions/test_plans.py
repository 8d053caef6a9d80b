from datetime import date, timedelta

import pytest

from clients.actions import plans
from clients.actions.plans import GoalData
from clients.enums import GoalResult, Outcome, PlanStatus, ProblemArea
from clients.models import Guardian, TreatmentPlan
from rehab.errors import Refused
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories
from tests.clients.meetings import in_treatment

AGREED = date(2019, 3, 5)
WORK = GoalData(ProblemArea.WORK, "Tidak bekerja", "Bekerja lagi", "Pelatihan las", date(2019, 6, 1))
SABU = GoalData(ProblemArea.SUBSTANCE, "Sabu tiap minggu", "Tidak pakai", "Kelompok mingguan", date(2019, 5, 1))


@pytest.fixture
def treatment(db):
    return in_treatment(factories.facility())


@pytest.fixture
def sri(treatment):
    return factories.user(Role.COUNSELOR, treatment.facility)


def agreed(sri, treatment, *goals: GoalData, on: date = AGREED) -> TreatmentPlan:
    plan = plans.draft(by=sri, treatment=treatment, goals=goals or (WORK, SABU))
    return plans.agree(by=sri, plan=plan, edit=plan.edit, agreed_on=on)


def test_a_plan_holds_from_the_clients_agreement(sri, treatment):
    plan = plans.draft(
        by=sri, treatment=treatment, goals=[GoalData(ProblemArea.WORK, "Tidak bekerja")], source="ASSIST"
    )
    plan = plans.write(by=sri, plan=plan, edit=plan.edit, goals=[WORK, SABU], review_on=date(2019, 4, 1))
    plan = plans.agree(by=sri, plan=plan, edit=plan.edit, agreed_on=AGREED)
    assert (plan.status, plan.agreed_on, plan.source) == (PlanStatus.AGREED, AGREED, "ASSIST")
    assert [row.problem for row in plan.goals.all()] == ["Tidak bekerja", "Sabu tiap minggu"]
    verbs = AuditEvent.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["treatment_plan.drafted", "treatment_plan.written", "treatment_plan.agreed"]


def test_what_was_written_away_is_gone_and_kept_in_the_history(sri, treatment):
    plan = plans.draft(by=sri, treatment=treatment, goals=[WORK, SABU])
    plan = plans.write(by=sri, plan=plan, edit=plan.edit, goals=[SABU], review_on=None)
    assert [row.problem for row in plan.goals.all()] == ["Sabu tiap minggu"]
    assert plan.goals.model.pgh_event_model.objects.filter(problem="Tidak bekerja").exists()


@pytest.mark.parametrize(
    ("goals", "on", "word"),
    [
        ([], AGREED, "sedikitnya satu"),
        ([WORK, GoalData(ProblemArea.LEGAL, "Perkara")], AGREED, "Sasaran 2 belum lengkap"),
        ([WORK], date(2019, 6, 2), "sebelum persetujuan"),
        ([WORK], date(2019, 1, 1), "sebelum pendaftaran"),
    ],
)
def test_an_unfinished_plan_is_not_agreed(sri, treatment, goals, on, word):
    plan = plans.draft(by=sri, treatment=treatment, goals=goals)
    with pytest.raises(Refused, match=word):
        plans.agree(by=sri, plan=plan, edit=plan.edit, agreed_on=on)
    plan.refresh_from_db()
    assert plan.status == PlanStatus.DRAFT


def test_nobody_agrees_ahead_of_time(sri, treatment):
    tomorrow = treatment.facility.local_date() + timedelta(1)
    goal = GoalData(ProblemArea.WORK, "Tidak bekerja", "Bekerja", "Las", tomorrow + timedelta(9))
    with pytest.raises(Refused, match="belum"):
        agreed(sri, treatment, goal, on=tomorrow)


def test_a_minors_guardian_agrees_as_well(sri, treatment):
    Guardian.objects.create(client=treatment.client, relation="parent", name=b"", phone=b"")
    plan = plans.draft(by=sri, treatment=treatment, goals=[WORK])
    with pytest.raises(Refused, match="wali"):
        plans.agree(by=sri, plan=plan, edit=plan.edit, agreed_on=AGREED)
    assert plans.agree(by=sri, plan=plan, edit=plan.edit, agreed_on=AGREED, by_guardian=True).by_guardian


def test_a_revision_replaces_the_plan_only_when_it_is_agreed(sri, treatment):
    first = agreed(sri, treatment)
    plans.judge(by=sri, goal=first.goals.get(position=2), result=GoalResult.REACHED)
    with pytest.raises(Refused, match="mengapa"):
        plans.revise(by=sri, plan=first, reason=" ")
    second = plans.revise(by=sri, plan=first, reason="Pindah kerja")
    first.refresh_from_db()
    assert (first.status, second.version) == (PlanStatus.AGREED, 2)
    assert [row.problem for row in second.goals.all()] == ["Tidak bekerja"]
    plans.agree(by=sri, plan=second, edit=second.edit, agreed_on=date(2019, 4, 1))
    first.refresh_from_db()
    assert (first.status, first.replaced_on) == (PlanStatus.REPLACED, date(2019, 4, 1))
    assert first.goals.count() == 2


def test_there_is_one_draft_and_one_first_plan(sri, treatment):
    first = agreed(sri, treatment)
    with pytest.raises(Refused, match="sudah mempunyai rencana"):
        plans.draft(by=sri, treatment=treatment)
    plans.revise(by=sri, plan=first, reason="Sekali")
    with pytest.raises(Refused, match=r"[Dd]raf|versi"):
        plans.revise(by=sri, plan=first, reason="Dua kali")


def test_a_thrown_away_draft_leaves_the_plan_in_force(sri, treatment):
    first = agreed(sri, treatment)
    plans.discard(by=sri, plan=plans.revise(by=sri, plan=first, reason="Salah"))
    with pytest.raises(Refused, match="tidak dibuang"):
        plans.discard(by=sri, plan=first)
    assert plans.revise(by=sri, plan=first, reason="Lagi").version == 2


def test_two_writers_never_overwrite_each_other(sri, treatment):
    plan = plans.draft(by=sri, treatment=treatment)
    plans.write(by=sri, plan=plan, edit=1, goals=[WORK], review_on=None)
    with pytest.raises(Refused) as caught:
        plans.write(by=sri, plan=plan, edit=1, goals=[SABU], review_on=None)
    assert caught.value.code == "changed"


def test_a_missed_goal_has_its_reason(sri, treatment):
    goal = agreed(sri, treatment).goals.first()
    with pytest.raises(Refused, match="mengapa"):
        plans.judge(by=sri, goal=goal, result=GoalResult.MISSED)
    judged = plans.judge(by=sri, goal=goal, result=GoalResult.MISSED, note="Pabrik tutup")
    assert judged.result_on == treatment.facility.local_date()
    assert plans.judge(by=sri, goal=goal, result=GoalResult.OPEN).result_on is None


def test_after_the_treatment_the_plan_stays_as_it_was(sri, treatment):
    plan = agreed(sri, treatment)
    treatment.ended_on, treatment.outcome = date(2019, 6, 1), Outcome.COMPLETED
    treatment.save()
    for act in (
        lambda: plans.revise(by=sri, plan=plan, reason="Terlambat"),
        lambda: plans.judge(by=sri, goal=plan.goals.first(), result=GoalResult.REACHED),
    ):
        with pytest.raises(Refused, match="sudah berakhir"):
            act()
