"""One facility's service within an episode: planned, started, ended."""

from datetime import date

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from clients.actions import placements, places, waiting
from clients.actions.counting import fit
from clients.actions.dates import check_not_ahead, check_open
from clients.actions.episodes import lock, move, shut
from clients.actions.holding import hold as _lock
from clients.enums import DoseWay, EpisodeStatus, Outcome, Presence
from clients.models import Dose, Episode, Treatment, TreatmentPhase
from clients.queries import birth_date_of
from facilities.models import Bed, Facility
from rehab import audit
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User
from rehab.numbers import format_date


@action
def plan(
    *, by: User, episode: Episode, facility: Facility, programme: str, setting: str, planned_on: date
) -> Treatment:
    """A treatment without a start. Raises Refused when the episode is closed, or has one open at this facility."""
    episode = lock(episode.pk)
    if not episode.is_open:
        raise Refused(_("This episode is closed. Open a new one first."))
    if episode.treatments.open().filter(facility=facility).exists():
        raise Refused(_("This facility already has an open treatment in this episode."))
    if planned_on < episode.opened_on:
        raise Refused(_("A treatment is not planned for a day before the registration."), field="planned_on")
    check_open(facility, planned_on, "planned_on")
    treatment = Treatment(
        client=episode.client,
        episode=episode,
        facility=facility,
        programme=programme,
        setting=setting,
        planned_on=planned_on,
    )
    fit(treatment, client=episode.client, episode=episode, born=birth_date_of(episode.client)).save()
    if episode.status != EpisodeStatus.IN_TREATMENT:
        _move(episode, EpisodeStatus.PLANNED)
    _record("treatment.planned", by, treatment, {"setting": str(setting), "programme": str(programme)})
    return treatment


@action
def start(*, by: User, treatment: Treatment, started_on: date, bed: Bed | None = None, despite: str = "") -> Treatment:
    """The first service. From now on the treatment counts, once an instrument is completed as well.

    It takes a place: `bed` where the facility keeps beds; `despite` says why, where all places are taken or others on the
    waiting list go before (see `places.take`).

    Raises Refused while the six facts of PP 25/2011 are missing, for a treatment that started or ended already, and for
    a date before the registration or ahead of the facility's clock.
    """
    episode, treatment = _lock(treatment)
    if treatment.started_on or not treatment.is_open:
        raise Refused(_("This treatment has started already."))
    if episode.facts_on is None:
        raise Refused(
            _(
                "The six facts (PP 25/2011) are not complete yet: identity, substance, length of use, way of use, "
                "diagnosis, and kind of treatment. Complete them first, then start the treatment."
            ),
            code="facts_missing",
        )
    if started_on < episode.opened_on:
        raise Refused(_("The first service cannot lie before the registration."), field="started_on")
    check_not_ahead(treatment.facility, started_on, "started_on")
    check_open(treatment.facility, started_on, "started_on")
    places.take(by=by, treatment=treatment, setting=treatment.setting, on=started_on, bed=bed, despite=despite)
    treatment.started_on = started_on
    fit(treatment, client=episode.client, episode=episode, born=birth_date_of(episode.client)).save()
    TreatmentPhase.objects.create(
        treatment=treatment, programme=treatment.programme, setting=treatment.setting, starts_on=started_on
    )
    _move(episode, EpisodeStatus.IN_TREATMENT)
    _record("treatment.started", by, treatment, {"on": started_on.isoformat()})
    return treatment


@action
def change_phase(
    *,
    by: User,
    treatment: Treatment,
    programme: str,
    setting: str,
    starts_on: date,
    bed: Bed | None = None,
    despite: str = "",
) -> TreatmentPhase:
    """Go on in another setting or programme from `starts_on`; the treatment stays one and counts under its first setting.

    Another setting takes another place: `bed` and `despite` as for `start`; a setting without a bed frees the one held.
    """
    _episode, treatment = _lock(treatment)
    if not treatment.started_on or not treatment.is_open:
        raise Refused(_("Only a treatment under way can change."))
    check_not_ahead(treatment.facility, starts_on, "starts_on")
    current = treatment.phases.filter(ends_on=None).order_by("-starts_on").first()
    if starts_on <= (current.starts_on if current else treatment.started_on):
        raise Refused(_("The change must lie after the start of the phase before."), field="starts_on")
    if (programme, setting) == ((current or treatment).programme, (current or treatment).setting):
        raise Refused(_("Setting and programme are the same as before."), field="setting")
    held = (current or treatment).setting
    places.change(by=by, treatment=treatment, before=held, setting=setting, on=starts_on, bed=bed, despite=despite)
    if current:
        current.ends_on = starts_on
        current.save(update_fields=["ends_on"])
    stage = current.stage if current and setting == current.setting else ""
    phase = TreatmentPhase.objects.create(
        treatment=treatment, programme=programme, setting=setting, stage=stage, starts_on=starts_on
    )
    _record("treatment.phase_changed", by, treatment, {"setting": str(setting), "programme": str(programme)})
    return phase


