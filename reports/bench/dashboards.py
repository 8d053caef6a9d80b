"""The page of figures: the database's part against the plain count of all years, the page against its template alone."""

import functools
from collections.abc import Iterator
from datetime import date
from typing import cast

from django.db import connection
from django.test import Client as Browser

from clients.models import Treatment
from facilities.models import Unit
from rehab.periods import Kind, Period
from rehab.roles import Role
from reports.bench import floors, people
from reports.bench.clockwork import in_turns, timed
from reports.bench.pages import MOST_QUERIES, asked, getting, seconds_in_database
from reports.bench.results import Result
from reports.indicators import COUNTED
from reports.queries.rules import rules
from reports.views import dashboard

PART = "Dashboards"
DATABASE_BUDGET, PAGE_BUDGET = 0.1, 2.0
FLOOR = "GROUP BY unit, month"


def measure(year: int) -> Iterator[Result]:
    province, nation = people.busiest_province(), people.nation()
    plain = _plain_group_by(nation)
    with floors.beside():
        for unit, role in ((nation, Role.ANALYST), (province, Role.UNIT_STAFF)):
            browser, address = people.browser(role, unit), f"/capaian/{unit.code}/{year}/"
            yield _database(unit, browser, address, plain)
            yield _page(unit, browser, address)


def _database(unit: Unit, browser: Browser, address: str, plain: float) -> Result:
    browser.get(address)
    figure = min(seconds_in_database(browser, address) for _ in range(5))
    queries, _size = asked(browser, address)
    note = f"{queries} queries{' (too many)' if queries > MOST_QUERIES else ''}"
    return Result(PART, f"{unit.code}, database", figure, "ms", plain, FLOOR, DATABASE_BUDGET, note=note)


def _page(unit: Unit, browser: Browser, address: str) -> Result:
    with floors.remembered(dashboard):
        browser.get(address)
    figure, floor = in_turns(getting(browser, address), getting(browser, floors.MEMORY))
    return Result(PART, f"{unit.code}, page", figure, "ms", floor, "template from memory", PAGE_BUDGET)


def _plain_group_by(nation: Unit) -> float:
    """Milliseconds of one GROUP BY by unit and month for each definition over all its members, as the planner likes it."""
    first = Treatment.objects.exclude(counted_on=None).order_by("counted_on").values_list("counted_on", flat=True)[0]
    whole = Period(cast(date, first), nation.local_date(), Kind.SPAN)
    spent = 0.0
    with connection.cursor() as cursor:
        for indicator in COUNTED:
            members = (
                indicator.members(None, whole, rules()).order_by().values_list("on", "for_unit", *indicator.columns)
            )
            sql, params = members.query.sql_with_params()
            grouped = f"SELECT for_unit, date_trunc('month', \"on\"), count(*) FROM ({sql}) m GROUP BY 1, 2"
            cursor.execute(grouped, params)
            cursor.fetchall()
            spent += min(timed(functools.partial(cursor.execute, grouped, params)) for _ in range(3))
    return spent
