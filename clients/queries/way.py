"""Where clients stand on their way."""

from collections.abc import Iterable
from datetime import date

from clients.models import Client, Episode
from rehab.models import User


def open_episode(client: Client) -> Episode | None:
    """The one open episode, with its responsible facility; None between two ways."""
    return client.episodes.open().select_related("responsible_facility__region", "client").first()


def latest_episodes(user: User, clients: Iterable[Client]) -> dict[int, Episode]:
    """{client.pk: the latest episode that the person may see}, with its facility's name, as a list needs it. One query."""
    found = Episode.objects.visible_to(user).filter(client__in=[client.pk for client in clients])
    rows = found.order_by("client_id", "-number").distinct("client_id").select_related("responsible_facility")
    rows = rows.only(
        "client", "number", "status", "opened_on", "assessed_on", "closed_on", "responsible_facility__name"
    )
    return {episode.client_id: episode for episode in rows}


def age_on(day: date, birth_date: date | None, birth_year: int | None = None) -> int | None:
    """Completed years; where only the year of birth is known, the age reached in that year."""
    if birth_date:
        return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))
    return day.year - birth_year if birth_year else None
