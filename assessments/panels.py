"""What assessments show on the pages of the floors below, their menu entry and their settings."""

from datetime import date
from functools import partial
from typing import cast

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments import (  # noqa: F401  their readers register themselves
    alert_panels,
    due_panels,
    handover_panels,
    list_panels,
    plan_panels,
    tat_panels,
    urine_panels,
    vct_panels,
)
from assessments.enums import AssessmentStatus
from assessments.held import held
from assessments.instruments import registry
from assessments.models import Assessment, CaseFacts
from assessments.queries import (
    USD_RATE,
    changes,
    default_rule,
    option_key,
    result_of,
    rule_key,
    title_of,
)
from clients.models import Client, Episode
from clients.queries.page import seen_episodes
from facilities.access import facility_ids
from facilities.enums import Qualifying
from rehab import panels, tunables
from rehab.models import User
from rehab.panels import Card, LaterEntry, MenuItem, NextStep, Stage, Tab, TimelineEntry
from rehab.roles import Permission

MOST = 20

panels.add_menu(
    MenuItem(
        _("Texts of the instruments"),
        "assessments:texts",
        "reports",
        frozenset({Permission.TECHNICAL, Permission.EDIT_SETTINGS}),
        85,
        active=("assessments:texts", "assessments:load_text", "assessments:withdraw_text"),
    )
)
tunables.declare(
    *(
        tunables.Tunable(
            option_key(instrument.key, option.code),
            _(option.label),
            option.default,
            hint=_(instrument.title),
            default_source=_("The instrument’s own default"),
            least=0,
        )
        for instrument in registry.all()
        for option in instrument.options
        if option.default is not None
    ),
    tunables.Tunable(
        USD_RATE,
        _("Rupiah per US dollar, for the amounts of money of the ASI"),
        0,
        hint=_("A new ASI begins with it; the assessor may change it. Zero: nothing is filled in."),
        default_source=_("No rate is set; name the day and the source of the one you enter."),
        least=0,
        most=1_000_000,
    ),
    *(
        tunables.Tunable(
            rule_key(instrument.key),
            format_lazy("{}: {}", _("Who may administer it"), _(instrument.title)),
            default_rule(instrument.key),
            hint=_("One of these, valid on the day, is enough. An assessment by others is flagged, not blocked."),
            default_source=_("No published rule is known; chosen for Titian"),
            allowed=tuple(Qualifying),
        )
        for instrument in registry.all()
    ),
)


@panels.timeline.register(order=20)
def timeline(user: User, client: Client) -> list[TimelineEntry | LaterEntry]:
    """Care staff see all of it; who sees summaries gets date and highest level of what is completed; nobody else anything."""
    full = facility_ids(user, Permission.SEE_CLINICAL)
    summary = facility_ids(user, Permission.SEE_CLINICAL_SUMMARY) - full
    label = gettext("Assessment")
    entries: list[TimelineEntry | LaterEntry] = []
    for row in held(client):
        if row.facility_id in full:
            tell = partial(_entry, row)
        elif row.facility_id in summary and row.status == AssessmentStatus.COMPLETED:
            tell = partial(_summary, row)
        else:
            continue
        entries.append(LaterEntry(row.administered_on, "assessment", label, tell, Stage.ASSESSED))
    return entries + _facts_entries(client, full)


def _entry(row: Assessment) -> TimelineEntry:
    if row.status == AssessmentStatus.DRAFT:
        told = gettext("Correction in progress") if row.corrects_id else gettext("Unfinished")
        return _timeline(row, text=row.reason, url=reverse("assessments:fill", args=[row.pk]), chip=told)
    result = result_of(row)
    text = [f"{line.title}: {line.shown} ({line.band_title})" for line in result.lines if line.tone]
    chip, tone = "", ""
    if row.status == AssessmentStatus.CORRECTED:
        chip = gettext("replaced by a correction")
    elif result.alerts:
        chip, tone = result.alerts[0], "danger"
    elif result.highest:
        chip, tone = result.highest.band_title, result.highest.tone
    if row.reason:
        text.append(gettext("Correction: %(reason)s") % {"reason": row.reason})
    return _timeline(row, text="\n".join(text), url=reverse("assessments:result", args=[row.pk]), chip=chip, tone=tone)


