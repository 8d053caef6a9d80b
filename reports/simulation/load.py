"""Puts the nation together in one transaction: all of it or nothing."""

import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import cast

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from clients.models import Client
from rehab import audit, tunables
from reports.models import Budget, BudgetRevision, CountCell, Spending, Target, TargetRevision
from reports.simulation import (
    aftercare,
    alike,
    care,
    derived,
    goals,
    handovers,
    measures,
    nation,
    persons,
    places,
    register,
    satisfaction,
    sessions,
    silence,
    staff,
    streams,
    tat,
)
from reports.simulation.bulk import copy, loading
from reports.simulation.chunks import CLIENTS, TREATMENTS, Base
from reports.simulation.plan import CHUNK, Plan
from reports.simulation.rebuilt import rebuild
from reports.simulation.tables import COLUMNS, TEMPORARY

# Loaded in this order: parents before children.
TABLES = (
    "clients_person", "clients_client", "clients_personlink", "clients_identity", "clients_matchkeys",
    "clients_matchcandidate", "clients_keptapart", "clients_guardian", "clients_consent",
    "clients_episode", "clients_treatment", "clients_treatmentphase", "clients_waitinglistentry",
    "clients_placement", "clients_session", "clients_attendance",
    "clients_handover", "clients_treatmentplan", "clients_plangoal", "clients_prescription", "clients_dose",
    "assessments_casefacts", "assessments_assessment", "assessments_assessmentscore", "assessments_safetyalert",
    "assessments_urinetest", "assessments_custodyentry", "assessments_lifechange", "assessments_tatcase", *tat.TABLES,
    "aftercare_aftercareplan", "aftercare_followup", "aftercare_relapsewindow",
    "aftercare_episodeway", "aftercare_satisfactionsurvey", "aftercare_satisfactionsheet",
)  # fmt: skip
TEMPORARIES = (
    "sim_way", "sim_tat", "sim_answers", "sim_scores", "sim_codes", "sim_plan", "sim_follow", "sim_meeting", "sim_leader",
    "sim_steady", "sim_measure", "sim_pool", "sim_pool_scores",
    "sim_alike", "sim_receipt",
)  # fmt: skip
# Below this, taking indexes and constraints away costs more than it saves.
MUCH = 20_000
WINDOW = "aftercare.window_months"


@dataclass(frozen=True)
class Say:
    """Whom to tell what is done: a step by its name, and how many of the episodes are there."""

    step: Callable[[str], None] = lambda text: None
    episodes: Callable[[int], None] = lambda number: None


def is_inhabited() -> bool:
    return Client.objects.exists()


@transaction.atomic
def simulate(plan: Plan, say: Say | None = None, *, processes: int | None = None, bare: bool | None = None) -> None:
    """The nation of `plan`, added to what is there. `bare`: load without indexes and build them after (None: if it pays)."""
    say = say or Say()
    say.step(_("regions, units, facilities and accounts"))
    register.build(plan)
    staff.build(plan)
    known = nation.read(plan.seed)
    say.step(_("clients and their ways"))
    with loading(TABLES, bare=plan.episodes >= MUCH if bare is None else bare) as cursor:
        _load(cursor, plan, known, say, processes or os.cpu_count() or 1)
        say.step(_("indexes and constraints"))
    with loading(silence.TABLES, bare=False):
        silence.build(plan, known)
    say.step(_("targets and budgets"))
    goal_tables = [model._meta.db_table for model in (Target, TargetRevision, Budget, BudgetRevision, Spending)]
    with loading(goal_tables, bare=False):
        goals.build(plan)
    data = {"episodes": plan.episodes, "years": plan.years, "seed": plan.seed, "today": plan.today.isoformat()}
    audit.record("nation.simulated", by=None, subject="simulation", data=data)


