"""Aftercare plans of completed treatments: monthly follow-ups to the window's end, done up to today."""

from calendar import monthrange
from datetime import date, timedelta
from random import Random
from typing import cast

from django.db import models

from aftercare.enums import ContactWay, PlanStatus, Productive, Relapse, Urine
from aftercare.models import AftercarePlan, FollowUp
from clients.models import Treatment
from rehab.models import User

MONTHS = 6


def follow_ups(random: Random, treatment: Treatment, *, by: User) -> list[models.Model]:
    """The plan first, then its follow-ups. One in ten clients cannot be reached, one in eight relapses."""
    today = treatment.facility.local_date()
    ended = cast(date, treatment.ended_on)
    plan = AftercarePlan(
        client=treatment.client,
        treatment=treatment,
        facility=treatment.facility,
        starts_on=ended,
        window_ends_on=_months_later(ended, MONTHS),
        started_by=by,
    )
    reached = random.random() > 0.1
    relapses_in = random.randrange(1, MONTHS + 1) if random.random() < 0.125 else None
    rows = [_follow_up(random, plan, month, today, reached, relapses_in, by) for month in range(1, MONTHS + 1)]
    first = next((row.done_on for row in rows if row.contact_made), None)
    plan.first_contact_on = first
    plan.counted_unit = treatment.facility.unit if first else None
    relapse = next((row for row in rows if row.relapse == Relapse.YES), None)
    if relapse:
        plan.status, plan.ended_on = PlanStatus.RELAPSED, relapse.done_on
        rows = rows[: rows.index(relapse) + 1]
    elif plan.window_ends_on + timedelta(days=30) < today:
        plan.status, plan.ended_on = (PlanStatus.COMPLETED if reached else PlanStatus.LOST), plan.window_ends_on
    return [plan, *rows]


def _follow_up(
    random: Random, plan: AftercarePlan, month: int, today: date, reached: bool, relapses_in: int | None, by: User
) -> FollowUp:
    due = _months_later(plan.starts_on, month)
    row = FollowUp(plan=plan, due_on=due)
    done = due + timedelta(days=random.randrange(-3, 5))
    if done >= today or (today - due < timedelta(days=45) and random.random() < 0.15):
        return row
    row.done_on, row.recorded_by, row.way = done, by, random.choice(list(ContactWay))
    row.contact_made = reached and (month in (1, relapses_in, MONTHS) or random.random() > 0.15)
    if row.contact_made:
        row.relapse = Relapse.YES if month == relapses_in else Relapse.NO
        row.productive = random.choice([Productive.YES, Productive.YES, Productive.NO])
        row.urine = random.choice([Urine.NOT_DONE, Urine.NEGATIVE])
    return row


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    year += day.year
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
