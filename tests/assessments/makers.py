"""Makers of assessments for tests."""

from datetime import date

from assessments.actions import assessments, facts
from assessments.actions.facts import FactsData
from assessments.enums import IcdGroup, IcdState, TreatmentHistory, UseRoute
from assessments.models import Assessment
from clients.enums import Substance
from clients.models import Episode
from rehab.models import User
from rehab.roles import Role
from tests import factories

LETTERS = "abcdefghij"
DAY = date(2019, 11, 12)
# Uses sabu weekly and nothing else: 4 + 5 + 6 + 7 + 6 + 3 = 31, high; injected in the past three months.
SABU = {f"q1_{letter}": letter == "e" for letter in LETTERS} | {
    "q2_e": "weekly",
    "q3_e": "weekly",
    "q4_e": "weekly",
    "q5_e": "weekly",
    "q6_e": "past3m",
    "q7_e": "before",
    "q8": "past3m",
    "q8_pattern": "frequent",
}
NOTHING = {f"q1_{letter}": False for letter in LETTERS}
ALL_SIX = FactsData(
    identity_checked=True,
    substance=Substance.STIMULANTS,
    months_of_use=30,
    route=UseRoute.SMOKED,
    icd_group=IcdGroup.F15,
    icd_state=IcdState.DEPENDENCE,
    history=TreatmentHistory.NONE,
)


def counselor(episode: Episode) -> User:
    return factories.user(Role.COUNSELOR, episode.responsible_facility)


def draft(episode: Episode, by: User, answers: dict | None = None, **fields) -> Assessment:
    values = {"instrument": "assist", "administered_on": DAY} | fields
    made = assessments.start(
        by=by, client=episode.client, episode=episode, facility=episode.responsible_facility, **values
    )
    if answers:
        made = assessments.save_answers(by=by, assessment=made, answers=answers, edit=made.edit)
    return made


def completed(episode: Episode, by: User, answers: dict | None = None, **fields) -> Assessment:
    return assessments.complete(by=by, assessment=draft(episode, by, answers or SABU, **fields))


def six_facts(episode: Episode, by: User):
    return facts.record(by=by, episode=episode, facts=ALL_SIX, edit=0)
