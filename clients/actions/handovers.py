"""A client on the way to the next place: offered, received or not, first contact. At every moment one facility answers."""

from datetime import date
from typing import cast

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clients.actions import treatments, waiting
from clients.actions.dates import check_not_ahead, check_open
from clients.actions.episodes import lock, move, shut
from clients.enums import EpisodeStatus, HandoverStatus, Outcome
from clients.lifecycle import handover_steps
from clients.models import Consent, Episode, Handover
from clients.models.handover import reaching, sharing_on
from clients.queries.handovers import receipt_code
from facilities.models import Facility
from rehab import audit
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User


@action
def offer(
    *,
    by: User,
    episode: Episode,
    setting: str,
    programme: str,
    reason: str,
    summary: str,
    to_facility: Facility | None = None,
    outside: str = "",
) -> Handover:
    """Offer the client to a facility, or to a named place outside Titian. The sender stays responsible.

    Raises Refused for a closed episode, while another offer is open, without a consent that covers handing over, and for
    a place that is closed, or is the sender.
    """
    episode = lock(episode.pk)
    sender, today = episode.responsible_facility, episode.responsible_facility.local_date()
    if not episode.is_open:
        raise Refused(_("This episode is closed. Open a new one first."))
    if episode.handovers.open().exists():
        raise Refused(_("This client is being offered to another place already."))
    if to_facility == sender:
        raise Refused(_("A client is handed over to another facility."), field="to_facility")
    _check_consent(episode, sender, to_facility)
    if to_facility:
        check_open(to_facility, today, "to_facility")
    handover = Handover.objects.create(
        episode=episode,
        from_facility=sender,
        to_facility=to_facility,
        outside=outside.strip(),
        setting=setting,
        programme=programme,
        reason=reason,
        summary=summary,
        offered_at=timezone.now(),
        offered_by=by,
    )
    _record("handover.offered", by, handover, reason=reason)
    return handover


@action
def receive(*, by: User, handover: Handover, setting: str = "", programme: str = "") -> Handover:
    """The receiver says yes: the sender's treatment ends as referred, the receiver answers for the episode from now on and
    has a planned treatment, which counts from its first service.

    Raises Refused where somebody was quicker, and once the client's consent no longer covers it.
    """
    episode, handover = _lock(handover)
    _check_step(handover, HandoverStatus.RECEIVED)
    _check_consent(episode, handover.from_facility, handover.to_facility)
    receiver = cast(Facility, handover.to_facility)  # `_check_step`: a step inside Titian
    check_open(receiver, receiver.local_date(), "to_facility")
    _decide(by, handover, HandoverStatus.RECEIVED)
    _end_senders(by, handover)
    waiting.leave_all(by=by, episode=episode, facility=handover.from_facility, reason=_went(handover))
    episode.responsible_facility = receiver
    if not episode.treatments.open().exclude(started_on=None).exists():
        move(episode, EpisodeStatus.PLANNED)
    episode.save(update_fields=["responsible_facility", "status"])
    if not episode.treatments.open().filter(facility=receiver).exists():
        treatments.plan(
            by=by,
            episode=episode,
            facility=receiver,
            setting=setting or handover.setting,
            programme=programme or handover.programme,
            planned_on=max(receiver.local_date(), episode.opened_on),
        )
    _record("handover.received", by, handover)
    return handover


@action
def leave(*, by: User, handover: Handover) -> Handover:
    """The client has gone to a place outside Titian: the sender's treatment and the episode end as referred.

    Raises Refused while another facility still treats.
    """
    episode, handover = _lock(handover)
    _check_step(handover, HandoverStatus.LEFT)
    _check_consent(episode, handover.from_facility, handover.to_facility)
    _decide(by, handover, HandoverStatus.LEFT)
    _end_senders(by, handover)
    if episode.treatments.open().exists():
        raise Refused(_("Another facility still treats this client. Its treatment ends first."))
    waiting.leave_all(by=by, episode=episode, reason=_went(handover))
    shut(episode, closed_on=handover.from_facility.local_date(), outcome=Outcome.REFERRED)
    _record("handover.left", by, handover)
    _record_closed(by, episode)
    return handover


