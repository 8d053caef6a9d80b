"""What is due, what was found, and where plans stand."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aftercare.enums import PlanStatus, Productive, Relapse
from aftercare.models import AftercarePlan, FollowUp
from clients.models import Client
from clients.queries import masked_names
from rehab.labels import label
from rehab.models import User
from rehab.roles import Permission


@dataclass(frozen=True)
class Word:
    """A word for a chip, with its tone."""

    label: str
    tone: str = ""


@dataclass(frozen=True)
class PlanRow:
    """A plan in a list. `late` is empty when nothing is overdue; `last` is the latest follow-up that was done."""

    plan: AftercarePlan
    name: str
    next_due: FollowUp | None
    late: str
    last: FollowUp | None
    result: Word | None
    status: Word


@dataclass(frozen=True)
class Listed:
    """Rows for a page by key: plans themselves, or the follow-up of each plan that is due next; `whole` reads them."""

    rows: QuerySet
    whole: QuerySet
    keys: tuple[str, ...]


_SHOWN_OF_PLANS = ("status", "ended_on", "client__code", "client__data_key", "facility__name", "unit__name")


def listed(user: User, which: str, today: date) -> Listed:
    """`which`: running (soonest due first), overdue, month, ready (nothing left to do but end it), ended."""
    if which in ("ready", "ended"):
        plans = AftercarePlan.objects.visible_to(user)
        whole = AftercarePlan.objects.select_related("client", "facility", "unit").only(*_SHOWN_OF_PLANS)
        waiting = FollowUp.objects.filter(plan=OuterRef("pk"), done_on=None)
        if which == "ready":
            return Listed(plans.open().filter(~Exists(waiting)), whole, ("window_ends_on", "id"))
        return Listed(plans.exclude(status=PlanStatus.OPEN), whole, ("-ended_on", "-id"))
    due = FollowUp.objects.visible_to(user).next_of_plans()
    if which == "overdue":
        due = due.filter(due_on__lt=today)
    elif which == "month":
        last = today.replace(day=monthrange(today.year, today.month)[1])
        due = due.filter(due_on__gte=today.replace(day=1), due_on__lte=last)
    steps = FollowUp.objects.select_related("plan__client", "plan__facility", "plan__unit")
    shown = [f"plan__{name}" for name in _SHOWN_OF_PLANS]
    return Listed(due, steps.only("due_on", "done_on", *shown), ("due_on", "id"))


def rows_of(found: Iterable[Any], today: date) -> list[PlanRow]:
    """`found` as `listed` gives it: plans with nothing to do, or the next follow-ups with their plans. Two queries."""
    pairs = [(row.plan, row) if isinstance(row, FollowUp) else (row, None) for row in found]
    plans = [plan for plan, _next in pairs]
    names = masked_names(plan.client for plan in plans)
    done = FollowUp.objects.filter(plan__in=plans, done_on__isnull=False)
    last = {row.plan_id: row for row in done.order_by("plan_id", "-done_on", "-pk").distinct("plan_id")}
    return [_row(plan, names.get(plan.client_id, ""), due, last.get(plan.pk), today) for plan, due in pairs]


def _row(plan: AftercarePlan, name: str, next_due: FollowUp | None, last: FollowUp | None, today: date) -> PlanRow:
    late = days_late(next_due, today)
    return PlanRow(
        plan=plan,
        name=name,
        next_due=next_due,
        late=late_words(late) if late else "",
        last=last,
        result=result_of(last) if last else None,
        status=status_of(plan),
    )


def next_of(plan: AftercarePlan, follow_ups: Iterable[FollowUp]) -> FollowUp | None:
    """The follow-up that is due next; none once the plan has ended."""
    due = [each for each in follow_ups if each.done_on is None] if plan.is_open else []
    return min(due, key=lambda each: (each.due_on, each.pk), default=None)


def last_of(follow_ups: Iterable[FollowUp]) -> FollowUp | None:
    return max((each for each in follow_ups if each.done_on), key=lambda each: (each.done_on, each.pk), default=None)


def days_late(follow_up: FollowUp | None, today: date) -> int:
    return max((today - follow_up.due_on).days, 0) if follow_up and follow_up.done_on is None else 0


def late_words(days: int) -> str:
    return ngettext("one day overdue", "%(days)s days overdue", days) % {"days": days}


def result_of(follow_up: FollowUp) -> Word:
    """What a follow-up that was done says. Contact without an answer about relapse stays unknown."""
    if not follow_up.contact_made:
        return Word(_("No contact"), "attention")
    if follow_up.relapse == Relapse.UNKNOWN:
        return Word(_("Contact, relapse unknown"))
    relapsed = follow_up.relapse == Relapse.YES
    return Word(_("Relapsed"), "danger") if relapsed else Word(_("Not relapsed"), "action")


def status_of(plan: AftercarePlan) -> Word:
    tones = {PlanStatus.OPEN: "action", PlanStatus.RELAPSED: "danger", PlanStatus.LOST: "attention"}
    return Word(label(plan, "status"), tones.get(PlanStatus(plan.status), ""))


def standing(follow_ups: Iterable[FollowUp]) -> str:
    """PP, PTP, TPP or TPTP in words, from the latest contact; empty while one of the two is not known."""
    last = last_of(each for each in follow_ups if each.contact_made)
    if last is None or last.relapse == Relapse.UNKNOWN or last.productive == Productive.UNKNOWN:
        return ""
    return {
        (Relapse.NO, Productive.YES): _("Recovered and productive (PP)"),
        (Relapse.NO, Productive.NO): _("Recovered, not productive (PTP)"),
        (Relapse.YES, Productive.YES): _("Not recovered, productive (TPP)"),
        (Relapse.YES, Productive.NO): _("Not recovered, not productive (TPTP)"),
    }[(Relapse(last.relapse), Productive(last.productive))]


def due_until(user: User, day: date) -> QuerySet[FollowUp]:
    """Next follow-ups due on `day` or before, of plans that the person follows up; the oldest first."""
    mine = FollowUp.objects.visible_to(user, Permission.FOLLOW_UP).next_of_plans().filter(due_on__lte=day)
    return mine.select_related("plan__client", "plan__facility", "plan__unit").order_by("due_on", "id")


def open_plan_of(client: Client) -> AftercarePlan | None:
    return AftercarePlan.objects.open().filter(client=client).select_related("facility", "unit").first()


@dataclass(frozen=True)
class Line:
    """A follow-up on the plan's page: `chip` says what came of it, or when it is due."""

    row: FollowUp
    chip: Word
    done: bool


@dataclass(frozen=True)
class PlanPage:
    name: str
    lines: list[Line]
    next_due: FollowUp | None
    status: Word
    standing: str
    others: list[AftercarePlan]
    has_open_episode: bool


def page_of(plan: AftercarePlan, user: User, today: date) -> PlanPage:
    """All that the page of one plan shows. Four queries."""
    follow_ups = list(plan.follow_ups.select_related("recorded_by").order_by("due_on", "id"))
    others = AftercarePlan.objects.visible_to(user).filter(client=plan.client).exclude(pk=plan.pk)
    return PlanPage(
        name=masked_names([plan.client]).get(plan.client_id, ""),
        lines=[Line(row, _chip(plan, row, today), row.done_on is not None) for row in follow_ups],
        next_due=next_of(plan, follow_ups),
        status=status_of(plan),
        standing=standing(follow_ups),
        others=list(others),
        has_open_episode=plan.client.episodes.open().exists(),
    )


def _chip(plan: AftercarePlan, row: FollowUp, today: date) -> Word:
    if row.done_on:
        return result_of(row)
    if not plan.is_open:
        return Word(_("not done"))
    late = days_late(row, today)
    return Word(late_words(late), "danger") if late else Word(_("planned"))
