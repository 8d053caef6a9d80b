"""How far a treatment has come, on the client's page. Registered with the app's other panels (clients/panels.py)."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.enums import ProgrammeStage
from clients.models import Client, Episode
from clients.queries.sessions import attendances_once
from clients.queries.stages import DAYS_OF, MEETINGS_LEAST, MEETINGS_MOST, Progress, progress_of
from facilities.access import can, facility_ids
from rehab import panels, tunables
from rehab.models import User
from rehab.panels import Card, NextStep
from rehab.roles import Permission

SEEN_BY = (Permission.SEE_CLINICAL, Permission.SEE_CLINICAL_SUMMARY, Permission.SEE_PLACEMENT)
_ASSUMED = gettext_lazy("Working assumption, no published rule")
_WHEN = gettext_lazy("After that the client is shown as due to move on. A person decides.")


def _days(stage: ProgrammeStage, title, default: int) -> tunables.Tunable:
    return tunables.Tunable(
        key=DAYS_OF[stage], title=title, default=default, hint=_WHEN, default_source=_ASSUMED, least=1, most=365
    )


tunables.declare(
    _days(ProgrammeStage.DETOX, gettext_lazy("Expected days in detox"), 14),
    _days(ProgrammeStage.ENTRY_UNIT, gettext_lazy("Expected days in the entry unit"), 14),
    _days(ProgrammeStage.RE_ENTRY, gettext_lazy("Expected days in re-entry"), 30),
    tunables.Tunable(
        key=DAYS_OF[ProgrammeStage.PRIMARY],
        title=gettext_lazy("Expected months in primary"),
        default=4,
        hint=_WHEN,
        default_source=gettext_lazy("Published programmes of BNN centres take 4 or 6 months"),
        allowed=(4, 6),
    ),
    tunables.Tunable(
        key=MEETINGS_LEAST,
        title=gettext_lazy("Meetings of an outpatient, at least"),
        default=8,
        hint=gettext_lazy("Shown as “meeting 5 of 8–12”. Activities do not count."),
        default_source=_ASSUMED,
        least=1,
        most=60,
    ),
    tunables.Tunable(
        key=MEETINGS_MOST,
        title=gettext_lazy("Meetings of an outpatient, at most"),
        default=12,
        default_source=_ASSUMED,
        least=1,
        most=99,
    ),
)


def _progress(user: User, client: Client) -> list[Progress]:
    """Of the open treatments at places of the person's scope; nothing is fetched that the page has not."""
    reach = facility_ids(user, *SEEN_BY)
    held = [row for row in client.treatments.all() if row.facility_id in reach and row.started_on and row.is_open]
    if not held:
        return []
    settings, today = tunables.in_force(user), timezone.localdate()
    rows = attendances_once(user, client)
    found = [progress_of(row, rows, today, settings) for row in held]
    return [each for each in found if each]


@panels.client_cards.register(order=5)
def card(user: User, client: Client) -> list[Card]:
    found = _progress(user, client)
    if not found:
        return []
    moves = facility_ids(user, Permission.TREAT)
    return [Card("clients/_stages.html", [(each, each.treatment.facility_id in moves) for each in found])]


@panels.next_steps.register(order=58)
def steps(user: User, client: Client, episode: Episode | None) -> list[NextStep]:
    """Only where the expected length has passed, or where no stage was recorded."""
    if episode is None or not episode.is_open or not can(user, Permission.TREAT):
        return []
    moves = facility_ids(user, Permission.TREAT)
    for each in _progress(user, client):
        if not each.line or each.treatment.facility_id not in moves or each.treatment.episode_id != episode.pk:
            continue
        url = reverse("clients:move_stage", args=[each.treatment.pk])
        if each.now is None:
            return [NextStep(_("Record the stage"), url, 62)]
        if each.is_due and each.next:
            return [NextStep(_("On to %(stage)s?") % {"stage": each.next.label}, url, 58)]
    return []