@action
def withdraw(*, by: User, treatment: Treatment, reason: str) -> None:
    """Take back a plan that never started; its row history keeps it. Raises Refused once there was a first service."""
    episode, treatment = _lock(treatment)
    if treatment.started_on:
        raise Refused(_("This treatment has started already."))
    if not reason.strip():
        raise Refused(_("Say why the plan is withdrawn."), field="reason")
    _record("treatment.withdrawn", by, treatment, {}, reason=reason.strip())
    treatment.delete()
    if episode.status == EpisodeStatus.PLANNED and not episode.treatments.open().exists():
        _move(episode, EpisodeStatus.ASSESSED if episode.assessed_on else EpisodeStatus.REGISTERED)


@action
def end(*, by: User, treatment: Treatment, ended_on: date, outcome: str, note: str = "") -> Treatment:
    """End a treatment with its outcome; the bed is free. Ending the last open one closes the episode in the same
    transaction, unless the client is being handed over, or waits for a place.
    """
    episode, treatment = _lock(treatment)
    if not treatment.is_open:
        raise Refused(_("This treatment has ended already."))
    if treatment.started_on is None:
        raise Refused(_("This treatment never started. Withdraw the plan instead."))
    if ended_on < treatment.started_on:
        raise Refused(_("It cannot end before it started."), field="ended_on")
    if outcome == Outcome.DIED and episode.handovers.open().exists():
        raise Refused(_("The client is being handed over. Take the offer back first."))
    check_not_ahead(treatment.facility, ended_on, "ended_on")
    _check_last_service(treatment, ended_on)
    _stop(by, treatment, ended_on, outcome, note)
    if outcome == Outcome.DIED:
        waiting.leave_all(by=by, episode=episode, reason=str(Outcome.DIED.label))
    _after_end(by, episode, outcome)
    treatment.episode = episode
    return treatment


@action
def refer(*, by: User, treatment: Treatment, ended_on: date) -> Treatment:
    """For a hand-over: end it as referred and leave the episode open. A plan that never started ends with it."""
    _episode, treatment = _lock(treatment)
    if not treatment.is_open:
        raise Refused(_("This treatment has ended already."))
    return _stop(by, treatment, ended_on, Outcome.REFERRED)


def _stop(by: User, treatment: Treatment, ended_on: date, outcome: str, note: str = "") -> Treatment:
    _end_phase(treatment, ended_on)
    placements.leave(by=by, treatment=treatment, on=ended_on)
    treatment.ended_on, treatment.outcome, treatment.outcome_note = ended_on, outcome, note
    treatment.save(update_fields=["ended_on", "outcome", "outcome_note"])
    _record("treatment.ended", by, treatment, {"outcome": str(outcome), "on": ended_on.isoformat()})
    return treatment


def _after_end(by: User, episode: Episode, outcome: str) -> None:
    left = list(episode.treatments.open())
    if not left and not episode.handovers.open().exists() and not episode.waits.open().exists():
        ends = [row.ended_on for row in episode.treatments.all() if row.ended_on]
        shut(episode, closed_on=max(ends), outcome=outcome)
        audit.record(
            "episode.closed", by=by, subject=episode, client_code=episode.client.code,
            data={"episode": episode.number, "outcome": str(outcome)},
        )  # fmt: skip
    elif not any(row.started_on for row in left):
        _move(episode, EpisodeStatus.PLANNED)


def _check_last_service(treatment: Treatment, ended_on: date) -> None:
    """Nothing was given after the end. Doses taken home may be for days after it."""
    came = treatment.attendances.filter(presence=Presence.PRESENT).aggregate(last=Max("held_on"))["last"]
    doses = Dose.objects.filter(prescription__treatment=treatment, way=DoseWay.WITNESSED, void_reason="")
    given = doses.aggregate(last=Max("for_day"))["last"]
    if came and came > ended_on:
        raise Refused(_("The client came to a session on %(day)s.") % {"day": format_date(came)}, field="ended_on")
    if given and given > ended_on:
        raise Refused(_("A dose was given on %(day)s.") % {"day": format_date(given)}, field="ended_on")


def _end_phase(treatment: Treatment, ended_on: date) -> None:
    current = treatment.phases.filter(ends_on=None).first()
    if current is None:
        return
    if ended_on < current.starts_on:
        raise Refused(_("The last phase began later than this."), field="ended_on")
    current.ends_on = ended_on
    current.save(update_fields=["ends_on"])


def _move(episode: Episode, to: EpisodeStatus) -> None:
    move(episode, to)
    episode.save(update_fields=["status"])


def _record(verb: str, by: User, treatment: Treatment, data: dict, reason: str = "") -> None:
    audit.record(
        verb, by=by, subject=treatment, client_code=treatment.client.code, place=treatment.facility.code,
        reason=reason, data={"episode": treatment.episode.number} | data,
    )  # fmt: skip
