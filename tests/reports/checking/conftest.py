"""A small nation that each test may change: loaded once, every change taken back."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import transaction

from reports.simulation import load
from reports.simulation.plan import Plan

PLAN = Plan(episodes=600, years=3, seed=7, today=date(2026, 3, 31), sessions=0, facilities=60)


@pytest.fixture(scope="package")
def loaded(django_db_setup, django_db_blocker) -> Iterator[Plan]:
    with django_db_blocker.unblock():
        around = transaction.atomic()
        around.__enter__()
        load.simulate(PLAN, processes=1)
        yield PLAN
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture
def nation(loaded: Plan, django_db_blocker) -> Iterator[Plan]:
    with django_db_blocker.unblock():
        point = transaction.savepoint()
        yield loaded
        transaction.savepoint_rollback(point)
