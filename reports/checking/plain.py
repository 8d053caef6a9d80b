"""The members of a year counted plainly: simple reads of the source rows, and the words of the definitions in Python.

Written without the queries of the indicators, so that a mistake in those cannot hide here.
"""

import calendar
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import connection

from aftercare.actions.windows import standing
from rehab.periods import year as year_of


@dataclass(frozen=True)
class Plain:
    """One member. `told` holds its breakdowns; `result` what a percentage tells it apart by; `value` what an index is the
    mean of, in hundredths."""

    indicator: str
    id: int
    on: date
    unit: int
    facility: int | None
    told: dict[str, str] = field(default_factory=dict)
    result: str = ""
    value: int = 0


def members_of(year: int, units: list[int], last: date) -> list[Plain]:
    """All members of these units from 1 January up to and with `last`; of a state those of each month's last day."""
    first = date(year, 1, 1)
    return [
        *_treatments(first, last, units),
        *_cases(first, last, units),
        *_plans(first, last, units),
        *_windows(first, last, units),
        *_lives(first, last, units),
        *_sheets(first, last, units),
        *_strengthened(first, last, units),
        *_offering(year, last, units),
    ]


def uncounted_of(year: int, units: list[int], last: date) -> int:
    sql = "SELECT id FROM clients_treatment WHERE counted_on IS NULL AND started_on BETWEEN %s AND %s AND unit_id = ANY(%s)"
    return len(list(_rows(sql, date(year, 1, 1), last, units)))


def _rows(sql: str, *params: Any) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        yield from cursor.fetchall()


def _treatments(first: date, last: date, units: list[int]) -> Iterator[Plain]:
    names = ("by_setting", "by_admission", "by_sex", "by_age", "by_ownership", "by_substance")
    sql = (
        "SELECT id, counted_on, unit_id, facility_id, setting, admission_group, sex, age_group, ownership, main_substance "
        "FROM clients_treatment WHERE started_on BETWEEN %s AND %s AND counted_on IS NOT NULL AND unit_id = ANY(%s)"
    )
    for pk, on, unit, facility, *told in _rows(sql, first, last, units):
        yield Plain("clients_rehabilitated", pk, on, unit, facility, dict(zip(names, told, strict=True)))


def _cases(first: date, last: date, units: list[int]) -> Iterator[Plain]:
    sql = "SELECT id, letter_on, unit_id, recommendation FROM assessments_tatcase WHERE letter_on BETWEEN %s AND %s AND unit_id = ANY(%s)"
    for pk, on, unit, recommendation in _rows(sql, first, last, units):
        yield Plain("tat_clients", pk, on, unit, None, {"by_recommendation": recommendation or ""})


def _plans(first: date, last: date, units: list[int]) -> Iterator[Plain]:
    sql = (
        "SELECT p.id, p.first_contact_on, p.counted_unit_id, p.facility_id, c.sex FROM aftercare_aftercareplan p "
        "JOIN clients_client c ON c.id = p.client_id WHERE p.first_contact_on BETWEEN %s AND %s AND p.counted_unit_id = ANY(%s)"
    )
    for pk, on, unit, facility, sex in _rows(sql, first, last, units):
        yield Plain("aftercare_clients", pk, on, unit, facility, {"by_sex": sex})


def _windows(first: date, last: date, units: list[int]) -> Iterator[Plain]:
    """Completed ways whose window ends in these days, with what their client's follow-ups say."""
    months, tolerance = standing()
    reach = timedelta(days=31 * (months + 1))
    sql = (
        "SELECT id, episode_id, client_id, unit_id, facility_id, ended_on, setting, admission_group, sex FROM clients_treatment "
        "WHERE outcome = 'completed' AND ended_on BETWEEN %s AND %s AND unit_id = ANY(%s)"
    )
    found = [
        (row, ends)
        for row in _rows(sql, first - reach, last, units)
        if first <= (ends := _later(row[5], months)) <= last
    ]
    others = _started({row[1] for row, _ends in found})
    says = _follow_ups({row[2] for row, _ends in found})
    for (pk, episode, client, unit, facility, ended, setting, group, sex), ends in found:
        if any(_comes_after(other, (pk, ended)) for other in others[episode]):
            continue
        told = {"by_setting": setting, "by_admission": group, "by_sex": sex}
        result = _known(says[client], ended, ends, tolerance)
        yield Plain("not_relapsed_pct", pk, ends, unit, facility, told, result)


def _lives(first: date, last: date, units: list[int]) -> Iterator[Plain]:
    """Treatments that ended in these days, with the measures of their episode before and after."""
    sql = (
        "SELECT id, episode_id, unit_id, facility_id, started_on, ended_on, setting, admission_group, sex FROM clients_treatment "
        "WHERE started_on IS NOT NULL AND ended_on BETWEEN %s AND %s AND unit_id = ANY(%s)"
    )
    found = list(_rows(sql, first, last, units))
    measured = _measures({row[1] for row in found})
    for pk, episode, unit, facility, started, ended, setting, group, sex in found:
        early = [each for each in measured[episode] if each[0] <= started]
        soon = [each for each in measured[episode] if started < each[0] <= started + timedelta(days=14)]
        before = max(early) if early else min(soon, key=lambda each: (each[0], -each[1]), default=None)
        late = [each for each in measured[episode] if before and each[0] > before[0]]
        after = max((each for each in late if started <= each[0] <= ended + timedelta(days=30)), default=None)
        if before and after:
            told = {"by_setting": setting, "by_admission": group, "by_sex": sex}
            result = "better" if after[2] > before[2] else "not_better"
            yield Plain("quality_of_life_pct", pk, ended, unit, facility, told, result)


