"""Two people edit one record: what the other one saved, field by field, beside what was typed. For any form."""

from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.http import QueryDict

THEIRS = "theirs"
Value = str | list[str]


@dataclass(frozen=True)
class Conflict:
    """One field of templates/_conflict.html; `chosen` is "theirs" where this person had not touched the field."""

    field: str
    label: str
    before: str
    theirs: str
    yours: str
    chosen: str


def conflicts(form: forms.Form, base: Mapping[str, Value], theirs: Mapping[str, Value]) -> list[Conflict]:
    """Fields in which what is saved differs from what was typed; all values as the form posts them."""
    found = []
    for name, saved in theirs.items():
        typed = posted(form.data, name, like=saved)
        before = base.get(name, [] if isinstance(saved, list) else "")
        if saved == typed:
            continue
        field = form.fields[name]
        was, now, mine = (_words(field, value) for value in (before, saved, typed))
        found.append(Conflict(name, str(field.label), was, now, mine, THEIRS if typed == before else "yours"))
    return found


def settled(data: QueryDict, theirs: Mapping[str, Value]) -> QueryDict:
    """What was posted, with the saved value wherever a conflict was decided for it."""
    data = data.copy()
    for name, saved in theirs.items():
        if data.get(f"keep-{name}") == THEIRS:
            data.setlist(name, saved if isinstance(saved, list) else [saved])
    return data


def posted(data: Mapping, name: str, *, like: Value) -> Value:
    if isinstance(like, list):
        return sorted(data.getlist(name)) if isinstance(data, QueryDict) else sorted(data.get(name, []))
    return str(data.get(name, "")).replace("\r\n", "\n").strip()


def _words(field: forms.Field, value: Value) -> str:
    choices = {str(code): str(label) for code, label in getattr(field, "choices", ())}
    if isinstance(value, list):
        return ", ".join(choices.get(each, each) for each in value)
    return choices.get(value, value) if value else ""
