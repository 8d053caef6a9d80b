"""Two people edit one facility: what the other one saved, field by field, beside what was typed."""

from typing import Any

from django.forms.models import model_to_dict
from django.http import QueryDict

from facilities import display
from facilities.actions.facilities import EDITABLE
from facilities.models import Facility
from rehab.conflicts import THEIRS, Conflict


def between(version: int, theirs: Facility, yours: dict[str, Any]) -> list[Conflict]:
    """Fields in which the saved facility differs from what was typed. `version` is the one the form was opened with."""
    kept: Any = theirs  # pghistory adds the events
    base = kept.events.filter(version=version).order_by("-pgh_id").first() or theirs
    found = []
    for name in EDITABLE:
        before, saved, typed = getattr(base, name), getattr(theirs, name), yours.get(name)
        if saved == typed:
            continue
        was, stands, yours_now = (display.value(name, raw) for raw in (before, saved, typed))
        chosen = THEIRS if typed == before else "yours"
        found.append(Conflict(name, display.label(name), was, stands, yours_now, chosen))
    return found


def settled(data: QueryDict, facility: Facility) -> QueryDict:
    """The posted data after the person's choices: a field kept as "theirs" takes the value that is saved."""
    data = data.copy()
    saved = model_to_dict(facility, fields=EDITABLE)
    for name in EDITABLE:
        if data.get(f"keep-{name}") != THEIRS:
            continue
        raw = saved[name]
        data.setlist(name, [str(item) for item in raw] if isinstance(raw, list) else ["" if raw is None else str(raw)])
    return data