def _load(cursor: CursorWrapper, plan: Plan, known: nation.Nation, say: Say, processes: int) -> None:
    base = Base(
        client=max(_next(cursor, "clients_client"), _next(cursor, "clients_person")),
        episode=_next(cursor, "clients_episode"),
        treatment=_next(cursor, "clients_treatment"),
        code=_next_code(cursor),
    )
    first = {name: _next(cursor, table) for name, table in (
        ("assessment", "assessments_assessment"), ("plan", "aftercare_aftercareplan"), ("session", "clients_session"),
        ("plan_of_care", "clients_treatmentplan"), ("urine", "assessments_urinetest"),
        ("prescription", "clients_prescription"),
    )}  # fmt: skip
    first["measure"] = first["assessment"] + len(plan.chunks) * CHUNK
    cursor.execute(TEMPORARY)
    derived.prepare(cursor, plan)
    aftercare.prepare(cursor)
    sessions.prepare(cursor, known)
    measures.prepare(cursor, plan)
    steady = handovers.prepare(cursor, known, plan)
    steps = [
        *derived.STEPS, *measures.STEPS, *aftercare.STEPS, *satisfaction.STEPS, *(sessions.STEPS if plan.sessions else ()),
        *care.STEPS, *handovers.STEPS, *places.STEPS,
    ]  # fmt: skip
    common: dict[str, int | date] = {
        **first, **sessions.room(plan, known), "base": base.episode, "first_treatment": base.treatment,
        "today": plan.today, "window": int(tunables.value(WINDOW)), "steady": steady,
    }  # fmt: skip
    done = 0
    _reserve(cursor, plan, base, first, len(known.places) * cast(int, common["weeks"]))
    for number, lines in enumerate(streams.chunks(plan, known, base, processes)):
        cursor.execute("TRUNCATE sim_way")
        for table, columns in COLUMNS.items():
            if table in lines:
                copy(cursor, table, columns, io.BytesIO(lines[table]))
        cursor.execute("ANALYZE sim_way")
        for step in steps:
            cursor.execute(step, {**common, **_ranges(base, number)})
        done += plan.chunks[number]
        say.episodes(done)
    tat.number(cursor)
    persons.link(cursor)
    handovers.receipts(cursor)
    alike.find(cursor, plan)
    places.place(cursor, plan, known, base.treatment)
    rebuild(cursor)  # what triggers would have kept; they were out meanwhile
    cursor.execute(f"DROP TABLE {', '.join(TEMPORARIES)}")


def _ranges(base: Base, number: int) -> dict[str, int]:
    """The ids of one chunk."""
    episode, treatment = base.episode + number * CHUNK, base.treatment + number * TREATMENTS
    return {
        "episode": episode, "episode_end": episode + CHUNK, "treatment": treatment,
        "treatment_end": treatment + TREATMENTS,
    }  # fmt: skip


def _reserve(cursor: CursorWrapper, plan: Plan, base: Base, first: dict[str, int], groups: int) -> None:
    """The ids that are given here, taken from the sequences before anything else is given one."""
    chunks = len(plan.chunks)
    room = {
        "clients_client": base.client + chunks * CLIENTS,
        "clients_person": base.client + chunks * CLIENTS,
        "clients_episode": base.episode + chunks * CHUNK,
        "clients_treatment": base.treatment + chunks * TREATMENTS,
        "assessments_assessment": first["measure"] + chunks * TREATMENTS * measures.PER_TREATMENT,
        "clients_treatmentplan": first["plan_of_care"] + 2 * chunks * TREATMENTS,
        "assessments_urinetest": first["urine"] + 2 * chunks * TREATMENTS,
        "clients_prescription": first["prescription"] + chunks * TREATMENTS,
        "aftercare_aftercareplan": first["plan"] + chunks * TREATMENTS,
        "clients_session": first["session"] + groups + chunks * TREATMENTS * plan.sessions,
    }
    for table, last in room.items():
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, last])
    cursor.execute("SELECT setval('clients_code', %s)", [base.code + chunks * CLIENTS])


def _next(cursor: CursorWrapper, table: str) -> int:
    cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
    return cursor.fetchone()[0]


def _next_code(cursor: CursorWrapper) -> int:
    cursor.execute("SELECT nextval('clients_code')")
    return cursor.fetchone()[0]


def vacuum() -> None:
    """After the commit: index-only scans need the map of what is visible to all."""
    with connection.cursor() as cursor:
        for table in (*TABLES, *silence.TABLES, CountCell._meta.db_table):
            cursor.execute(f"VACUUM (ANALYZE) {table}")
