"""Same seed, same arguments, same day: the same nation, however many processes make it."""

import hashlib
import io
from dataclasses import replace
from datetime import date

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models, transaction

from clients.models import Client, Guardian, Handover, Identity, WarningLetter
from reports.simulation import load, nation, register, silence, staff, streams
from reports.simulation.chunks import Base
from reports.simulation.plan import CHUNK, Plan

pytestmark = pytest.mark.django_db
PLAN = Plan(episodes=300, years=2, seed=11, today=date(2026, 3, 31), sessions=2, facilities=30)
# New at each run, and meant to be: keys, what is sealed with them, and running numbers that never come again.
RANDOM = {
    Client: {"data_key", "code"},
    Identity: {"name", "birth_date", "nik", "phone", "address", "mother_name"},
    Guardian: {"name", "phone"},
    Handover: {"receipt"},
    WarningLetter: {"content"},
}


class _TakenBack(Exception):
    pass


@pytest.fixture(autouse=True, scope="module")
def _regions(django_db_setup, django_db_blocker):
    """They are the same for every nation."""
    with django_db_blocker.unblock():
        around = transaction.atomic()
        around.__enter__()
        call_command("load_regions", stdout=io.StringIO())
        yield
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


def digests(plan: Plan, **options) -> dict[str, str]:
    """Of every loaded table; what a row points to is told by its order only. The nation is taken back."""
    found = {}
    with pytest.raises(_TakenBack), transaction.atomic():
        load.simulate(plan, processes=1, **options)
        found = {model._meta.db_table: _digest(model) for model in _loaded()}
        raise _TakenBack
    return found


def _loaded() -> list[type[models.Model]]:
    goals = {"reports_target", "reports_targetrevision", "reports_budget", "reports_budgetrevision", "reports_spending"}
    register = {
        "facilities_facility",
        "facilities_facilityterm",
        "facilities_capacity",
        "facilities_strengthening",
        "facilities_bed",
    }
    wanted = set(load.TABLES) | set(silence.TABLES) | goals | register
    return [model for model in apps.get_models() if model._meta.db_table in wanted]


def _digest(model: type[models.Model]) -> str:
    columns = []
    for field in model._meta.concrete_fields:
        if field.name in RANDOM.get(model, ()) or field.name in {"made_at"}:
            continue
        if field.is_relation:
            columns.append(f"dense_rank() OVER (ORDER BY {field.column})")
        elif not field.primary_key:
            columns.append(f"{field.column}::text")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns) or 1} FROM {model._meta.db_table}")
        rows = sorted(map(repr, cursor.fetchall()))
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def test_the_same_seed_gives_the_same_data_with_and_without_indexes():
    first = digests(PLAN, bare=False)
    assert len(first) == len(load.TABLES) + len(silence.TABLES) + 10
    assert digests(PLAN, bare=True) == first


@pytest.mark.long
def test_another_seed_gives_other_data():
    first, other = digests(PLAN, bare=False), digests(replace(PLAN, seed=12), bare=False)
    empty = hashlib.sha256(b"").hexdigest()
    same = {table for table in first if first[table] == other[table] != empty}
    assert same <= {"clients_person"}


def test_processes_change_nothing():
    register.build(PLAN)
    staff.build(PLAN)
    known = nation.read(PLAN.seed)
    plan = replace(PLAN, episodes=CHUNK + 40)

    def lines(processes: int) -> list[dict[str, bytes]]:
        clear = ("clients_episode", "clients_treatment", "clients_personlink", "sim_way", "sim_tat")
        made = streams.chunks(plan, known, Base(), processes)
        return [{table: chunk[table] for table in clear} for chunk in made]

    assert lines(1) == lines(2)


@pytest.mark.long
def test_a_second_nation_stands_beside_the_first():
    load.simulate(PLAN, processes=1)
    facilities = register.simulated().count()
    load.simulate(replace(PLAN, seed=12), processes=1)
    assert Client.objects.count() > 550
    assert register.simulated().count() == facilities
