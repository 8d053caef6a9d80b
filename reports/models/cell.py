"""Members of each indicator by unit and month, kept as they change: whole months are read from here, parts of months live.

A changed row appends what it takes away and what it adds (`CountDelta`); nobody waits for anybody. Each minute the deltas are
folded into the cells. Cells and deltas together are exact in every snapshot, whoever changed the rows, and however.
"""

from dataclasses import dataclass

import pgtrigger
from django.db import models

from aftercare.models import AftercarePlan, RelapseWindow, SatisfactionSheet
from assessments.models import TatCase
from clients.models import Treatment
from reports.indicators.definition import TOTAL


@dataclass(frozen=True)
class Kept:
    """An indicator whose members are the rows of one table with a day; `unit`, `result` and `value` are columns of it.

    `value`: a whole number of each member; its sum is kept as a cell of its own, beside that of the members.
    """

    indicator: str
    model: type[models.Model]
    day: str
    unit: str
    result: str = ""
    value: str = ""

    @property
    def key(self) -> str:
        """The cell of a row of the table, as columns; `{0}` stands for the row."""
        return self._cell(f"{{0}}.{self.result}" if self.result else "''")

    @property
    def total_key(self) -> str:
        """The cell of the sum that the row's value goes to."""
        return self._cell(f"'{TOTAL}'")

    def _cell(self, result: str) -> str:
        return f"'{self.indicator}', date_trunc('month', {{0}}.{self.day}::timestamp)::date, {{0}}.{self.unit}_id, {result}"

    def triggers(self) -> list[pgtrigger.Trigger]:
        gone, come = self._delta("OLD", "-"), self._delta("NEW", "")
        columns = [self.day, self.unit, *[name for name in (self.result, self.value) if name]]
        return [
            pgtrigger.Trigger(
                name="cell_comes",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(**{f"new__{self.day}__isnull": False}),
                func=f"{come} RETURN NULL;",
            ),
            pgtrigger.Trigger(
                name="cell_changes",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(*columns),
                func=f"{gone} {come} RETURN NULL;",
            ),
            pgtrigger.Trigger(
                name="cell_goes",
                when=pgtrigger.After,
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(**{f"old__{self.day}__isnull": False}),
                func=f"{gone} RETURN NULL;",
            ),
        ]

    def _delta(self, row: str, sign: str) -> str:
        """What a row adds, or with `-` takes away."""
        values = [f"({self.key.format(row)}, {sign}1)"]
        if self.value:
            values.append(f"({self.total_key.format(row)}, {sign}{row}.{self.value})")
        into = "INSERT INTO reports_countdelta (indicator, first, unit_id, result, members)"
        return f"IF {row}.{self.day} IS NOT NULL THEN {into} VALUES {', '.join(values)}; END IF;"


TREATMENTS = Kept("clients_rehabilitated", Treatment, "counted_on", "unit")
CASES = Kept("tat_clients", TatCase, "letter_on", "unit")
PLANS = Kept("aftercare_clients", AftercarePlan, "first_contact_on", "counted_unit")
WINDOWS = Kept("not_relapsed_pct", RelapseWindow, "ends_on", "unit", "relapse")
SHEETS = Kept("ikm", SatisfactionSheet, "given_on", "unit", value="score")
KEPT = {kept.indicator: kept for kept in (TREATMENTS, CASES, PLANS, WINDOWS, SHEETS)}


class CountCell(models.Model):
    """`first` is the month's first day; `result` what a percentage tells its members apart by, else empty. Of an index there
    is a second cell, whose `members` is the sum of their values."""

    indicator = models.CharField(max_length=40)
    first = models.DateField()
    unit_id = models.BigIntegerField()
    result = models.CharField(max_length=20, blank=True)
    members = models.IntegerField()

    personal: frozenset[str] = frozenset()
    plain = frozenset({"id", "indicator", "first", "unit_id", "result", "members"})

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "first", "unit_id", "result"], include=["members"], name="count_cell_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.first} {self.unit_id}"


class CountDelta(models.Model):
    """What one change takes from a cell or adds to it; append-only until it is folded."""

    indicator = models.CharField(max_length=40)
    first = models.DateField()
    unit_id = models.BigIntegerField()
    result = models.CharField(max_length=20, blank=True)
    members = models.SmallIntegerField()

    personal: frozenset[str] = frozenset()
    plain = frozenset({"id", "indicator", "first", "unit_id", "result", "members"})

    def __str__(self) -> str:
        return f"{self.indicator} {self.first} {self.members:+}"


class KeptTreatment(Treatment):
    class Meta:
        proxy = True
        triggers = TREATMENTS.triggers()


class KeptCase(TatCase):
    class Meta:
        proxy = True
        triggers = CASES.triggers()


class KeptPlan(AftercarePlan):
    class Meta:
        proxy = True
        triggers = PLANS.triggers()


class KeptWindow(RelapseWindow):
    class Meta:
        proxy = True
        triggers = WINDOWS.triggers()


class KeptSheet(SatisfactionSheet):
    class Meta:
        proxy = True
        triggers = SHEETS.triggers()
