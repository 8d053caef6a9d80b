"""Beds, waiting lists, possible duplicates and letters of the simulated nation are what the actions would have made."""

import hashlib
import json
from collections import defaultdict

import pytest
from django.db import connection, transaction
from django.db.models import Count, F, Q

from aftercare.models import SatisfactionSheet, SatisfactionSurvey
from assessments.enums import TatStatus, TatTeam
from assessments.models import TatCase, TatLegalRecord, TatMedicalRecord, TatMember, TatPlenary
from clients.actions import candidates
from clients.actions.persons import is_kept_apart
from clients.enums import BEDDED, STILL_WAITING, CandidateStatus, LetterLevel, QueuePriority, WaitingStatus
from clients.models import (
    DropOutDelay,
    KeptApart,
    MatchCandidate,
    Placement,
    Treatment,
    TreatmentPhase,
    WaitingListEntry,
    WarningLetter,
)
from clients.queries.letters import content_of
from clients.queries.silence import LETTER_GAP
from facilities.models import Bed, Capacity
from rehab import tunables
from rehab.enums import Sex
from tests.reports.simulation.conftest import PLAN

# A nation of its own; that it loads at all is what the invariants beside try in the gate.
pytestmark = [pytest.mark.django_db, pytest.mark.long]
KINDS = {Sex.MALE: "beds_male", Sex.FEMALE: "beds_female"}


def test_as_many_beds_are_in_use_as_are_declared(nation):
    beds = Bed.objects.on(PLAN.today).order_by().values_list("facility", "sex").annotate(n=Count("pk"))
    found = {(facility, KINDS[Sex(sex)]): n for facility, sex, n in beds}
    held = Capacity.objects.filter(starts_on__lte=PLAN.today).exclude(ends_on__lte=PLAN.today)
    declared = {(facility, kind): places for facility, kind, places in held.values_list("facility", "kind", "places")}
    assert len(found) > 20
    assert {key: declared[key] for key in found} == found
    wards = [key for key in declared if key[1] in KINDS.values()]
    assert len(found) < len(wards), "some facilities keep no beds"
    assert not Bed.objects.filter(starts_on__lt=F("facility__opened_on")).exists()
    assert not Bed.objects.filter(ends_on__gt=F("facility__closed_on")).exists()


def test_who_lies_in_a_bed_is_in_a_treatment_that_takes_one(nation):
    phases: dict[int, list[TreatmentPhase]] = defaultdict(list)
    for phase in TreatmentPhase.objects.filter(setting__in=BEDDED):
        phases[phase.treatment_id].append(phase)
    for row in Placement.objects.standing():
        (phase,) = phases[row.treatment_id]
        assert phase.starts_on <= row.starts_on
        assert phase.ends_on == row.ends_on
    kept = set(Bed.objects.on(PLAN.today).values_list("facility", flat=True))
    inside = Treatment.objects.open().filter(facility__in=kept, phases__setting="inpatient", phases__ends_on=None)
    lying = Placement.objects.on(PLAN.today).count()
    assert lying > 0.6 * inside.distinct().count()


def test_waits_of_every_status_agree_with_the_treatments(nation):
    rows = WaitingListEntry.objects.select_related("episode__client", "facility")
    assert set(rows.values_list("status", flat=True)) == set(WaitingStatus.values)
    assert {QueuePriority.ORDINARY, QueuePriority.MINOR} < set(rows.values_list("priority", flat=True))
    treated = {(row.episode_id, row.facility_id): row for row in Treatment.objects.order_by("pk")}
    for row in rows:
        mine = treated.get((row.episode_id, row.facility_id))
        assert row.sex == row.episode.client.sex
        assert row.episode.opened_on <= row.entered_on <= PLAN.today
        assert bool(row.priority_reason) == (row.priority != QueuePriority.ORDINARY)
        assert row.priority != QueuePriority.PREGNANT or row.sex == Sex.FEMALE
        assert row.offered_on is None or row.entered_on <= row.offered_on <= PLAN.today
        if row.status in STILL_WAITING:
            assert (mine.started_on, mine.setting) == (None, row.setting)
            assert row.episode.responsible_facility_id == row.facility_id
            assert row.facility.closed_on is None
        elif row.status == WaitingStatus.PLACED:
            assert (mine.started_on, mine.setting) == (row.ended_on, row.setting)
        else:
            assert mine is None
            assert row.ended_on == row.episode.closed_on


