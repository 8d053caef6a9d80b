"""What the pages of a client share."""

from clients.models import Client
from clients.queries import masked_names


def about(client: Client) -> dict[str, object]:
    """Code and masked name, for breadcrumb and heading."""
    return {"client": client, "masked_name": masked_names([client]).get(client.pk, "")}
