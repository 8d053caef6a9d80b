"""The waiting list: entered, offered a place, given one, taken off. Every change of the order has a reason and a trail."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from clients.actions.dates import check_not_ahead, check_open
from clients.actions.episodes import lock
from clients.enums import ADULT_AGE, QueuePriority, Setting, WaitingStatus
from clients.lifecycle import may_wait_become
from clients.models import Episode, Treatment, WaitingListEntry
from clients.queries import age_on, birth_date_of
from clients.queries.places import setting_now
from clients.queries.waiting import before
from facilities.models import Facility
from rehab import audit
from rehab.actions import action
from rehab.enums import Sex
from rehab.errors import Refused
from rehab.models import User


@action
def enter(
    *, by: User, episode: Episode, setting: str, priority: str, reason: str = "", since: date | None = None
) -> WaitingListEntry:
    """Put the episode on the list of its responsible facility, from `since` on (today).

    Raises Refused where it stands there already, is in that kind of treatment there, or is closed; for a priority without a
    reason, or that cannot be the client's; and for a day before the registration, or ahead of the facility's clock.
    """
    episode = lock(episode.pk)
    facility = episode.responsible_facility
    today = facility.local_date()
    since = since or today
    if not episode.is_open:
        raise Refused(_("This episode is closed. Open a new one first."))
    if episode.waits.open().filter(facility=facility).exists():
        raise Refused(_("This client stands on the waiting list of this facility already."))
    if setting == Setting.COMMUNITY:
        raise Refused(_("Nobody waits for a place in the community."), field="setting")
    _check_not_served(episode, facility, setting)
    check_open(facility, today, "setting")
    check_not_ahead(facility, since, "since")
    if since < episode.opened_on:
        raise Refused(_("Nobody waits before the registration."), field="since")
    _check_priority(episode, priority, reason, today)
    entry = WaitingListEntry.objects.create(
        episode=episode,
        facility=facility,
        setting=setting,
        sex=episode.client.sex,
        priority=priority,
        priority_reason=reason.strip(),
        entered_on=since,
        entered_by=by,
    )
    data = {"setting": str(setting), "priority": str(priority), "since": since.isoformat()}
    _record("wait.entered", by, entry, data, reason)
    return entry


@action
def set_priority(*, by: User, entry: WaitingListEntry, priority: str, reason: str) -> WaitingListEntry:
    """Another class, and so another rank. Raises Refused without a reason, for the class it has, and once the wait is over."""
    entry = _lock(entry)
    _check_open(entry)
    if not reason.strip():
        raise Refused(_("Say why the order changes."), field="reason")
    if priority == entry.priority:
        raise Refused(_("The priority is the same as before."), field="priority")
    _check_priority(entry.episode, priority, reason, entry.facility.local_date())
    changed = {"from": entry.priority, "to": str(priority)}
    entry.priority, entry.priority_reason = priority, reason.strip()
    entry.save(update_fields=["priority", "priority_reason"])
    _record("wait.priority_changed", by, entry, changed, reason)
    return entry


@action
def offer(*, by: User, entry: WaitingListEntry) -> WaitingListEntry:
    """The client was told of a free place. It is not held: it is taken when the treatment starts."""
    entry = _step(entry, WaitingStatus.OFFERED)
    entry.offered_on = entry.facility.local_date()
    entry.save(update_fields=["status", "offered_on"])
    _record("wait.offered", by, entry, {})
    return entry


@action
def keep_waiting(*, by: User, entry: WaitingListEntry, reason: str) -> WaitingListEntry:
    """The client could not come: back to waiting, with the rank of before. Raises Refused without a reason."""
    entry = _step(entry, WaitingStatus.WAITING)
    _check_said(reason)
    entry.save(update_fields=["status"])
    _record("wait.kept", by, entry, {}, reason)
    return entry


@action
def withdraw(*, by: User, entry: WaitingListEntry, reason: str) -> WaitingListEntry:
    """Off the list without a place. Raises Refused without a reason, and once the wait is over."""
    entry = _step(entry, WaitingStatus.WITHDRAWN)
    _check_said(reason)
    _end(by, entry, reason)
    _record("wait.withdrawn", by, entry, {}, reason)
    return entry


def take_turn(*, by: User, treatment: Treatment, setting: str, despite: str) -> None:
    """Inside the caller's transaction: the treatment takes a place of this setting now. Its own wait is over; where others
    go before, `despite` says why it does not wait for them, and that is kept."""
    facility, episode = treatment.facility, treatment.episode
    ahead = before(facility.pk, setting, treatment.client.sex, episode.pk, facility.local_date())
    if ahead and not despite.strip():
        raise Refused(
            _("On the waiting list others go before (%(count)s). Say why this client does not wait for them."),
            params={"count": ahead},
            field="despite",
            code="not_first",
        )
    entry = episode.waits.open().filter(facility=facility, setting=setting).select_related("facility").first()
    if entry:
        entry.episode = episode
        entry.status = WaitingStatus.PLACED
        _end(by, entry, despite)
        _record("wait.placed", by, entry, {"before": ahead}, despite)
    if ahead:
        audit.record(
            "queue.overtaken", by=by, subject=treatment, place=facility.code, client_code=episode.client.code,
            reason=despite.strip(), data={"before": ahead, "setting": str(setting)},
        )  # fmt: skip


def leave_all(*, by: User, episode: Episode, reason: str, facility: Facility | None = None) -> None:
    """Inside the caller's transaction, which holds the episode: the waits are over, at `facility` or everywhere."""
    rows = episode.waits.open().select_related("facility")
    for entry in rows.filter(facility=facility) if facility else rows:
        entry.episode = episode
        entry.status = WaitingStatus.WITHDRAWN
        _end(by, entry, reason)
        _record("wait.withdrawn", by, entry, {}, reason)