def test_possible_duplicates_are_open_linked_and_kept_apart(nation):
    rows = MatchCandidate.objects.select_related("first", "second")
    assert {CandidateStatus.OPEN, CandidateStatus.LINKED} <= set(rows.values_list("status", flat=True))
    for row in rows:
        one_person = row.first.person_id == row.second.person_id
        assert one_person == (row.status == CandidateStatus.LINKED)
        assert row.found_at == max(row.first.created_at, row.second.created_at)
        assert row.decided_at is None or row.found_at <= row.decided_at
        apart = KeptApart.objects.filter(first=row.first, second=row.second, ended_at=None).exists()
        assert apart == (row.status == CandidateStatus.APART)
    for row in KeptApart.objects.select_related("first__person"):
        assert is_kept_apart([row.second_id], row.first.person)


def test_find_candidates_would_have_found_the_same(nation):
    undecided = MatchCandidate.objects.exclude(status=CandidateStatus.LINKED)
    told = set(undecided.values_list("first", "second", "strength"))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM clients_matchcandidate")
            cursor.execute("DELETE FROM clients_keptapart")
            cursor.execute("DELETE FROM clients_matchkeys")
        last = 0
        while found := candidates.backfill(after=last):
            last = found[-1]
        assert set(MatchCandidate.objects.values_list("first", "second", "strength")) == told
        transaction.set_rollback(True)


def test_letters_follow_each_other_in_a_silence_that_lasts(nation):
    rows = WarningLetter.objects.select_related("facility", "treatment__client").order_by("treatment", "level")
    assert set(rows.values_list("level", flat=True)) == set(LetterLevel.values)
    gap, before = tunables.value(LETTER_GAP), {}
    for row in rows:
        assert row.treatment.is_open
        assert row.contact_on < row.issued_on <= PLAN.today
        said = content_of(row)
        assert (said["number"], said.pop("hash")) == (row.reference, row.digest)
        said["hash"] = ""
        assert hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest() == row.digest
        earlier = before.get(row.treatment_id)
        assert row.level == (earlier.level + 1 if earlier else LetterLevel.FIRST)
        assert earlier is None or (row.issued_on - earlier.issued_on).days >= gap
        before[row.treatment_id] = row
    numbers = defaultdict(list)
    for row in rows.order_by("issued_on", "number"):
        numbers[row.facility_id, row.year].append(row.number)
    assert all(found == list(range(1, len(found) + 1)) for found in numbers.values())
    assert DropOutDelay.objects.on(PLAN.today).exists()
    assert not DropOutDelay.objects.filter(Q(contact_on__gte=F("decided_on")) | Q(treatment__ended_on__isnull=False))


def test_satisfaction_was_asked_for_and_a_sheet_stands_for_each_answer(nation):
    assert SatisfactionSurvey.objects.filter(given=False).exists()
    assert SatisfactionSheet.objects.count() == SatisfactionSurvey.objects.filter(given=True).count() > 100


def test_both_teams_sat_where_they_have_accounts(nation):
    seated = TatCase.objects.filter(unit__code="BNNP-53", status=TatStatus.RESULT)
    assert seated.exists()
    for case in seated:
        members = {row.team: row for row in TatMember.objects.filter(case=case)}
        assert set(members) == set(TatTeam.values)
        medical, legal = TatMedicalRecord.objects.get(case=case), TatLegalRecord.objects.get(case=case)
        assert (medical.signed_by, legal.signed_by) == (members["medical"].user, members["legal"].user)
        plenary = TatPlenary.objects.get(case=case)
        assert medical.examined_on <= plenary.held_on <= case.letter_on
        assert (plenary.recommendation, plenary.length_months) == (case.recommendation, case.length_months)
    assert TatMember.objects.count() == 2 * seated.count()
