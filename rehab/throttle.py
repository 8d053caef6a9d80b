"""Slowing down whoever asks too often. Counted in the shared cache, which lives in PostgreSQL."""

import time

from django.core.cache import cache


def allowed(what: str, who: int, *, most: int, seconds: int) -> bool:
    """Whether `who` may do `what` once more in the current window of `seconds`; this call counts as one."""
    key = f"throttle:{what}:{who}:{int(time.time() // seconds)}"
    cache.add(key, 0, timeout=seconds)
    try:
        return cache.incr(key) <= most
    except ValueError:  # the window ended between the two
        return True
