"""The ways of invented clients, written in bulk: rows as the actions would have left them, in a few statements."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import TypeVar, cast
from zoneinfo import ZoneInfo

from django.db import models
from django.utils import timezone

from aftercare.models import AftercarePlan, FollowUp
from assessments.enums import AssessmentStatus, IcdState, TreatmentHistory, UseRoute
from assessments.instruments import registry
from assessments.models import Assessment, AssessmentScore, CaseFacts, SafetyAlert
from clients.actions.people import next_codes
from clients.enums import (
    GROUP_OF,
    Admission,
    ConsentScope,
    EpisodeStatus,
    NoNikReason,
    Outcome,
    Programme,
    Setting,
    Substance,
    age_group,
)
from clients.models import Client, Consent, Episode, Identity, LinkGround, Person, PersonLink, Treatment, TreatmentPhase
from clients.queries.identities import context
from facilities.models import Facility
from rehab import vault
from rehab.models import User
from reports.demo import measures
from reports.demo.aftercare import follow_ups
from reports.demo.people import Invented
from reports.invented.answers import assist_answers
from reports.invented.codes import ICD_OF, ROUTE_OF
from reports.invented.pools import Pool

ASSIST = registry.get("assist")
CODES = 100  # are taken at a time
ORDER: tuple[type[models.Model], ...] = (
    Person, Client, PersonLink, Identity, Consent, Episode, CaseFacts, Assessment, AssessmentScore, SafetyAlert, Treatment,
    TreatmentPhase, AftercarePlan, FollowUp,
)  # fmt: skip


Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class Way:
    """How far one client has come, and when. Days that have not come yet are None."""

    facility: Facility
    person: Invented
    admission: Admission
    substance: Substance
    setting: Setting
    registered: date
    assessed: date | None = None
    facts: date | None = None
    planned: date | None = None
    started: date | None = None
    ended: date | None = None
    outcome: Outcome | None = None


class Batch:
    """Rows of many ways, collected in memory and inserted floor by floor."""

    def __init__(self, random: Random, by: User):
        self._random, self._by = random, by
        # Of its own, so that measures change nothing else of the demo.
        self._measures = Random(len(ORDER))
        self._rows: dict[type[models.Model], list[models.Model]] = defaultdict(list)
        self._codes: list[str] = []
        self._answers, self._life = Pool(ASSIST), Pool(measures.WHOQOL)

    def _code(self) -> str:
        if not self._codes:
            self._codes = next_codes(CODES)[::-1]
        return self._codes.pop()

    def add(self, way: Way) -> None:
        client = self._client(way)
        episode = self._episode(way, client)
        if way.facts:
            self._facts(way, episode)
        if way.assessed:
            self._assessment(way, way.assessed, client, episode)
        if way.planned:
            self._treatment(way, way.planned, client, episode)

    def save(self) -> None:
        """Parents before children; a saved parent's key reaches its children through the object they hold."""
        for model in ORDER:
            rows = self._rows[model]
            fields = (cast(models.ForeignKey, field) for field in model._meta.concrete_fields)
            parents = [field for field in fields if field.related_model in ORDER]
            for row in rows:
                for field in parents:
                    if field.is_cached(row):
                        setattr(row, field.name, getattr(row, field.name))
            model._default_manager.bulk_create(rows, batch_size=1000)
        self._rows.clear()

    def _keep(self, row: Row) -> Row:
        self._rows[type(row)].append(row)
        return row

    def _client(self, way: Way) -> Client:
        person, invented, key = self._keep(Person()), way.person, vault.new_key()
        client = self._keep(
            Client(
                code=self._code(),
                person=person,
                sex=invented.sex,
                birth_year=invented.birth_date.year,
                region_id=invented.region,
                data_key=key,
                created_at=_noon(way.registered, way.facility),
            )
        )
        self._keep(
            PersonLink(client=client, person=person, ground=LinkGround.REGISTRATION, linked_at=client.created_at)
        )
        self._keep(_identity(client, invented, key))
        self._keep(
            Consent(
                client=client,
                facility=way.facility,
                scope=ConsentScope.REFERRAL,
                given_on=way.registered,
                by_guardian=_age(invented.birth_date, way.registered) < 18,
                recorded_by=self._by,
            )
        )
        return client

    def _episode(self, way: Way, client: Client) -> Episode:
        return self._keep(
            Episode(
                client=client,
                number=1,
                admission=way.admission,
                admission_group=GROUP_OF[way.admission],
                status=_status(way),
                responsible_facility=way.facility,
                opened_on=way.registered,
                facts_on=way.facts,
                assessed_on=way.assessed,
                main_substance=way.substance if way.facts else "",
                closed_on=way.ended,
                outcome=way.outcome,
                registered_by=self._by,
            )
        )

    def _facts(self, way: Way, episode: Episode) -> None:
        self._keep(
            CaseFacts(
                episode=episode,
                identity_checked=True,
                substance=way.substance,
                months_of_use=self._random.randrange(4, 120),
                route=ROUTE_OF.get(way.substance, UseRoute.ORAL),
                icd_group=ICD_OF[way.substance],
                icd_state=self._random.choice([IcdState.HARMFUL_USE, IcdState.DEPENDENCE]),
                history=self._random.choice(
                    [TreatmentHistory.NONE, TreatmentHistory.NONE, TreatmentHistory.OUTPATIENT]
                ),
                recorded_by=self._by,
            )
        )

    def _assessment(self, way: Way, on: date, client: Client, episode: Episode) -> None:
        answers, result = self._answers.draw(
            self._random, way.substance, lambda: assist_answers(self._random, way.substance)
        )
        done = _noon(on, way.facility)
        row = self._keep(
            Assessment(
                client=client,
                episode=episode,
                facility=way.facility,
                instrument=ASSIST.key,
                version=ASSIST.version,
                status=AssessmentStatus.COMPLETED,
                answers=answers,
                rules=result.options,
                alerts=list(result.alerts),
                administered_on=on,
                started_at=done - timedelta(minutes=14),
                completed_at=done,
                completed_by=self._by,
                started_by=self._by,
            )
        )
        for scale, score in result.scores.items():
            value = None if score.value is None else Decimal(score.value)
            self._keep(AssessmentScore(assessment=row, scale=scale, value=value, band=score.band or ""))
        for alert in measures.alerts(row, done, by=self._by, open_way=way.ended is None):
            self._keep(alert)

    def _treatment(self, way: Way, planned: date, client: Client, episode: Episode) -> None:
        inpatient = way.setting == Setting.INPATIENT
        programme = Programme.TC if inpatient or way.setting == Setting.IN_PRISON else Programme.NON_TC
        counted = way.started if way.facts and way.assessed else None
        treatment = self._keep(
            Treatment(
                client=client,
                episode=episode,
                facility=way.facility,
                programme=programme,
                setting=way.setting,
                planned_on=planned,
                started_on=way.started,
                ended_on=way.ended,
                outcome=way.outcome,
                counted_on=counted,
                unit=way.facility.unit,
                admission_group=episode.admission_group,
                sex=client.sex,
                age_group=age_group(_age(way.person.birth_date, way.started or planned)),
                main_substance=way.substance,
                ownership=way.facility.ownership,
            )
        )
        if way.started:
            self._keep(
                TreatmentPhase(
                    treatment=treatment,
                    programme=programme,
                    setting=way.setting,
                    starts_on=way.started,
                    ends_on=way.ended,
                )
            )
        if way.outcome == Outcome.COMPLETED:
            for row in follow_ups(self._random, treatment, by=self._by):
                self._keep(row)
            for row in measures.life(self._measures, self._life, treatment, by=self._by):
                self._keep(row)


