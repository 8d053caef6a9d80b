"""Two people change one record: what the other one saved stands, field by field, beside what was typed. Nothing is overwritten.

A view that edits calls `meet(request, form, row=…)` with the form made from what stands now. The form carries along, sealed,
what stood when it was opened (the tag `{% draft form %}` writes it); where a field has changed since and something else was
typed, the form comes back with templates/_conflict.html, and the choices made there are put into it before it is read again.
`in_turn` lets two posts to one record go one after the other, so that between looking and saving nobody slips in.
"""

import base64
import functools
import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from rehab import vault
from rehab.errors import Refused
from rehab.identity.crypto import CryptoError
from rehab.models import AuditEvent
from rehab.numbers import format_date

FIELD = "seen"
THEIRS = "theirs"
_LOCK = 74_031

Texts = list[str]


@dataclass(frozen=True)
class Conflict:
    """One field of templates/_conflict.html; `chosen` is "theirs" where this person had not touched the field."""

    field: str
    label: str
    before: str
    theirs: str
    yours: str
    chosen: str = "yours"


@dataclass(frozen=True)
class Clash:
    """The fields in question, who saved first and when."""

    conflicts: list[Conflict]
    saved_by: str
    saved_at: datetime | None


@dataclass(frozen=True)
class Meeting:
    """What the form carries along, and what it ran into."""

    seen: str
    clash: Clash | None


@dataclass(frozen=True)
class _Place:
    """One field of one form, under the name by which it is posted."""

    key: str
    label: str
    form: Any
    field: forms.Field
    now: Texts


def in_turn(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """View decorator: posts to one address wait for each other, each in one transaction."""

    @functools.wraps(view)
    def alone(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, zlib.crc32(request.path.encode()) >> 1])
            return view(request, *args, **kwargs)

    return alone


def meet(request: HttpRequest, *made: Any, row: models.Model | None = None, fields: Iterable[str] = ()) -> bool:
    """Whether somebody saved other values since the posted forms (or formsets) were opened; the first form is then in error.

    Watched are the fields of each form's `initial`, and those named in `fields`. `row`: whose last audit event says who it was.
    """
    places = list(_places(made, set(fields)))
    context = f"rehab.seen:{request.user.pk}:{request.path}"
    seen = _opened(request.POST.get(FIELD, ""), context) if request.method == "POST" else None
    clash = None
    if seen is not None:
        _settle(request, made, places)
        found = [conflict for place in places if (conflict := _conflict(place, seen))]
        if found:
            clash = Clash(found, *last_change(row))
    sealed = vault.seal_alone(json.dumps({place.key: place.now for place in places}), context)
    made[0].meeting = Meeting(base64.urlsafe_b64encode(sealed).decode(), clash)
    if clash:
        sentence = Refused(_("Somebody else saved this in the meantime. Choose field by field, then save again."))
        next(iter(_forms(made))).add_error(None, sentence)
    return clash is not None


def last_change(row: models.Model | None) -> tuple[str, datetime | None]:
    """Who recorded something about the row last, and when."""
    if row is None:
        return "Titian", None
    events = AuditEvent.objects.filter(subject=row._meta.label_lower, subject_id=str(row.pk))
    last = events.order_by("-id").first()
    return (last.actor, last.at) if last else ("Titian", None)


def _forms(made: Iterable[Any]) -> Iterator[Any]:
    for each in made:
        yield from each.forms if hasattr(each, "management_form") else [each]


def _places(made: Iterable[Any], named: set[str]) -> Iterator[_Place]:
    for each in made:
        several = hasattr(each, "management_form")
        for number, form in enumerate(each.forms if several else [each], start=1):
            for name, field in form.fields.items():
                watched = name in named or name in form.initial or several
                if not watched or field.widget.is_hidden or field.widget.needs_multipart_form:
                    continue
                label = str(form[name].label)
                now = _canonical(field, form.get_initial_for_field(field, name))
                yield _Place(form.add_prefix(name), f"{number}. {label}" if several else label, form, field, now)


def _settle(request: HttpRequest, made: Iterable[Any], places: list[_Place]) -> None:
    """A field kept as "theirs" takes the value that stands now, as if it had been typed."""
    kept = [place for place in places if request.POST.get(f"keep-{place.key}") == THEIRS]
    if not kept:
        return
    data = request.POST.copy()
    for place in kept:
        data.setlist(place.key, place.now)
        if not place.now and not isinstance(place.field, forms.BooleanField):
            data[place.key] = ""
    for form in _forms(made):
        form.data = data
    for each in made:
        each.data = data


def _conflict(place: _Place, seen: dict[str, Texts]) -> Conflict | None:
    before = seen.get(place.key, [])
    if before == place.now:
        return None
    raw = place.field.widget.value_from_datadict(place.form.data, place.form.files, place.key)
    typed = _canonical(place.field, raw, prepared=True)
    if typed == place.now:
        return None
    was, theirs, yours = (_words(place.field, texts) for texts in (before, place.now, typed))
    return Conflict(place.key, place.label, was, theirs, yours, THEIRS if typed == before else "yours")


def _canonical(field: forms.Field, value: Any, *, prepared: bool = False) -> Texts:
    """A value as a browser would post it, so that what stands and what was typed compare."""
    texts = _texts(value if prepared else field.prepare_value(value))
    if len(texts) != 1 or isinstance(field, forms.ModelChoiceField | forms.MultipleChoiceField):
        return texts
    try:
        return _texts(field.to_python(texts[0]))
    except (ValidationError, ValueError):
        return texts


def _texts(value: Any) -> Texts:
    if value is None or value == "" or value is False:
        return []
    if isinstance(value, list | tuple | set | models.QuerySet):
        return sorted(text for each in value for text in _texts(each))
    if value is True:
        return ["on"]
    if isinstance(value, models.Model):
        return [str(value.pk)]
    if isinstance(value, time):
        return [f"{value:%H:%M}"]
    if isinstance(value, date):
        return [value.isoformat()]
    if isinstance(value, Decimal):
        return [f"{value.normalize():f}"]
    return [str(getattr(value, "value", value)).replace("\r\n", "\n").strip()]


def _words(field: forms.Field, texts: Texts) -> str:
    if isinstance(field, forms.BooleanField):
        return _("Yes") if texts else _("No")
    if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
        return ", ".join(field.label_from_instance(row) for row in field.queryset.filter(pk__in=texts))
    labels = {str(value): str(label) for value, label in _flat(getattr(field, "choices", ()))}
    if isinstance(field, forms.DateField) and texts:
        try:
            return format_date(date.fromisoformat(texts[0]))
        except ValueError:
            return texts[0]
    return ", ".join(labels.get(text, text) for text in texts)


def _flat(choices: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield value, label


def _opened(sealed: str, context: str) -> dict[str, Texts] | None:
    """None where nothing of ours came along."""
    try:
        return json.loads(vault.open_alone(base64.urlsafe_b64decode(sealed.encode()), context)) if sealed else None
    except (CryptoError, ValueError):
        return None
