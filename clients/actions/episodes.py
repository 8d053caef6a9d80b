"""An episode's way from registration to closing."""

from datetime import date

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from clients.actions import candidates
from clients.actions.counting import recount
from clients.actions.dates import check_not_ahead, check_registered_on
from clients.actions.people import ConsentData, keep_consent
from clients.enums import GROUP_OF, Admission, EpisodeStatus
from clients.lifecycle import may_become
from clients.models import Client, Episode, MatchKeys
from facilities.models import Facility
from rehab import audit
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User


def lock(episode_id: int) -> Episode:
    """The row as it stands now, held until the transaction ends; with its client and responsible facility.

    Held first, read after: whoever waited here while it was handed over would else join it to the facility of before.
    """
    list(Episode.objects.select_for_update().filter(pk=episode_id).values_list("pk"))
    return Episode.objects.select_related("client", "responsible_facility__region").get(pk=episode_id)


def move(episode: Episode, to: EpisodeStatus) -> None:
    """Set the status where the lifecycle allows it; standing still is always allowed. Raises Refused otherwise."""
    if episode.status == to:
        return
    if not may_become(episode.status, to):
        raise Refused(_("The episode is %(status)s."), params={"status": episode.get_status_display()})
    episode.status = to


@action
def open_again(
    *,
    by: User,
    client: Client,
    facility: Facility,
    admission: str,
    opened_on: date,
    referrer: str = "",
    consent: ConsentData | None = None,
) -> Episode:
    """The next episode of a client who came before. Raises Refused while one is open, and for an impossible date."""
    check_registered_on(facility, opened_on)
    if client.episodes.open().exists():
        raise Refused(_("This client already has an open episode."))
    last = client.episodes.aggregate(number=Max("number"), closed_on=Max("closed_on"))
    if last["closed_on"] and opened_on < last["closed_on"]:
        raise Refused(_("The episode before was closed later than this."), field="opened_on")
    if consent:
        keep_consent(client, facility, consent, on=opened_on, by=by)
    episode = Episode.objects.create(
        client=client,
        number=(last["number"] or 0) + 1,
        admission=admission,
        admission_group=GROUP_OF[Admission(admission)],
        referrer=referrer,
        responsible_facility=facility,
        opened_on=opened_on,
        registered_by=by,
    )
    if not MatchKeys.objects.filter(client=client).exists():
        candidates.find(client)  # a suspect of a TAT case, whom nobody but the team could see until now
    _record("episode.opened", by, episode, {"admission": str(admission)})
    return episode


@action
def mark_assessed(*, by: User, episode: Episode, on: date | None) -> Episode:
    """Told by assessments: the date of the first completed instrument; None when none is left. Recounts the treatments."""
    episode = lock(episode.pk)
    episode.assessed_on = on
    if on and episode.status == EpisodeStatus.REGISTERED:
        move(episode, EpisodeStatus.ASSESSED)
    episode.save(update_fields=["assessed_on", "status"])
    recount(episode)
    _record("episode.assessed", by, episode, {"on": on.isoformat() if on else None})
    return episode


@action
def mark_facts(*, by: User, episode: Episode, on: date | None, main_substance: str) -> Episode:
    """Told by assessments: since when the six facts are complete; None when they no longer are. Recounts the treatments."""
    episode = lock(episode.pk)
    episode.facts_on, episode.main_substance = on, main_substance
    episode.save(update_fields=["facts_on", "main_substance"])
    recount(episode)
    _record("episode.facts", by, episode, {"on": on.isoformat() if on else None})
    return episode


@action
def close(*, by: User, episode: Episode, closed_on: date, outcome: str, note: str = "") -> Episode:
    """Close an episode without an open treatment; as a rule ending the last one closes it."""
    episode = lock(episode.pk)
    if not episode.is_open:
        raise Refused(_("This episode is closed already."))
    if episode.treatments.open().exists():
        raise Refused(_("A treatment is still open. End or withdraw it first."))
    if episode.handovers.open().exists():
        raise Refused(_("The client is being handed over. Take the offer back first."))
    if episode.waits.open().exists():
        raise Refused(_("The client stands on the waiting list. Take them off the list first."))
    check_not_ahead(episode.responsible_facility, closed_on, "closed_on")
    if closed_on < episode.opened_on:
        raise Refused(_("It cannot close before the registration."), field="closed_on")
    shut(episode, closed_on=closed_on, outcome=outcome)
    _record("episode.closed", by, episode, {"outcome": str(outcome)}, reason=note)
    return episode


def shut(episode: Episode, *, closed_on: date, outcome: str) -> None:
    """Inside the caller's transaction: status, date and outcome together."""
    move(episode, EpisodeStatus.CLOSED)
    episode.closed_on, episode.outcome = closed_on, outcome
    episode.save(update_fields=["status", "closed_on", "outcome"])


def _record(verb: str, by: User, episode: Episode, data: dict, reason: str = "") -> None:
    audit.record(
        verb, by=by, subject=episode, client_code=episode.client.code, reason=reason,
        data={"episode": episode.number} | data,
    )  # fmt: skip