@action
def first_contact(*, by: User, handover: Handover, contacted_on: date) -> Handover:
    """The receiver has seen or spoken to the client. Raises Refused for a day before the offer, or ahead of the clock."""
    _episode, handover = _lock(handover)
    _check_step(handover, HandoverStatus.CONTACTED)
    receiver = cast(Facility, handover.to_facility)  # `_check_step`: a step inside Titian
    check_not_ahead(receiver, contacted_on, "contacted_on")
    if contacted_on < receiver.local_date(handover.offered_at):
        raise Refused(_("The first contact cannot lie before the offer."), field="contacted_on")
    handover.status = HandoverStatus.CONTACTED
    handover.contacted_on, handover.contacted_by = contacted_on, by
    handover.save(update_fields=["status", "contacted_on", "contacted_by"])
    _record("handover.contacted", by, handover)
    return handover


@action
def decline(*, by: User, handover: Handover, reason: str) -> Handover:
    """The receiver says no; the client stays with the sender. Raises Refused without a reason."""
    return _refuse("handover.declined", by, handover, HandoverStatus.DECLINED, reason)


@action
def recall(*, by: User, handover: Handover, reason: str) -> Handover:
    """The sender takes the offer back, before it is received. Raises Refused without a reason."""
    return _refuse("handover.recalled", by, handover, HandoverStatus.RECALLED, reason)


def _refuse(verb: str, by: User, handover: Handover, to: HandoverStatus, reason: str) -> Handover:
    _episode, handover = _lock(handover)
    _check_step(handover, to)
    if not reason.strip():
        raise Refused(_("Say why."), field="reason")
    _decide(by, handover, to, note=reason.strip())
    _record(verb, by, handover, reason=reason.strip())
    return handover


def _lock(handover: Handover) -> tuple[Episode, Handover]:
    """The episode is held before anything is read: of two people who answer at once, the second sees what the first did."""
    episode = lock(handover.episode_id)
    rows = Handover.objects.select_related("from_facility__region", "to_facility__region", "decided_by")
    fresh = rows.get(pk=handover.pk)
    fresh.episode = episode
    return episode, fresh


def _check_step(handover: Handover, to: HandoverStatus) -> None:
    if any(step.to == to for step in handover_steps(handover.status, outside=handover.is_outside)):
        return
    if handover.decided_by:
        told = {"who": handover.decided_by.name, "status": handover.get_status_display()}
        raise Refused(_("%(who)s was quicker. This hand-over is: %(status)s."), params=told, code="decided")
    raise Refused(_("This step does not fit this hand-over."), code="decided")


def _check_consent(episode: Episode, sender: Facility, to: Facility | None) -> None:
    """Held until the transaction ends: whoever takes a consent back at this moment does it before or after, never between."""
    held = Consent.objects.select_for_update().filter(
        sharing_on(sender.local_date()), reaching(to), client=episode.client_id, facility=sender
    )
    if not list(held.values_list("pk")):
        raise Refused(
            _("The client's consent does not cover handing over. Ask the client, and record the consent first."),
            code="no_consent",
        )


def _decide(by: User, handover: Handover, to: HandoverStatus, note: str = "") -> None:
    handover.status = to
    handover.decided_at, handover.decided_by, handover.decision_note = timezone.now(), by, note
    if to in {HandoverStatus.RECEIVED, HandoverStatus.LEFT}:
        handover.receipt = receipt_code(handover)
    handover.save(update_fields=["status", "decided_at", "decided_by", "decision_note", "receipt"])


def _end_senders(by: User, handover: Handover) -> None:
    held = handover.episode.treatments.open().filter(facility=handover.from_facility_id).first()
    if held:
        treatments.refer(by=by, treatment=held, ended_on=handover.from_facility.local_date())


def _went(handover: Handover) -> str:
    return gettext("Handed over to %(place)s") % {"place": handover.place}


def _record(verb: str, by: User, handover: Handover, reason: str = "") -> None:
    episode = handover.episode
    to = handover.to_facility.code if handover.to_facility else ""
    audit.record(
        verb, by=by, subject=handover, client_code=episode.client.code, reason=reason,
        data={"episode": episode.number, "from": handover.from_facility.code, "to": to},
    )  # fmt: skip


def _record_closed(by: User, episode: Episode) -> None:
    audit.record(
        "episode.closed", by=by, subject=episode, client_code=episode.client.code,
        data={"episode": episode.number, "outcome": str(Outcome.REFERRED)},
    )  # fmt: skip