def _summary(row: Assessment) -> TimelineEntry:
    top = result_of(row).highest
    return _timeline(row, chip=top.band_title if top else "", tone=top.tone if top else "")


def _timeline(row: Assessment, **more: str) -> TimelineEntry:
    return TimelineEntry(
        row.administered_on, "assessment", gettext("Assessment"), title_of(row), stage=Stage.ASSESSED, **more
    )


def _facts_entries(client: Client, reach: frozenset[int]) -> list[TimelineEntry]:
    episodes = [row for row in client.episodes.all() if row.facts_on and row.responsible_facility_id in reach]
    return [
        TimelineEntry(
            cast(date, episode.facts_on),
            "assessment",
            gettext("Assessment"),
            gettext("Six facts complete"),
            text=episode.get_main_substance_display(),
            url=reverse("assessments:facts", args=[client.code]) if episode.is_open else "",
            stage=Stage.FACTS,
        )
        for episode in episodes
    ]


@panels.client_tabs.register(order=20)
def tab(user: User, client: Client) -> list[Tab]:
    reach = facility_ids(user, Permission.SEE_CLINICAL)
    if not seen_episodes(user, client, Permission.SEE_CLINICAL):
        return []
    count = sum(row.facility_id in reach for row in held(client))
    return [Tab("assessments", gettext("Assessments"), reverse("assessments:choose", args=[client.code]), count)]


@panels.client_cards.register(order=20)
def change_cards(user: User, client: Client) -> list[Card]:
    """First against latest of each instrument, in a line for each; the drawings are with the assessments."""
    reach = facility_ids(user, Permission.SEE_CLINICAL)
    done = [row for row in held(client) if row.facility_id in reach and row.status == AssessmentStatus.COMPLETED]
    found = changes(done) if len(done) > 1 else []
    return [Card("assessments/_change_card.html", {"changes": found, "client": client})] if found else []


@panels.next_steps.register(order=20)
def next_steps(user: User, client: Client, episode: Episode | None) -> list[NextStep]:
    """Instrument first, then the six facts; neither is asked for once the episode is closed."""
    if episode is None or not episode.is_open:
        return []
    place = _working_at(user, client, episode)
    if place is None:
        return []
    steps = []
    drafts = [row for row in held(client) if row.status == AssessmentStatus.DRAFT and row.facility_id == place]
    draft = max(drafts, key=lambda row: row.saved_at, default=None)
    if draft:
        steps.append(
            NextStep(
                gettext("Complete the assessment"),
                reverse("assessments:fill", args=[draft.pk]),
                20,
                hint=title_of(draft),
            )
        )
    elif episode.assessed_on is None:
        steps.append(NextStep(gettext("On to the assessment"), reverse("assessments:choose", args=[client.code]), 20))
    if episode.facts_on is None and episode.responsible_facility_id in facility_ids(user, Permission.ASSESS):
        started = any(row.started_on for row in client.treatments.all() if row.episode_id == episode.pk)
        hint = "" if started else _facts_hint(episode)
        steps.append(
            NextStep(gettext("Complete the six facts"), reverse("assessments:facts", args=[client.code]), 30, hint=hint)
        )
    return steps


def _working_at(user: User, client: Client, episode: Episode) -> int | None:
    """The facility where the person assesses, as `access.place_of` finds it, from what the page has fetched already."""
    reach = facility_ids(user, Permission.ASSESS)
    if episode.responsible_facility_id in reach:
        return episode.responsible_facility_id
    treating = [row for row in client.treatments.all() if row.episode_id == episode.pk and row.facility_id in reach]
    return max(treating, key=lambda row: row.pk).facility_id if treating else None


def _facts_hint(episode: Episode) -> str:
    row = CaseFacts.objects.filter(episode=episode).first()
    missing = list(row.known.values()).count(False) if row else 6
    return gettext("Still open: %(count)s of six. The treatment waits for them.") % {"count": missing}
