"""The simulated nation is what the actions would have made: each invariant of what counts, by the actions' own derivations."""

import itertools
from collections import Counter, defaultdict
from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.models import Count, F, Max, Min, Q

from aftercare.actions.counting import unit_on
from aftercare.enums import PlanStatus, Relapse
from aftercare.models import AftercarePlan, FollowUp, RelapseWindow
from assessments.enums import TatStatus
from assessments.instruments import registry, scoring
from assessments.models import Assessment, AssessmentScore, CaseFacts, SafetyAlert, TatCase
from clients.actions import people
from clients.actions.counting import COLUMNS, fit
from clients.enums import ADULT_AGE, EpisodeStatus, Outcome, Presence, SessionStatus, Setting
from clients.models import (
    Attendance,
    Client,
    Consent,
    Episode,
    Guardian,
    Handover,
    Identity,
    LinkGround,
    MatchKeys,
    PersonLink,
    Placement,
    Session,
    Treatment,
    TreatmentPhase,
)
from clients.queries import age_on, birth_date_of, identity_of
from clients.queries.handovers import receipt_code, verified
from clients.queries.likeness import keys_of, side_of
from facilities.enums import CORRECTIONS
from facilities.models import Facility, FacilityTerm, UnitTerm
from rehab import vault
from rehab.enums import Zone
from rehab.identity import nik
from rehab.identity.tokens import phone_digits
from reports.indicators import COUNTED
from reports.models import Budget, Target, TargetRevision
from tests import factories
from tests.reports.simulation.conftest import PLAN

pytestmark = pytest.mark.django_db


def test_there_is_every_way_a_person_can_go(nation):
    assert Episode.objects.count() == PLAN.episodes
    assert set(Episode.objects.values_list("status", flat=True)) == set(EpisodeStatus.values)
    assert set(Treatment.objects.exclude(outcome=None).values_list("outcome", flat=True)) == set(Outcome.values)
    assert set(Treatment.objects.values_list("setting", flat=True)) == set(Setting.values)
    assert {1, 2, 3} == set(Episode.objects.values_list("number", flat=True))
    assert {Zone(place.zone) for place in Facility.objects.select_related("region")} == set(Zone)
    assert Treatment.objects.values("episode").annotate(n=Count("pk")).filter(n=2).exists(), (
        "a hand-over within an episode"
    )
    inside = Treatment.objects.filter(facility__kind__in=CORRECTIONS)
    assert inside.filter(setting=Setting.IN_PRISON).count() > 0.85 * inside.count()


def test_treatments_are_counted_by_what_the_actions_derive(nation):
    rows = Treatment.objects.select_related("client", "episode", "facility").order_by("-pk")[:700]
    for treatment in rows:
        stored = {name: getattr(treatment, name) for name in COLUMNS}
        fit(treatment, client=treatment.client, episode=treatment.episode, born=birth_date_of(treatment.client))
        assert {name: getattr(treatment, name) for name in COLUMNS} == stored


def test_some_treatments_do_not_count_because_facts_or_instrument_are_missing(nation):
    uncounted = Treatment.objects.filter(counted_on=None, started_on__isnull=False)
    assert uncounted.filter(episode__facts_on=None).exists()
    assert uncounted.filter(episode__assessed_on=None).exists()
    assert not uncounted.filter(episode__facts_on__isnull=False, episode__assessed_on__isnull=False).exists()


def test_the_status_of_an_episode_follows_from_its_treatments(nation):
    stays = defaultdict(list)
    for treatment in Treatment.objects.order_by("planned_on", "pk"):
        stays[treatment.episode_id].append(treatment)
    for episode in Episode.objects.all():
        mine = stays[episode.pk]
        waiting = [each for each in mine if each.ended_on is None]
        if any(each.started_on for each in waiting):
            assert episode.status == EpisodeStatus.IN_TREATMENT
        elif waiting:
            assert episode.status == EpisodeStatus.PLANNED
        elif mine:
            last = max(mine, key=lambda each: (each.ended_on, each.pk))
            assert (episode.status, episode.closed_on, episode.outcome) == ("closed", last.ended_on, last.outcome)
        else:
            expected = EpisodeStatus.ASSESSED if episode.assessed_on else EpisodeStatus.REGISTERED
            assert episode.status in (EpisodeStatus.CLOSED, expected)
        if mine:
            assert episode.responsible_facility_id == mine[-1].facility_id


