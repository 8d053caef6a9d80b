"""Rows held until the transaction ends, always in the same order, so that two people never wait for each other:
episode, treatment, facility, client, person, bed."""

from django.utils.translation import gettext_lazy as _

from clients.actions.episodes import lock
from clients.models import Client, Episode, Person, Treatment
from rehab.errors import Refused


def hold(treatment: Treatment) -> tuple[Episode, Treatment]:
    """Episode and treatment as they stand now. Raises Refused for a plan that was withdrawn meanwhile."""
    episode = lock(treatment.episode_id)
    rows = Treatment.objects.select_related("facility__region").select_for_update(of=("self",))
    fresh = rows.filter(pk=treatment.pk).first()
    if fresh is None:
        raise Refused(_("This plan was withdrawn in the meantime."))
    fresh.client, fresh.episode = episode.client, episode
    return episode, fresh


def hold_person(client: Client) -> int:
    """The person that the client stands for, held; the client too, so that nobody links it elsewhere meanwhile."""
    fresh = Client.objects.select_for_update(no_key=True, of=("self",)).get(pk=client.pk)
    Person.objects.select_for_update(no_key=True).get(pk=fresh.person_id)
    return fresh.person_id
