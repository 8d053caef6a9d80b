"""The kernel's tasks."""

import logging

from celery import shared_task

from rehab import audit, drafts, jobs

logger = logging.getLogger(__name__)


@shared_task(name="rehab.tick")
def tick() -> None:
    """Each minute: seal the audit trail, drop old drafts, then let each app look for work that is due."""
    for work in (audit.seal, drafts.sweep, *jobs.due_work()):
        try:
            work()
        except Exception:
            # One app's failure must not stop the clock of the others.
            logger.exception("tick: %s failed", work.__qualname__)
