"""A small nation, loaded once for each module in a transaction that the module's end takes back."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import transaction

from reports.simulation import load
from reports.simulation.plan import Plan

PLAN = Plan(episodes=2_000, years=3, seed=7, today=date(2026, 3, 31), sessions=3, facilities=70)


@pytest.fixture(scope="module")
def nation(django_db_setup, django_db_blocker) -> Iterator[Plan]:
    """`PLAN`, with indexes and constraints taken away and built again as for a million."""
    with django_db_blocker.unblock():
        around = transaction.atomic()
        around.__enter__()
        load.simulate(PLAN, processes=1, bare=True)
        yield PLAN
        transaction.set_rollback(True)
        around.__exit__(None, None, None)
