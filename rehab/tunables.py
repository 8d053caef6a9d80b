"""Settings that stand for unverified facts: declared in code with a default, changed in the product with a source note."""

from dataclasses import dataclass
from typing import Any, Protocol, cast

from django.utils.translation import gettext as _

from rehab import audit, jobs
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import TunableValue, User


@dataclass(frozen=True)
class Tunable:
    """`title` and `hint` are lazy texts; `least` and `most` bound a number; `default_source` says where it came from.

    `allowed`: the only values it may take, or of a list the only members. `then`: background work that follows a change; who
    does it must also find by itself, each minute, that it is due.
    """

    key: str
    title: Any
    default: int | float | str | list
    hint: Any = ""
    default_source: Any = ""
    least: float | None = None
    most: float | None = None
    allowed: tuple[Any, ...] = ()
    then: str = ""

    @property
    def kind(self) -> type:
        return type(self.default)


_declared: dict[str, Tunable] = {}


def declare(*tunables: Tunable) -> None:
    for tunable in tunables:
        _declared[tunable.key] = tunable


def all_declared() -> list[Tunable]:
    return sorted(_declared.values(), key=lambda tunable: tunable.key)


def declared(key: str) -> Tunable:
    return _declared[key]


def value(key: str) -> Any:
    """The value in force: the latest row, else the declared default. One query."""
    latest = TunableValue.objects.filter(key=key).order_by("-id").values_list("value", flat=True).first()
    return _declared[key].default if latest is None else latest


def values(*keys: str) -> dict[str, Any]:
    """Several values in one query."""
    found = dict(TunableValue.objects.filter(key__in=keys).order_by("id").values_list("key", "value"))
    return {key: found.get(key, _declared[key].default) for key in keys}


class _Knowing(Protocol):
    _tunables: dict[str, Any]


def in_force(user: User) -> dict[str, Any]:
    """All of them, for a page on which many readers each need one: kept with the user object, which lives as long as the
    request. One query."""
    known = cast(_Knowing, user)
    if not hasattr(known, "_tunables"):
        known._tunables = values(*_declared)
    return known._tunables


@action
def change(*, by: User, key: str, value: Any, source_note: str) -> TunableValue:
    """Put a new value in force. Raises Refused without a source note, for a wrong kind, or out of bounds."""
    tunable = _declared[key]
    if not source_note.strip():
        raise Refused(_("A source note is needed."), field="source_note")
    if isinstance(tunable.default, int | float) and (
        (tunable.least is not None and value < tunable.least) or (tunable.most is not None and value > tunable.most)
    ):
        raise Refused(_("The value is out of bounds."), field="value")
    chosen = value if isinstance(value, list) else [value]
    if tunable.allowed and not set(chosen) <= set(tunable.allowed):
        raise Refused(
            _("Choose one of: %(choices)s.") % {"choices": ", ".join(map(str, tunable.allowed))}, field="value"
        )
    row = TunableValue.objects.create(key=key, value=value, source_note=source_note.strip(), changed_by=by)
    audit.record("tunable.changed", by=by, subject=row, reason=source_note, data={"key": key, "value": value})
    if tunable.then:
        jobs.enqueue(tunable.then)
    return row
