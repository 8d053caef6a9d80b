from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from clients.actions import stages, treatments
from clients.enums import Presence, Programme, ProgrammeStage, SessionKind, Setting
from clients.models import Attendance, Session, Treatment, TreatmentPhase
from clients.queries.stages import expected_days, meetings_of, progress_of
from rehab import tunables
from rehab.errors import Refused
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db

START = date(2019, 3, 1)
S = ProgrammeStage


@pytest.fixture
def counselor():
    return factories.user(Role.COUNSELOR, factories.facility())


def resident(counselor, setting=Setting.INPATIENT) -> Treatment:
    place = counselor.postings.get().facility
    treatment = factories.treatment(
        factories.episode(at=place, status="in_treatment"), setting=setting, programme=Programme.TC, started_on=START
    )
    TreatmentPhase.objects.create(treatment=treatment, programme=Programme.TC, setting=setting, starts_on=START)
    return treatment


@pytest.fixture
def treatment(counselor):
    return resident(counselor)


def on(counselor, treatment, stage, day=START):
    return stages.move_on(by=counselor, treatment=treatment, stage=stage, starts_on=day)


def line(treatment, today) -> list[tuple[str, int, bool]]:
    settings = tunables.values(*(tunable.key for tunable in tunables.all_declared()))
    found = progress_of(Treatment.objects.get(pk=treatment.pk), meetings_of(treatment), today, settings)
    return [(step.stage, step.days, step.is_due) for step in found.line]


def test_the_first_stage_names_the_phase_and_the_next_are_dated(counselor, treatment):
    on(counselor, treatment, S.DETOX)
    on(counselor, treatment, S.ENTRY_UNIT, date(2019, 3, 15))
    on(counselor, treatment, S.PRIMARY, date(2019, 3, 29))
    assert list(treatment.phases.values_list("stage", "starts_on", "ends_on")) == [
        (S.DETOX, START, date(2019, 3, 15)),
        (S.ENTRY_UNIT, date(2019, 3, 15), date(2019, 3, 29)),
        (S.PRIMARY, date(2019, 3, 29), None),
    ]
    assert Treatment.objects.count() == 1
    assert AuditEvent.objects.filter(verb="treatment.stage_changed").count() == 3


def test_days_in_each_stage_and_when_it_is_time_to_move_on(counselor, treatment):
    on(counselor, treatment, S.DETOX)
    assert line(treatment, START)[0] == (S.DETOX, 1, False)
    assert line(treatment, START + timedelta(days=13))[0] == (S.DETOX, 14, True)
    on(counselor, treatment, S.PRIMARY, date(2019, 3, 15))
    shown = line(treatment, date(2019, 7, 12))
    assert shown == [(S.DETOX, 14, False), (S.ENTRY_UNIT, 0, False), (S.PRIMARY, 120, True), (S.RE_ENTRY, 0, False)]


def test_four_or_six_months_by_the_setting(counselor, treatment):
    on(counselor, treatment, S.PRIMARY)
    admin = factories.user(Role.UNIT_ADMIN, factories.unit("BNN"))
    tunables.change(by=admin, key="clients.primary_months", value=6, source_note="Program balai")
    assert expected_days(S.PRIMARY, tunables.values("clients.primary_months")) == 180
    assert not line(treatment, START + timedelta(days=150))[2][2]
    with pytest.raises(Refused):
        tunables.change(by=admin, key="clients.primary_months", value=5, source_note="Kira-kira")


def test_another_programme_keeps_the_stage_and_its_days(counselor, treatment):
    on(counselor, treatment, S.PRIMARY)
    treatments.change_phase(
        by=counselor, treatment=treatment, programme=Programme.NON_TC, setting=Setting.INPATIENT,
        starts_on=date(2019, 4, 1),
    )  # fmt: skip
    assert line(treatment, date(2019, 4, 2))[2] == (S.PRIMARY, 33, False)


