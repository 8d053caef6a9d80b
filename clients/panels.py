"""What this floor puts into the frame, the day's page and the client's page."""

from datetime import date
from itertools import pairwise

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients import (  # noqa: F401  their readers register themselves
    dose_panels,
    handover_panels,
    intake_panels,
    plan_panels,
    session_panels,
    silence_panels,
    stage_panels,
    steward_panels,
    waiting_panels,
    work_panels,
)
from clients.models import Client, Episode, Treatment
from clients.queries.handovers import registered_at
from clients.queries.page import seen_episodes
from facilities.access import can, facility_ids
from facilities.models import Facility
from rehab import panels
from rehab.models import User
from rehab.panels import MenuItem, NextStep, Stage, TimelineEntry
from rehab.roles import Permission

MOST = 20
# Who finds something there: clients to see, papers that end, colleagues who wait for a consent, reports and TAT cases on their way.
_WITH_A_DAY = frozenset(
    {
        Permission.REGISTER, Permission.TREAT, Permission.FOLLOW_UP, Permission.EDIT_FACILITIES,
        Permission.EDIT_OWN_FACILITY, Permission.MANAGE_PEOPLE, Permission.BUILD_REPORTS, Permission.SEAL_REPORTS,
        Permission.TAT_MANAGE, Permission.TAT_MEDICAL, Permission.TAT_LEGAL,
    }
)  # fmt: skip

_OF_CLIENTS = tuple(
    f"clients:{name}"
    for name in (
        "list search choose_columns save_filter change_filter remove_filter export register check_ client reveal who_looked consent revoke_ match_ correct_ open_again "
        "document add_document card issue_card replace_card guardian "
        "close_ plan plans prescribe stop_prescription give_dose void_dose start_ draft_plan write_plan agree_plan revise_plan discard_plan judge_goal change_phase move_stage take_back_stage withdraw_ silence write_letter put_off"
    ).split()
)

panels.add_menu(
    MenuItem(_("Today"), "today", "today", _WITH_A_DAY, 10, ("today",)),
    MenuItem(_("Clients"), "clients:list", "clients", frozenset({Permission.SEE_CLIENTS}), 20, _OF_CLIENTS),
)


@panels.timeline.register(order=10)
def way(user: User, client: Client) -> list[TimelineEntry]:
    """Registrations, consents and treatments; reads what `queries.page.with_way` fetched."""
    entries = []
    clinical = facility_ids(user, Permission.SEE_CLINICAL)
    began = registered_at(client)
    for episode in seen_episodes(user, client):
        entries += _episode_entries(episode, began.get(episode.pk, episode.responsible_facility))
        for treatment in client.treatments.all():
            if treatment.episode_id == episode.pk:
                entries += _treatment_entries(treatment, noted=treatment.facility_id in clinical)
    reach = facility_ids(user, Permission.SEE_CLIENTS)
    for consent in client.consents.all():
        if consent.facility_id in reach:
            entries.append(
                _entry(
                    consent.given_on, "consent", _("Consent given"), consent.get_scope_display(), stage=Stage.CONSENTED
                )
            )
            if consent.revoked_at:
                entries.append(
                    _entry(timezone.localtime(consent.revoked_at).date(), "consent", _("Consent taken back"))
                )
    return entries


def _episode_entries(episode: Episode, began: Facility) -> list[TimelineEntry]:
    door = episode.get_admission_display()
    text = f"{door} · {episode.referrer}" if episode.referrer else door
    title = _("Registered at %(facility)s") % {"facility": began.name}
    entries = [_entry(episode.opened_on, "episode", title, text, stage=Stage.REGISTERED)]
    if episode.closed_on:
        entries.append(
            _entry(episode.closed_on, "episode", _("Episode closed"), episode.get_outcome_display(), stage=Stage.CLOSED)
        )
    return entries


def _treatment_entries(treatment: Treatment, *, noted: bool) -> list[TimelineEntry]:
    """`noted`: with what was written about its end, which is for care staff of its facility."""
    kind = f"{treatment.get_setting_display()} · {treatment.get_programme_display()} · {treatment.facility.name}"
    entries = []
    if treatment.started_on is None:
        entries.append(_entry(treatment.planned_on, "treatment", _("Treatment planned"), kind, stage=Stage.PLANNED))
    else:
        chip = _("counted") if treatment.counted_on else _("does not count yet")
        tone = "reached" if treatment.counted_on else "attention"
        entries.append(
            _entry(treatment.started_on, "treatment", _("Treatment started"), kind, chip, tone, Stage.STARTED)
        )
    for before, phase in pairwise(treatment.phases.all()):
        changed = f"{phase.get_setting_display()} · {phase.get_programme_display()}"
        if (before.setting, before.programme) == (phase.setting, phase.programme):
            entries.append(
                _entry(phase.starts_on, "treatment", _("Next stage of the programme"), phase.get_stage_display())
            )
        else:
            entries.append(_entry(phase.starts_on, "treatment", _("Treatment goes on differently"), changed))
    if treatment.ended_on:
        note = f"{treatment.facility.name}\n{treatment.outcome_note if noted else ''}".strip()
        outcome = treatment.get_outcome_display()
        entries.append(_entry(treatment.ended_on, "treatment", _("Treatment ended"), note, outcome, stage=Stage.ENDED))
    return entries


KINDS = {"episode": _("Episode"), "treatment": _("Treatment"), "consent": _("Consent")}


def _entry(
    on: date, kind: str, title, text="", chip="", tone: str = "", stage: Stage = Stage.UNDER_WAY
) -> TimelineEntry:
    return TimelineEntry(on, kind, KINDS[kind], title, text=text, chip=chip, tone=tone, stage=stage)


@panels.next_steps.register(order=10)
def steps(user: User, client: Client, episode: Episode | None) -> list[NextStep]:
    """Assessment (20) and facts (30) belong to the floor above; planning and starting follow them."""
    if episode is None or not episode.is_open:
        post = getattr(user, "active_post", None)
        if post is None or not post.facility_id or not can(user, Permission.REGISTER, post.facility):
            return []
        return [NextStep(_("Open a new episode"), reverse("clients:open_again", args=[client.code]), 90)]
    reach = facility_ids(user, Permission.TREAT)
    held = [row for row in client.treatments.all() if row.episode_id == episode.pk and row.ended_on is None]
    found = [_start(row, episode) for row in held if row.started_on is None and row.facility_id in reach]
    if episode.responsible_facility_id in reach and not any(
        row.facility_id == episode.responsible_facility_id for row in held
    ):
        found.append(NextStep(_("Plan treatment"), reverse("clients:plan_treatment", args=[client.code]), 40))
    return found


def _start(treatment: Treatment, episode: Episode) -> NextStep:
    hint = "" if episode.facts_on else _("The six facts are still missing")
    return NextStep(_("Start treatment"), reverse("clients:start_treatment", args=[treatment.pk]), 50, hint)