def _check_not_served(episode: Episode, facility: Facility, setting: str) -> None:
    held = episode.treatments.open().filter(facility=facility, started_on__isnull=False).first()
    if held and setting_now(held) == setting:
        raise Refused(_("The client is in this kind of treatment here already."), field="setting")


def _check_priority(episode: Episode, priority: str, reason: str, today: date) -> None:
    if priority == QueuePriority.ORDINARY:
        return
    if not reason.strip():
        raise Refused(_("Say why this client goes before others."), field="reason")
    client = episode.client
    if priority == QueuePriority.PREGNANT and client.sex != Sex.FEMALE:
        raise Refused(_("The client is recorded as a man."), field="priority")
    if priority == QueuePriority.MINOR:
        age = age_on(today, birth_date_of(client), client.birth_year)
        if age is not None and age >= ADULT_AGE:
            raise Refused(_("The client is %(age)s years old."), params={"age": age}, field="priority")


def _check_said(reason: str) -> None:
    if not reason.strip():
        raise Refused(_("Say why."), field="reason")


def _check_open(entry: WaitingListEntry) -> None:
    if not entry.is_open:
        raise Refused(
            _("This wait is over: %(status)s."), params={"status": entry.get_status_display()}, code="wait_over"
        )


def _step(entry: WaitingListEntry, to: WaitingStatus) -> WaitingListEntry:
    entry = _lock(entry)
    _check_open(entry)
    if not may_wait_become(entry.status, to):
        raise Refused(_("This step does not fit: %(status)s."), params={"status": entry.get_status_display()})
    entry.status = to
    return entry


def _end(by: User, entry: WaitingListEntry, reason: str) -> None:
    entry.ended_on = max(entry.facility.local_date(), entry.entered_on)
    entry.ended_by, entry.end_reason = by, reason.strip()[:250]
    entry.save(update_fields=["status", "ended_on", "ended_by", "end_reason"])


def _lock(entry: WaitingListEntry) -> WaitingListEntry:
    episode = lock(entry.episode_id)
    fresh = WaitingListEntry.objects.select_related("facility__region").get(pk=entry.pk)
    fresh.episode = episode
    return fresh


def _record(verb: str, by: User, entry: WaitingListEntry, data: dict, reason: str = "") -> None:
    audit.record(
        verb, by=by, subject=entry, place=entry.facility.code, client_code=entry.episode.client.code,
        reason=reason.strip(), data={"episode": entry.episode.number} | data,
    )  # fmt: skip