def test_steps_keep_their_order_and_nothing_lies_ahead(nation):
    assert not Treatment.objects.filter(planned_on__lt=F("episode__opened_on")).exists()
    assert not Treatment.objects.filter(started_on__lt=F("episode__opened_on")).exists()
    assert not Treatment.objects.filter(outcome=None, ended_on__isnull=False).exists()
    late = Q(planned_on__gt=PLAN.today) | Q(started_on__gt=PLAN.today) | Q(ended_on__gt=PLAN.today)
    assert not Treatment.objects.filter(late).exists()
    ahead = Q(opened_on__gt=PLAN.today) | Q(facts_on__gt=PLAN.today) | Q(assessed_on__gt=PLAN.today) | Q(closed_on__gt=PLAN.today)  # fmt: skip
    assert not Episode.objects.filter(ahead).exists()
    assert not Treatment.objects.filter(planned_on__gte=F("facility__closed_on")).exists()
    assert not Treatment.objects.filter(started_on__gte=F("facility__closed_on")).exists()
    assert not Episode.objects.filter(opened_on__gte=F("responsible_facility__closed_on")).exists()
    assert not Treatment.objects.filter(started_on__lt=F("facility__opened_on")).exists()


def test_a_clients_episodes_follow_each_other(nation):
    before: dict[int, Episode] = {}
    for episode in Episode.objects.order_by("client", "number"):
        earlier = before.get(episode.client_id)
        assert episode.number == (earlier.number + 1 if earlier else 1)
        if earlier:
            assert earlier.closed_on
            assert earlier.closed_on <= episode.opened_on
            assert earlier.outcome != Outcome.DIED
        before[episode.client_id] = episode


def test_terms_follow_units_that_exist(nation):
    exists = {term.unit_id: term.starts_on for term in UnitTerm.objects.order_by("-starts_on")}
    terms = FacilityTerm.objects.all()
    assert [term for term in terms if term.starts_on < exists[term.unit_id]] == []
    changed = [len({t.unit_id for t in place.terms.all()}) for place in Facility.objects.prefetch_related("terms")]
    assert max(changed) > 1, "supervision of some has changed"
    for facility in Facility.objects.prefetch_related("terms"):
        rows = list(facility.terms.all())
        assert rows[-1].ends_on is None
        assert (rows[-1].unit_id, rows[-1].ownership) == (facility.unit_id, facility.ownership)
        assert all(first.ends_on == second.starts_on for first, second in itertools.pairwise(rows))


def test_six_facts_and_instruments_are_where_the_episode_says(nation):
    complete = {row.episode_id for row in CaseFacts.objects.all() if row.is_complete}
    assert complete == set(Episode.objects.exclude(facts_on=None).values_list("pk", flat=True))
    done = Assessment.objects.completed().values("episode").annotate(first=Min("administered_on"))
    assert dict(done.values_list("episode", "first")) == dict(
        Episode.objects.exclude(assessed_on=None).values_list("pk", "assessed_on")
    )


def test_scores_are_those_of_the_answers(nation):
    done = Assessment.objects.completed()
    for key in ("assist", "whoqol_bref", "bam"):
        instrument = registry.get(key)
        for row in done.filter(instrument=key).prefetch_related("scores")[:40]:
            result = scoring.score(instrument, row.answers)
            stored = {score.scale: (score.value, score.band) for score in row.scores.all()}
            assert stored == {
                scale: (score.value and round(score.value, 6), score.band or "")
                for scale, score in result.scores.items()
            }
            assert (row.alerts, row.rules) == (list(result.alerts), result.options)
        scales = len(result.scores)
        assert AssessmentScore.objects.filter(assessment__in=done.filter(instrument=key)).count() == (
            scales * done.filter(instrument=key).count()
        )


def test_an_alert_stands_for_each_answer_that_must_be_looked_at(nation):
    told = {(row.pk, code) for row in Assessment.objects.completed() for code in row.alerts}
    assert told
    assert told == set(SafetyAlert.objects.values_list("assessment", "code"))
    assert SafetyAlert.objects.exclude(answered_at=None).exists()


def test_identities_open_and_are_found(nation):
    cards = 0
    for client in Client.objects.select_related("identity").order_by("-pk")[:300]:
        told, stored = identity_of(client), client.identity
        assert told.name.endswith("Contoh")
        assert stored.name_tokens == vault.name_tokens(told.name)
        assert bytes(stored.phone_index or b"") == (vault.blind("phone", phone_digits(told.phone)) or b"")
        assert bytes(stored.nik_index or b"") == (vault.blind("nik", told.nik) or b"")
        if told.nik:
            cards += 1
            number = nik.parse(told.nik, PLAN.today)
            assert nik.warnings(number, client.sex, told.birth_date) == []
            assert told.nik[12] == "9", "a serial that nobody has"
        assert client.birth_year == (told.birth_date.year if told.birth_date else client.birth_year)
    assert cards > 200
    words = vault.query_tokens("andi contoh")
    found = Identity.objects.filter(name_tokens__overlap=words[0]).filter(name_tokens__overlap=words[1])
    assert 0 < found.count() < 400


