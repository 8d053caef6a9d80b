from datetime import date, timedelta

import pytest

from clients.actions import attendance, sessions
from clients.actions.attendance import Mark
from clients.enums import Presence, Setting
from clients.models import TreatmentPhase
from clients.queries import sessions as queries
from rehab.roles import Role
from tests import factories
from tests.clients.meetings import DAY, data, in_treatment, planned


@pytest.fixture
def clinic(db):
    return factories.facility()


@pytest.fixture
def sri(clinic):
    return factories.user(Role.COUNSELOR, clinic)


A, P, E = Presence.ABSENT, Presence.PRESENT, Presence.EXCUSED


def marked(sri, treatment, *presences: str):
    """One session a week from the first Monday of March 2019 on."""
    held = sessions.plan(
        by=sri, facility=treatment.facility, data=data(sri), treatments=[treatment], weeks=len(presences)
    )
    for session, presence in zip(held, presences, strict=True):
        attendance.record(by=sri, session=session, edit=1, marks={treatment.pk: Mark(presence)})


@pytest.mark.parametrize(
    ("presences", "missed", "contact"),
    [
        ([], 0, date(2019, 3, 1)),
        ([A, A], 2, date(2019, 3, 1)),
        ([A, A, P], 0, date(2019, 3, 18)),
        ([P, A, E, A], 1, date(2019, 3, 18)),
    ],
)
def test_absences_count_since_the_last_contact(sri, clinic, presences, missed, contact):
    treatment = in_treatment(clinic)
    if presences:
        marked(sri, treatment, *presences)
    (found,) = queries.under_way([clinic.pk], DAY)
    assert (found.missed, found.contact_on, found.next_on) == (missed, contact, None)


def test_a_drop_out_is_proposed_after_three_missed_or_thirty_days(sri, clinic):
    missed, came, silent = (in_treatment(clinic, name) for name in ("Andi Contoh", "Budi Contoh", "Citra Contoh"))
    marked(sri, missed, A, A, A)
    marked(sri, came, A, A, P)
    on = date(2019, 3, 30)
    assert list(queries.out_of_touch([clinic.pk], on)) == [missed]
    assert list(queries.out_of_touch([clinic.pk], on + timedelta(1))) == [missed, silent]


def test_who_lives_in_the_house_is_not_silent_without_sessions(sri, clinic):
    resident = in_treatment(clinic, setting=Setting.INPATIENT)
    later = date(2019, 9, 1)
    assert list(queries.out_of_touch([clinic.pk], later)) == []
    TreatmentPhase.objects.create(
        treatment=resident, programme=resident.programme, setting=Setting.OUTPATIENT, starts_on=date(2019, 3, 9)
    )
    assert list(queries.out_of_touch([clinic.pk], later)) == [resident]


def test_another_facilitys_clients_are_not_looked_at(sri, clinic):
    in_treatment(factories.facility(), "Orang Lain")
    assert list(queries.out_of_touch([clinic.pk], date(2020, 1, 1))) == []


def test_a_cancelled_session_is_neither_next_nor_unrecorded(sri, clinic):
    treatment = in_treatment(clinic)
    held = planned(sri, clinic, treatment)
    assert queries.under_way([clinic.pk], DAY).get().next_on == DAY
    assert list(queries.not_recorded([clinic.pk], DAY + timedelta(1))) == [held]
    sessions.cancel(by=sri, session=held, reason="Hujan")
    assert queries.under_way([clinic.pk], DAY).get().next_on is None
    assert list(queries.not_recorded([clinic.pk], DAY + timedelta(1))) == []
    assert list(queries.without_next([clinic.pk], DAY)) == [treatment]


def test_a_summary_counts_what_was_recorded(sri, clinic):
    treatment = in_treatment(clinic)
    marked(sri, treatment, P, P, E, A)
    found = queries.summary(queries.attendances_of(sri, treatment.client), DAY)
    assert (found.came, found.excused, found.missed, found.last_on) == (2, 1, 1, DAY + timedelta(7))


def test_only_who_treats_clients_here_today_leads_a_session(sri, clinic):
    factories.user(Role.CLERK, clinic)
    factories.user(Role.COUNSELOR, factories.facility())
    gone = factories.user()
    factories.post(gone, Role.COUNSELOR, clinic, ends_on=date(2019, 1, 1))
    assert list(queries.leaders(clinic)) == [sri]


def test_the_clients_page_comes_to_the_same_as_the_list(sri, clinic):
    missed, came = (in_treatment(clinic, name) for name in ("Andi Contoh", "Budi Contoh"))
    resident = in_treatment(clinic, "Citra Contoh", setting=Setting.INPATIENT)
    marked(sri, missed, A, A, A)
    marked(sri, came, P, A, A)
    for on in (date(2019, 3, 20), date(2019, 3, 30), date(2019, 9, 1)):
        listed = {row.pk: (row.missed, row.contact_on) for row in queries.out_of_touch([clinic.pk], on)}
        shown = {}
        for treatment in (missed, came, resident):
            shown |= queries.silent_of(sri, treatment.client, on)
        assert {pk: (row.missed, row.contact_on) for pk, row in shown.items()} == listed
