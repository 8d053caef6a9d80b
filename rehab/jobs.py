"""Background work by name, on commit: actions never import tasks, and a task gets keys, never data."""

from collections.abc import Callable

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

_every_minute: list[Callable[[], None]] = []


def enqueue(task: str, **keys: int | str) -> None:
    """Send `task` after the current transaction commits.

    With the broker down nothing is lost: the row that asks for the work is committed, and the tick sends it again.
    """
    transaction.on_commit(lambda: _send(task, keys))


def _send(task: str, keys: dict) -> None:
    try:
        current_app.tasks[task].apply_async(kwargs=keys, retry=False)
    except (OperationalError, OSError):
        return


def every_minute(work: Callable[[], None]) -> Callable[[], None]:
    """Decorator, for an app's `panels.py` or `tasks.py`: what is due, stuck or unsent is looked for each minute."""
    _every_minute.append(work)
    return work


def due_work() -> tuple[Callable[[], None], ...]:
    return tuple(_every_minute)