def test_a_change_of_setting_leaves_the_stages_and_counts_once(counselor, treatment):
    on(counselor, treatment, S.PRIMARY)
    treatments.change_phase(
        by=counselor,
        treatment=treatment,
        programme=Programme.TC,
        setting=Setting.OUTPATIENT,
        starts_on=date(2019, 4, 1),
    )
    treatment.refresh_from_db()
    assert treatment.setting == Setting.INPATIENT
    assert treatment.phases.get(ends_on=None).stage == ""
    with pytest.raises(Refused):
        on(counselor, treatment, S.RE_ENTRY, date(2019, 4, 2))


def test_a_relapse_may_lead_back_and_the_days_add_up(counselor, treatment):
    on(counselor, treatment, S.DETOX)
    on(counselor, treatment, S.PRIMARY, date(2019, 3, 11))
    on(counselor, treatment, S.DETOX, date(2019, 3, 21))
    on(counselor, treatment, S.PRIMARY, date(2019, 3, 26))
    assert [days for _stage, days, _due in line(treatment, date(2019, 3, 26))] == [15, 0, 1, 0]


@pytest.mark.parametrize(
    ("stage", "day", "field"),
    [
        (S.DETOX, date(2019, 3, 20), "stage"),
        (S.PRIMARY, date(2019, 2, 20), "starts_on"),
        (S.PRIMARY, START, "starts_on"),
        (S.PRIMARY, date.today() + timedelta(days=3), "starts_on"),
    ],
    ids=["the same again", "before the stage", "on its first day", "ahead"],
)
def test_what_cannot_be_is_refused(counselor, treatment, stage, day, field):
    on(counselor, treatment, S.DETOX)
    with pytest.raises(Refused) as refusal:
        on(counselor, treatment, stage, day)
    assert refusal.value.field == field
    assert treatment.phases.count() == 1


def test_only_an_inpatient_is_in_a_stage(counselor):
    treatment = resident(counselor, Setting.OUTPATIENT)
    with pytest.raises(Refused):
        on(counselor, treatment, S.DETOX)
    with pytest.raises(IntegrityError), transaction.atomic():
        treatment.phases.update(stage=S.DETOX)


def test_a_stage_recorded_by_mistake_is_taken_back_with_a_reason(counselor, treatment):
    on(counselor, treatment, S.DETOX)
    on(counselor, treatment, S.PRIMARY, date(2019, 3, 11))
    with pytest.raises(Refused):
        stages.take_back(by=counselor, treatment=treatment, reason=" ")
    stages.take_back(by=counselor, treatment=treatment, reason="Salah klien")
    assert list(treatment.phases.values_list("stage", "ends_on")) == [(S.DETOX, None)]
    stages.take_back(by=counselor, treatment=treatment, reason="Ini juga")
    assert list(treatment.phases.values_list("stage", "ends_on")) == [("", None)]
    with pytest.raises(Refused):
        stages.take_back(by=counselor, treatment=treatment, reason="Tidak ada lagi")


def test_meetings_of_an_outpatient_are_counted_without_activities_and_absences(counselor):
    treatment = resident(counselor, Setting.OUTPATIENT)
    for day, (kind, presence) in enumerate(
        [
            (SessionKind.INDIVIDUAL, Presence.PRESENT),
            (SessionKind.GROUP, Presence.PRESENT),
            (SessionKind.ACTIVITY, Presence.PRESENT),
            (SessionKind.INDIVIDUAL, Presence.ABSENT),
        ]
    ):
        session = Session.objects.create(
            facility=treatment.facility, kind=kind, held_on=START + timedelta(days=day), starts_at="09:00",
            led_by=counselor, status="held",
        )  # fmt: skip
        Attendance.objects.create(
            session=session, treatment=treatment, client=treatment.client, held_on=session.held_on, presence=presence,
            recorded_at="2019-03-09T00:00Z",
        )  # fmt: skip
    settings = tunables.values(*(tunable.key for tunable in tunables.all_declared()))
    found = progress_of(treatment, meetings_of(treatment), date(2019, 4, 1), settings)
    assert (found.meetings, found.least, found.most, found.enough) == (2, 8, 12, False)
    assert found.meeting_words == "pertemuan 2 dari 8–12"
