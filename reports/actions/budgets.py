"""Setting ceilings and recording what was spent of them: a table of activities, whole or not at all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from facilities.models import Unit
from rehab import audit
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User
from rehab.numbers import format_date, format_number
from reports.actions.rows import each
from reports.enums import Half
from reports.indicators import REGISTRY
from reports.models import Budget, BudgetRevision, Spending

MOST = Decimal(10) ** 15


@dataclass(frozen=True)
class Line:
    """One activity as the person wants it. None leaves ceilings or spending as they are. `seen` and `edits` are what the
    person had before them: the newest revision and the version of each semester's spending, None where there was none.
    `is_new`: it must not be there yet; None where that is no matter (a file)."""

    code: str
    activity: str
    indicator: str = ""
    ceilings: tuple[Decimal, Decimal] | None = None
    spent: tuple[Decimal | None, Decimal | None] = (None, None)
    seen: int | None = None
    edits: tuple[int | None, int | None] = (None, None)
    is_new: bool | None = None


@dataclass(frozen=True)
class When:
    """The days and the reason that a whole table is saved with."""

    in_force_on: date | None = None
    reason: str = ""
    as_of: date | None = None


@action
def save_all(*, by: User | None, unit: Unit, year: int, lines: Iterable[Line], when: When) -> list[Budget]:
    """Save what differs from what is kept; gives the activities that changed, each with one audit event.

    Raises RowsRefused by the code of the activity: an unknown output, a sum below zero, a ceiling without day or (when
    revised) reason, a day out of the year, spending without its day or as of the future, what somebody changed meanwhile.
    """
    rows = list(lines)
    held = {
        budget.code: budget
        for budget in Budget.objects.select_for_update().filter(
            unit=unit, year=year, code__in=[row.code for row in rows]
        )
    }
    made = each(rows, lambda row: row.code, lambda row: _save(by, unit, year, row, held.get(row.code), when))
    return [budget for budget in made if budget is not None]


def _save(by: User | None, unit: Unit, year: int, line: Line, budget: Budget | None, when: When) -> Budget | None:
    """None where nothing differs."""
    _check(line, budget)
    changes: dict[str, str] = {}
    if budget is None:
        budget = Budget.objects.create(
            unit=unit, year=year, code=line.code, activity=line.activity, indicator=line.indicator
        )  # fmt: skip
        changes["activity"] = line.activity
    elif (budget.activity, budget.indicator) != (line.activity, line.indicator):
        budget.activity, budget.indicator = line.activity, line.indicator
        budget.save(update_fields=["activity", "indicator"])
        changes |= {"activity": line.activity, "indicator": line.indicator}
    if line.ceilings is not None and _revise(by, budget, line.ceilings, line.seen, when):
        changes["ceiling"] = str(sum(line.ceilings))
    for half, amount, edit in zip(Half, line.spent, line.edits, strict=True):
        if amount is not None and _spend(by, budget, half, amount, edit, when):
            changes[f"spent_{half.value}"] = str(amount)
    if not changes:
        return None
    data = {"unit": unit.code, "year": year, "code": budget.code, **changes}
    audit.record("budget.changed", by=by, subject=budget, place=unit.code, reason=when.reason.strip(), data=data)
    return budget


def _check(line: Line, budget: Budget | None) -> None:
    if not line.code.strip() or not line.activity.strip():
        raise Refused(_("An activity has a code and a name."), field="activity" if line.code.strip() else "code")
    if line.indicator and line.indicator not in REGISTRY:
        raise Refused(_("There is no such indicator."), field="indicator")
    if line.is_new and budget is not None:
        raise Refused(_("This unit already has an activity of this code in this year."), field="code")
    amounts = {"first_half": (line.ceilings or (0, 0))[0], "second_half": (line.ceilings or (0, 0))[1]}
    amounts |= {"spent_1": line.spent[0] or 0, "spent_2": line.spent[1] or 0}
    for field, amount in amounts.items():
        if not 0 <= amount < MOST or amount != int(amount):
            raise Refused(_("An amount is a whole number of rupiah from zero up."), field=field)


def _revise(by: User | None, budget: Budget, ceilings: tuple[Decimal, Decimal], seen: int | None, when: When) -> bool:
    """Whether the ceilings are others than those that come into force last."""
    every = list(budget.revisions.select_related("made_by").order_by("in_force_on", "pk"))
    last = every[-1] if every else None
    if last and (last.first_half, last.second_half) == ceilings:
        return False
    newest = max(every, key=lambda revision: revision.pk, default=None)
    if newest and newest.pk != seen:
        told = {"who": _name(newest.made_by), "value": format_number(newest.first_half + newest.second_half)}
        raise Refused(
            _("%(who)s has set the ceiling to %(value)s meanwhile. Look again, then save.") % told, field="first_half"
        )
    if when.in_force_on is None or when.in_force_on.year > budget.year:
        raise Refused(_("Say from which day of the year the ceiling is in force."), field="in_force_on")
    if last and not when.reason.strip():
        raise Refused(_("Say why the ceiling is revised."), field="reason")
    if last and when.in_force_on < last.in_force_on:
        told = {"day": format_date(last.in_force_on)}
        raise Refused(_("A value is in force from %(day)s; choose that day or a later one.") % told, field="first_half")
    BudgetRevision.objects.create(
        budget=budget, first_half=ceilings[0], second_half=ceilings[1], in_force_on=when.in_force_on,
        reason=when.reason.strip(), made_by=by,
    )  # fmt: skip
    return True


def _spend(by: User | None, budget: Budget, half: Half, amount: Decimal, edit: int | None, when: When) -> bool:
    """Whether another amount is known now than before."""
    field = f"spent_{half.value}"
    held = budget.spendings.select_for_update(of=("self",)).select_related("recorded_by").filter(half=half).first()
    if held and held.amount == amount:
        return False
    if (held.edit if held else None) != edit:
        told = {"who": _name(held.recorded_by if held else None), "value": format_number(held.amount if held else None)}
        raise Refused(_("%(who)s has recorded %(value)s meanwhile. Look again, then save.") % told, field=field)
    today = budget.unit.local_date()
    starts = date(budget.year, 6 * half.value - 5, 1)
    if when.as_of is None or not starts <= when.as_of <= today:
        raise Refused(
            _("Say as of which day the spending is known: not before the semester began, not in the future."),
            field="as_of",
        )
    if held and when.as_of < held.as_of:
        raise Refused(_("An amount as of %(day)s is kept already.") % {"day": format_date(held.as_of)}, field=field)
    if held is None:
        Spending.objects.create(budget=budget, half=half, amount=amount, as_of=when.as_of, recorded_by=by)
        return True
    held.amount, held.as_of, held.recorded_by, held.edit = amount, when.as_of, by, held.edit + 1
    held.save(update_fields=["amount", "as_of", "recorded_by", "edit"])
    return True


def _name(user: User | None) -> str:
    return user.name if user else "Titian"
