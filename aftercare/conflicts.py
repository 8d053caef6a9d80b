"""Two people record one follow-up: what the other one saved, field by field, beside what was typed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from aftercare.actions.follow_ups import FIELDS
from aftercare.models import FollowUp
from rehab.conflicts import THEIRS, Conflict
from rehab.models import AuditEvent
from rehab.numbers import format_date


@dataclass(frozen=True)
class Clash:
    """The conflicts, who saved first and when, and the version from which the next attempt starts."""

    conflicts: list[Conflict]
    saved_by: str
    saved_at: datetime | None
    edit: int


def between(edit: int, theirs: FollowUp, yours: dict[str, Any]) -> Clash:
    """`edit` is the version the form was opened with."""
    history: Any = theirs  # pghistory adds `events`
    base = history.events.filter(edit=edit).order_by("-pgh_id").first() or theirs
    found = []
    for name in FIELDS:
        before, saved, typed = getattr(base, name), getattr(theirs, name), yours.get(name)
        if saved == typed:
            continue
        found.append(
            Conflict(
                field=name,
                label=str(_field(name).verbose_name).capitalize(),
                before=_shown(name, before),
                theirs=_shown(name, saved),
                yours=_shown(name, typed),
                chosen=THEIRS if typed == before else "yours",
            )
        )
    last = AuditEvent.objects.filter(subject="aftercare.aftercareplan", subject_id=str(theirs.plan_id)).order_by("-id")
    event = last.filter(data__follow_up=theirs.pk).first()
    return Clash(found, event.actor if event else "Titian", event.at if event else None, theirs.edit)


def settled(data: QueryDict, held: FollowUp) -> QueryDict:
    """The posted data after the person's choices: a field kept as "theirs" takes the value that is saved."""
    data = data.copy()
    for name in FIELDS:
        if data.get(f"keep-{name}") == THEIRS:
            data[name] = _posted(getattr(held, name))
    return data


def _posted(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _field(name: str) -> Any:
    return FollowUp._meta.get_field(name)


def _shown(name: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    choices = dict(_field(name).flatchoices)
    return str(choices[value]) if value in choices else format_date(value) if name == "done_on" else str(value)
