"""A draw that anybody can repeat: who is drawn follows from the seed and the list alone."""

import hashlib
import hmac
from collections.abc import Iterable


def drawn(seed: str, pool: Iterable[str], size: int) -> list[str]:
    """The `size` members of `pool` whose HMAC-SHA256 under `seed` comes first; the order of the pool does not matter."""

    def ticket(member: str) -> str:
        return hmac.new(seed.encode(), member.encode(), hashlib.sha256).hexdigest()

    return sorted(set(pool), key=ticket)[:size]