def _identity(client: Client, invented: Invented, key: bytes) -> Identity:
    def sealed(field: str, value: str) -> bytes:
        return vault.encrypt(key, value, context(field, client.code))

    born = invented.birth_date.isoformat()
    return Identity(
        client=client,
        name=sealed("name", invented.name),
        birth_date=sealed("birth_date", born),
        nik=sealed("nik", invented.nik),
        phone=sealed("phone", invented.phone),
        address=sealed("address", "Jalan Contoh 1"),
        mother_name=b"",
        no_nik_reason="" if invented.nik else NoNikReason.NOT_BROUGHT,
        nik_index=vault.blind("nik", invented.nik),
        phone_index=vault.blind("phone", invented.phone),
        birth_index=vault.blind("birth_date", born),
        name_tokens=vault.name_tokens(invented.name),
    )


def _status(way: Way) -> EpisodeStatus:
    if way.ended:
        return EpisodeStatus.CLOSED
    if way.started:
        return EpisodeStatus.IN_TREATMENT
    if way.planned:
        return EpisodeStatus.PLANNED
    return EpisodeStatus.ASSESSED if way.assessed else EpisodeStatus.REGISTERED


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _noon(day: date, facility: Facility) -> datetime:
    return min(datetime.combine(day, time(10, 30), ZoneInfo(facility.zone)), timezone.now())
