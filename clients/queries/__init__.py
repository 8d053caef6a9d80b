"""Reads of clients in the domain's words."""

from clients.queries.identities import (
    RevealedIdentity,
    birth_date_of,
    identity_of,
    masked_heads,
    masked_names,
    with_names,
)
from clients.queries.way import age_on, latest_episodes, open_episode

__all__ = [
    "RevealedIdentity",
    "age_on",
    "birth_date_of",
    "identity_of",
    "latest_episodes",
    "masked_heads",
    "masked_names",
    "open_episode",
    "with_names",
]