def _sheets(first: date, last: date, units: list[int]) -> Iterator[Plain]:
    """Sheets of the satisfaction survey, each with the mean of its answers computed here once more."""
    sql = (
        "SELECT id, given_on, unit_id, facility_id, requirements, procedure, time, cost, product, competence, conduct, means, "
        "complaints FROM aftercare_satisfactionsheet WHERE given_on BETWEEN %s AND %s AND unit_id = ANY(%s)"
    )
    for pk, on, unit, facility, *answers in _rows(sql, first, last, units):
        told = [answer for answer in answers if answer is not None]
        value = int((Decimal(100 * sum(told)) / len(told)).quantize(Decimal(1), ROUND_HALF_UP))
        yield Plain("ikm", pk, on, unit, facility, value=value)


def _measures(episodes: Iterable[int]) -> dict[int, list[tuple[date, int, Any]]]:
    """(day, id, sum of the four domains) of each complete measure of quality of life."""
    found = defaultdict(list)
    sql = (
        "SELECT a.episode_id, a.administered_on, a.id, sum(s.value), count(*) FROM assessments_assessment a "
        "JOIN assessments_assessmentscore s ON s.assessment_id = a.id AND s.value IS NOT NULL "
        "AND s.scale IN ('physical', 'psychological', 'social', 'environment') "
        "WHERE a.instrument = 'whoqol_bref' AND a.status = 'completed' AND a.episode_id = ANY(%s) GROUP BY a.id"
    )
    for episode, day, pk, total, count in _rows(sql, list(episodes)):
        if count == 4:
            found[episode].append((day, pk, total))
    return found


def _later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _comes_after(other: tuple[int, date | None], than: tuple[int, date]) -> bool:
    pk, ended = other
    return ended is None or ended > than[1] or (ended == than[1] and pk > than[0])


def _started(episodes: Iterable[int]) -> dict[int, list[tuple[int, date | None]]]:
    found = defaultdict(list)
    sql = "SELECT episode_id, id, ended_on FROM clients_treatment WHERE started_on IS NOT NULL AND episode_id = ANY(%s)"
    for episode, pk, ended in _rows(sql, list(episodes)):
        found[episode].append((pk, ended))
    return found


def _follow_ups(clients: Iterable[int]) -> dict[int, list[tuple[date, int, str]]]:
    found = defaultdict(list)
    sql = (
        "SELECT p.client_id, f.done_on, f.id, f.relapse FROM aftercare_followup f "
        "JOIN aftercare_aftercareplan p ON p.id = f.plan_id WHERE f.done_on IS NOT NULL AND p.client_id = ANY(%s)"
    )
    for client, done, pk, relapse in _rows(sql, list(clients)):
        found[client].append((done, pk, relapse))
    return found


def _known(follow_ups: list[tuple[date, int, str]], ended: date, ends: date, tolerance: int) -> str:
    """Relapsed if any in the window says so; else what the one nearest the window's end says, if that is no."""
    if any(relapse == "yes" and ended <= done <= ends for done, _pk, relapse in follow_ups):
        return "yes"
    near = [
        (abs((done - ends).days), -done.toordinal(), -pk, relapse)
        for done, pk, relapse in follow_ups
        if done >= ended and abs((done - ends).days) <= tolerance
    ]
    return "no" if near and min(near)[3] == "no" else "unknown"


def _strengthened(first: date, last: date, units: list[int]) -> Iterator[Plain]:
    """Each institution once, by its first activity of the year."""
    sql = "SELECT facility_id, held_on, unit_id FROM facilities_strengthening WHERE held_on BETWEEN %s AND %s ORDER BY held_on, id"
    seen, terms = set(), _terms()
    for facility, on, unit in _rows(sql, first, last):
        if facility not in seen and unit in units:
            owner = next((term.ownership for term in terms[facility] if term.covers(on)), "")
            yield Plain("institutions_strengthened", facility, on, unit, facility, {"by_ownership": owner})
        seen.add(facility)


def _offering(year: int, last: date, units: list[int]) -> Iterator[Plain]:
    terms = _terms()
    for month in year_of(year).months():
        day = min(month.last_day, last)
        if day < month.start:
            return
        for facility, its in terms.items():
            for term in its:
                if (
                    term.covers(day)
                    and term.offering
                    and term.unit in units
                    and not (term.closed and term.closed <= day)
                ):
                    yield Plain("aftercare_facilities", facility, day, term.unit, facility)


@dataclass(frozen=True)
class _Term:
    unit: int
    ownership: str
    offering: bool
    starts: date
    ends: date | None
    closed: date | None

    def covers(self, day: date) -> bool:
        return self.starts <= day and (self.ends is None or day < self.ends)


def _terms() -> dict[int, list[_Term]]:
    found = defaultdict(list)
    sql = (
        "SELECT t.facility_id, t.unit_id, t.ownership, t.offers_aftercare AND t.ownership = 'government', t.starts_on, t.ends_on, "
        "f.closed_on FROM facilities_facilityterm t JOIN facilities_facility f ON f.id = t.facility_id"
    )
    for facility, *rest in _rows(sql):
        found[facility].append(_Term(*rest))
    return found
