"""What aftercare shows on lower pages, its menu item and its settings."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, cast

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from aftercare.access import may_follow_up, may_read_details
from aftercare.enums import FollowUpKind
from aftercare.measures import CLOSING_MEASURES, MEASURABLE
from aftercare.models import AftercarePlan, FollowUp
from aftercare.queries import days_late, due_until, late_words, next_of, result_of, status_of
from aftercare.schedule import FOLLOW_SETTINGS, OUTCOMES_WITH_PLAN, RELAPSE_TOLERANCE, WINDOW_MONTHS
from clients.enums import Outcome
from clients.models import Client, Episode, Treatment
from clients.queries.sessions import silence_words, silent_of
from facilities.access import can, facility_ids
from rehab import drafts, panels, tunables, worklists
from rehab.models import User
from rehab.roles import Permission
from rehab.worklists import Day, Found

if TYPE_CHECKING:
    from clients.queries.sessions import TreatmentUnderWay

AHEAD = timedelta(days=7)
# A follow-up of yesterday can still be made: it is called overdue after so many days.
PATIENCE = 7

panels.add_menu(
    panels.MenuItem(
        label=pgettext_lazy("menu", "Aftercare"),
        url_name="aftercare:list",
        icon="aftercare",
        permissions=frozenset({Permission.FOLLOW_UP, Permission.SEE_CLINICAL_SUMMARY}),
        order=40,
        active=tuple(f"aftercare:{name}" for name in ("list", "plan", "extra", "end", "reopen", "follow_up")),
    )
)

tunables.declare(
    tunables.Tunable(
        key=WINDOW_MONTHS,
        title=gettext_lazy("Months of aftercare after a completed treatment"),
        default=6,
        allowed=(3, 6, 12),
        hint=gettext_lazy("The last follow-up is due on the last day of this window. Plans that began keep theirs."),
        default_source=gettext_lazy("Practice: 3 to 6 months of monitoring; national aim counted after 6 months"),
        then=FOLLOW_SETTINGS,
    ),
    tunables.Tunable(
        key=RELAPSE_TOLERANCE,
        title=gettext_lazy("Follow-up at the window's end: days before or after"),
        default=30,
        hint=gettext_lazy(
            "How far from the end of the window the follow-up may lie that says whether a client has relapsed."
        ),
        default_source=gettext_lazy("Working assumption, no published rule"),
        least=0,
        most=180,
        then=FOLLOW_SETTINGS,
    ),
    tunables.Tunable(
        key=CLOSING_MEASURES,
        title=gettext_lazy("Measured once more before a treatment is closed, where it was measured before"),
        default=["whoqol_bref", "bam"],
        allowed=MEASURABLE,
        hint=gettext_lazy("Whoever closes measures again, or says why not. Who has gone is not asked."),
        default_source=gettext_lazy("WHOQOL-BREF: national indicator; BAM: practice"),
    ),
    tunables.Tunable(
        key=OUTCOMES_WITH_PLAN,
        title=gettext_lazy("Outcomes of a treatment that start aftercare"),
        default=[Outcome.COMPLETED.value],
        allowed=tuple(outcome for outcome in Outcome if outcome != Outcome.DIED),
        hint=gettext_lazy("For other outcomes the person who closes may still start a plan."),
        default_source=gettext_lazy("Not settled by a regulation; completed treatments by custom"),
    ),
)


@panels.timeline.register(order=40)
def timeline(user: User, client: Client) -> list[panels.TimelineEntry]:
    entries = []
    for plan in _plans(user, client):
        entries.append(
            panels.TimelineEntry(
                on=plan.starts_on,
                kind="aftercare",
                stage=panels.Stage.AFTERCARE,
                kind_label=_("Aftercare"),
                title=_("Aftercare plan started"),
                text=str(plan.place),
                url=reverse("aftercare:plan", args=[plan.pk]),
                chip=status_of(plan).label,
                tone=status_of(plan).tone,
            )
        )
        details = may_read_details(user, plan)
        due = next_of(plan, plan.follow_ups.all())
        entries += [_done(row, details) for row in plan.follow_ups.all() if row.done_on]
        entries += [_due(due)] if due else []
    return entries


def _plans(user: User, client: Client) -> list[AftercarePlan]:
    plans = AftercarePlan.objects.visible_to(user).filter(client=client).select_related("facility", "unit")
    plans = plans.prefetch_related(Prefetch("follow_ups", FollowUp.objects.order_by("due_on", "id")))
    return panels.fetched_once(client, "aftercare", lambda: list(plans))


def _done(row: FollowUp, details: bool) -> panels.TimelineEntry:
    result = result_of(row)
    return panels.TimelineEntry(
        on=cast(date, row.done_on),
        kind="aftercare",
        stage=panels.Stage.AFTERCARE,
        kind_label=_("Aftercare"),
        title=row.get_kind_display(),
        text=row.note if details else "",
        url=reverse("aftercare:plan", args=[row.plan_id]),
        chip=result.label,
        tone=result.tone,
    )


def _due(row: FollowUp) -> panels.TimelineEntry:
    late = days_late(row, timezone.localdate())
    return panels.TimelineEntry(
        on=row.due_on,
        kind="aftercare",
        stage=panels.Stage.AFTERCARE,
        kind_label=_("Aftercare"),
        title=_("Follow-up due"),
        url=reverse("aftercare:plan", args=[row.plan_id]),
        chip=late_words(late) if late else _("planned"),
        tone="danger" if late else "",
    )


@panels.client_tabs.register(order=80)
def tab(user: User, client: Client) -> list[panels.Tab]:
    found = _plans(user, client)
    if not found:
        return []
    return [panels.Tab("aftercare", pgettext("menu", "Aftercare"), reverse("aftercare:plan", args=[found[0].pk]))]


@panels.next_steps.register(order=40)
def next_steps(user: User, client: Client, episode: Episode | None) -> list[panels.NextStep]:
    steps = []
    today = timezone.localdate()
    waiting = [next_of(plan, plan.follow_ups.all()) for plan in _plans(user, client) if may_follow_up(user, plan)]
    due = min(
        (row for row in waiting if row and row.due_on <= today), key=lambda row: (row.due_on, row.pk), default=None
    )
    if due:
        late = days_late(due, today)
        hint = late_words(late) if late else _("due today")
        steps.append(
            panels.NextStep(_("Record the follow-up"), reverse("aftercare:follow_up", args=[due.pk]), 40, hint)
        )
    elif coming := [row for row in waiting if row]:
        steps.append(
            panels.NextStep(_("Look at the aftercare plan"), reverse("aftercare:plan", args=[coming[0].plan_id]), 60)
        )
    reach = facility_ids(user, Permission.TREAT)
    if episode is not None and reach:
        held = [row for row in client.treatments.all() if row.episode_id == episode.pk and row.facility_id in reach]
        under_way = [row for row in held if row.started_on and row.is_open]
        silent = silent_of(user, client, today) if under_way else {}
        steps += [_closing(treatment, silent.get(treatment.pk)) for treatment in under_way]
    return steps


def _closing(treatment: Treatment, silent: "TreatmentUnderWay | None") -> panels.NextStep:
    """Where the client fell out of touch, a drop-out is proposed; the person who closes decides, with a reason."""
    url = reverse("aftercare:close", args=[treatment.pk])
    if silent is None:
        return panels.NextStep(_("Close the treatment"), url, 90)
    words = silence_words(silent.missed, silent.contact_on)
    return panels.NextStep(_("Decide on a drop-out"), reverse("clients:silence", args=[treatment.pk]), 42, words)


@panels.treatment_ends.register()
def ends(user: User, treatment: Treatment) -> list[panels.NextStep]:
    url = reverse("aftercare:close", args=[treatment.pk])
    return [panels.NextStep(_("Close as drop-out"), f"{url}?outcome={Outcome.DROP_OUT}", 10)]


@panels.after_result.register()
def closing_under_way(user: User, client: Client) -> list[panels.NextStep]:
    """Who went to measure once more on the way of closing a treatment is led back there. Two queries."""
    held = Treatment.objects.open().filter(client=client, facility__in=facility_ids(user, Permission.TREAT))
    pages = [reverse("aftercare:close", args=[pk]) for pk in held.values_list("pk", flat=True)]
    begun = drafts.kept_at(user, pages) if pages else set()
    return [panels.NextStep(_("Go on closing the treatment"), page, 10) for page in pages if page in begun]


@panels.client_facts.register(order=60)
def overdue_facts(user: User, clients: Iterable[Client]) -> dict[int, list[panels.Fact]]:
    """Only what is overdue: a list stays quiet otherwise."""
    today = timezone.localdate()
    due = (
        FollowUp.objects.visible_to(user)
        .open()
        .filter(plan__client__in=[client.pk for client in clients], due_on__lt=today)
    )
    first = due.order_by("plan_id", "due_on", "pk").distinct("plan_id")
    return {
        client: [
            panels.Fact(
                pgettext("menu", "Aftercare"),
                late_words((today - due_on).days),
                reverse("aftercare:plan", args=[plan]),
                "danger",
            )
        ]
        for client, plan, due_on in first.values_list("plan__client_id", "plan_id", "due_on")
    }


def _waiting(day: Day) -> QuerySet | None:
    """What is overdue or due within a week."""
    return due_until(day.user, day.on + AHEAD) if can(day.user, Permission.FOLLOW_UP) else None


def _due_words(found: Found, day: Day) -> str:
    return str(FollowUpKind(found.told[0]).label)


worklists.register(
    worklists.Worklist(
        "tindak-lanjut", "due", gettext_lazy("Follow-ups due"), _waiting, "due_on",
        lambda found: reverse("aftercare:follow_up", args=[found.pk]), _due_words, client="plan__client", told=("kind",),
        shown=5, late_after=PATIENCE,
    ),
    order=60,
)  # fmt: skip
