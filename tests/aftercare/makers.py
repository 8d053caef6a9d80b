"""Treatments under way, plans and follow-ups for the tests of this app."""

from datetime import date

from aftercare.actions import follow_ups, plans
from aftercare.enums import ContactWay, FollowUpKind, Relapse
from aftercare.models import AftercarePlan, FollowUp
from clients.enums import EpisodeStatus, Outcome
from clients.models import Treatment
from facilities.models import Facility
from rehab.models import User
from tests import factories

STARTED, ENDED = date(2019, 3, 1), date(2019, 8, 31)


def under_way(at: Facility, **fields) -> Treatment:
    """A treatment that has begun and not ended, with its episode in treatment."""
    episode = fields.pop("episode", None) or factories.episode(at=at, status=EpisodeStatus.IN_TREATMENT)
    return factories.treatment(episode, **({"started_on": STARTED, "facility": at} | fields))


def completed(at: Facility, ended_on: date = ENDED, **fields) -> Treatment:
    return under_way(at, ended_on=ended_on, outcome=Outcome.COMPLETED, **fields)


def plan(by: User, at: Facility, starts_on: date = ENDED) -> AftercarePlan:
    treatment = completed(at, starts_on)
    return plans.start(by=by, client=treatment.client, treatment=treatment, facility=at, starts_on=starts_on)


def record(by: User, follow_up: FollowUp, done_on: date, **facts) -> FollowUp:
    """A contact by phone at which nothing else was learnt; `facts` say otherwise."""
    usual = {"contact_made": True, "kind": FollowUpKind.MONITORING, "way": ContactWay.PHONE, "edit": follow_up.edit}
    return follow_ups.record(by=by, follow_up=follow_up, done_on=done_on, **(usual | facts))


def relapsed(by: User, follow_up: FollowUp, done_on: date) -> FollowUp:
    return record(by, follow_up, done_on, relapse=Relapse.YES)