def test_one_card_is_one_person_and_links_agree(nation):
    held_by = defaultdict(set)
    for index, person in Identity.objects.exclude(nik_index=None).values_list("nik_index", "client__person"):
        held_by[bytes(index)].add(person)
    assert {len(each) for each in held_by.values()} == {1}
    held = dict(PersonLink.objects.filter(ended_at=None).values_list("client", "person"))
    assert held == dict(Client.objects.values_list("pk", "person"))
    grounds = Counter(PersonLink.objects.values_list("ground", flat=True))
    assert grounds[LinkGround.NIK] > 5
    assert grounds[LinkGround.STEWARD] > 0
    assert Client.objects.values("person").annotate(n=Count("pk")).filter(n__gt=1).count() > 10


def test_a_minor_has_a_guardian_and_everyone_a_consent(nation):
    guarded = set(Guardian.objects.values_list("client", flat=True))
    for client in Client.objects.filter(episodes__number=1).annotate(day=Min("episodes__opened_on")):
        age = age_on(client.day, birth_date_of(client), client.birth_year)
        assert (client.pk in guarded) == (age is not None and age < ADULT_AGE)
    assert not Client.objects.filter(episodes__isnull=False, consents=None).exists()
    assert Consent.objects.filter(by_guardian=True).exclude(client__in=guarded).count() == 0


def test_phases_cover_the_treatment(nation):
    started = Treatment.objects.exclude(started_on=None).annotate(
        first=Min("phases__starts_on"),
        last=Max("phases__ends_on"),
        going=Count("phases", filter=Q(phases__ends_on=None)),
    )
    assert not started.exclude(first=F("started_on")).exists()
    assert not started.filter(ended_on__isnull=False).exclude(last=F("ended_on"), going=0).exists()
    assert not started.filter(ended_on=None).exclude(going=1).exists()
    assert TreatmentPhase.objects.values("treatment").annotate(n=Count("pk")).filter(n=2).exists()
    assert not TreatmentPhase.objects.filter(treatment__started_on=None).exists()


def test_plans_are_derived_from_their_follow_ups(nation):
    plans = AftercarePlan.objects.select_related("facility__unit", "unit", "treatment").prefetch_related("follow_ups")
    seen = Counter()
    for plan in plans:
        done = [row for row in plan.follow_ups.all() if row.done_on]
        first = min((row.done_on for row in done if row.contact_made), default=None)
        relapsed = min((row.done_on for row in done if row.relapse == Relapse.YES), default=None)
        assert plan.first_contact_on == first
        assert plan.counted_unit_id == (unit_on(plan, first) if first else None)
        assert (plan.status == PlanStatus.RELAPSED) == (relapsed is not None)
        if relapsed:
            assert plan.ended_on == relapsed
        assert plan.starts_on == plan.treatment.ended_on
        assert max((row.done_on for row in done), default=plan.starts_on) <= (plan.ended_on or PLAN.today)
        if plan.status == PlanStatus.COMPLETED:
            assert first
        assert len(plan.follow_ups.all()) == 6
        seen[plan.status] += 1
    assert {PlanStatus.OPEN, PlanStatus.COMPLETED, PlanStatus.RELAPSED, PlanStatus.LOST} <= set(seen)
    assert FollowUp.objects.filter(done_on__isnull=False, relapse=Relapse.UNKNOWN, contact_made=True).exists()


def test_relapse_windows_stand_for_every_completed_way(nation):
    ended = Episode.objects.filter(status=EpisodeStatus.CLOSED, outcome=Outcome.COMPLETED, treatments__isnull=False)
    assert RelapseWindow.objects.count() == ended.distinct().count()
    assert set(RelapseWindow.objects.values_list("relapse", flat=True)) == set(Relapse.values)


def test_cases_of_joint_assessment_have_numbers_and_letters(nation):
    codes = list(TatCase.objects.values_list("code", "unit__code", "received_on"))
    assert len({code for code, *_ in codes}) == len(codes) > 50
    for code, unit, received in codes:
        assert code.startswith(f"TAT-{unit.partition('-')[2] or unit}-{received.year}-")
    assert {TatStatus.RESULT, TatStatus.REFUSED} <= set(TatCase.objects.values_list("status", flat=True))
    assert TatCase.objects.filter(client__episodes=None).exists(), "suspects without an episode"
    assert TatCase.objects.filter(client__episodes__admission="tat").exists()


