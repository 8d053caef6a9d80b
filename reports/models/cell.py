"""Members of each indicator by unit and month, kept as they change: whole months are read from here, parts of months live.

A changed row appends what it takes away and what it adds (`CountDelta`); nobody waits for anybody. Each minute the deltas are
folded into the cells. Cells and deltas together are exact in every snapshot, whoever changed the rows, and however.
"""

from dataclasses import dataclass

import pgtrigger
from django.db import models

from aftercare.models import AftercarePlan, RelapseWindow
from assessments.models import TatCase
from clients.models import Treatment


@dataclass(frozen=True)
class Kept:
    """An indicator whose members are the rows of one table with a day; `unit` and `result` are columns of it."""

    indicator: str
    model: type[models.Model]
    day: str
    unit: str
    result: str = ""

    @property
    def key(self) -> str:
        """The cell of a row of the table, as columns; `{0}` stands for the row."""
        result = f"{{0}}.{self.result}" if self.result else "''"
        return f"'{self.indicator}', date_trunc('month', {{0}}.{self.day}::timestamp)::date, {{0}}.{self.unit}_id, {result}"

    def triggers(self) -> list[pgtrigger.Trigger]:
        into = "INSERT INTO reports_countdelta (indicator, first, unit_id, result, members)"
        gone = f"IF OLD.{self.day} IS NOT NULL THEN {into} VALUES ({self.key.format('OLD')}, -1); END IF;"
        come = f"IF NEW.{self.day} IS NOT NULL THEN {into} VALUES ({self.key.format('NEW')}, 1); END IF;"
        columns = [self.day, self.unit, *([self.result] if self.result else [])]
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


TREATMENTS = Kept("clients_rehabilitated", Treatment, "counted_on", "unit")
CASES = Kept("tat_clients", TatCase, "letter_on", "unit")
PLANS = Kept("aftercare_clients", AftercarePlan, "first_contact_on", "counted_unit")
WINDOWS = Kept("not_relapsed_pct", RelapseWindow, "ends_on", "unit", "relapse")
KEPT = {kept.indicator: kept for kept in (TREATMENTS, CASES, PLANS, WINDOWS)}


class CountCell(models.Model):
    """`first` is the month's first day; `result` what a percentage tells its members apart by, else empty."""

    indicator = models.CharField(max_length=40)
    first = models.DateField()
    unit_id = models.BigIntegerField()
    result = models.CharField(max_length=20, blank=True)
    members = models.IntegerField()

    personal = frozenset()
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

    personal = frozenset()
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