def test_sessions_lie_within_their_treatment_and_groups_are_shared(nation):
    outside = Q(held_on__lt=F("treatment__started_on")) | Q(held_on__gt=F("treatment__ended_on"))
    assert not Attendance.objects.filter(outside).exists()
    assert not Attendance.objects.exclude(held_on=F("session__held_on")).exists()
    assert not Attendance.objects.exclude(treatment__facility=F("session__facility")).exists()
    assert not Attendance.objects.exclude(client=F("treatment__client")).exists()
    assert not Session.objects.filter(status=SessionStatus.HELD, held_on__gte=PLAN.today).exists()
    assert not Attendance.objects.filter(presence=Presence.EXPECTED, held_on__lt=PLAN.today).exists()
    assert Session.objects.annotate(n=Count("attendances")).filter(kind="group", n__gt=1).exists()
    assert not Session.objects.filter(attendances=None).exists()
    most = Treatment.objects.annotate(n=Count("attendances")).order_by("-n").first()
    assert most.n == PLAN.sessions


def test_some_of_it_was_recorded_long_after(nation):
    far = Client.objects.annotate(day=Min("episodes__opened_on")).filter(
        created_at__gt=F("day") + timedelta(days=32), day__isnull=False
    )
    assert 20 < far.count() < 300


def test_nobody_lies_in_two_beds_or_in_another_ones(nation):
    rows = list(Placement.objects.standing().select_related("bed", "client", "treatment").order_by("starts_on", "pk"))
    assert len(rows) > 50
    assert Placement.objects.filter(ends_on=None).exists()
    assert Placement.objects.exclude(void_reason="").exists()
    left: dict[tuple[str, int], object] = {}
    for row in rows:
        for key in (("bed", row.bed_id), ("person", row.client.person_id)):
            assert key not in left or (left[key] is not None and left[key] <= row.starts_on)
            left[key] = row.ends_on
        assert (row.client_id, row.bed.facility_id) == (row.treatment.client_id, row.treatment.facility_id)
        assert row.bed.sex == row.client.sex
        assert row.bed.starts_on <= row.starts_on >= row.treatment.started_on
        assert row.bed.ends_on is None or (row.ends_on and row.ends_on <= row.bed.ends_on)
        assert row.starts_on <= PLAN.today


def test_a_client_is_compared_by_the_keys_of_the_identity(nation):
    rows = Client.objects.filter(match_keys__isnull=False).select_related("identity", "match_keys")
    for client in rows.order_by("-pk")[:150]:
        assert client.match_keys.keys == keys_of(side_of(client))
    compared = set(MatchKeys.objects.values_list("client", flat=True))
    assert compared == set(Client.objects.exclude(episodes=None).values_list("pk", flat=True))


def test_a_receipt_verifies(nation):
    rows = Handover.objects.exclude(receipt=None).select_related("episode__client", "from_facility", "to_facility")
    assert rows.exists()
    assert all(receipt_code(row) == row.receipt for row in rows)
    assert verified(rows[0].receipt) == rows[0]


def test_every_unit_has_targets_and_budgets(nation):
    kinds = {indicator.key for indicator in COUNTED}
    for year in (2024, 2025, 2026):
        found = Target.objects.filter(year=year).values_list("unit_id", "indicator")
        units = set(UnitTerm.objects.filter(starts_on__lte=date(year, 6, 30)).values_list("unit_id", flat=True))
        assert set(found) == {(unit, key) for unit in units for key in kinds}
    split = [row for row in TargetRevision.objects.all() if row.months]
    assert split
    assert all(sum(row.months) == row.value for row in split)
    assert Target.objects.annotate(n=Count("revisions")).filter(n=2).exists()
    assert Budget.objects.filter(revisions__isnull=False, spendings__isnull=False).count() > 1000


def test_what_was_switched_off_is_on_again_and_no_history_was_written(nation):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgenabled = 'D'")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) FROM clients_treatmentevent")
        assert cursor.fetchone() == (0,)
        cursor.execute(
            "UPDATE clients_treatment SET outcome_note = 'x' WHERE id = (SELECT max(id) FROM clients_treatment)"
        )
        cursor.execute("SELECT count(*) FROM clients_treatmentevent")
        assert cursor.fetchone() == (1,)


def test_what_comes_next_gets_ids_and_codes_of_its_own(nation):
    episode = factories.episode(factories.client("Baru Contoh"), Facility.objects.first(), opened_on=PLAN.today)
    treatment = factories.treatment(episode)
    assert not Client.objects.filter(code=people.next_code()).exists()
    assert treatment.pk > Treatment.objects.exclude(pk=treatment.pk).aggregate(last=Max("pk"))["last"]
    for table in ("clients_session", "aftercare_aftercareplan", "assessments_assessment"):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT nextval(pg_get_serial_sequence('{table}', 'id')) > max(id) FROM {table}")
            assert cursor.fetchone() == (True,)
