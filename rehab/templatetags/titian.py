"""Formats and small parts that every template uses; built in, so no template loads them.

For links that keep the filters of a list use Django's own {% querystring page=2 %}.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from html import escape

from django import template
from django.db.models import Model
from django.forms import BoundField, Select
from django.forms.utils import flatatt
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from rehab import conflicts, drafts, labels, numbers, once, undo

register = template.Library()

Number = int | float | Decimal
_ZONES = {7: "WIB", 8: "WITA", 9: "WIT"}


def _local(value: date | datetime) -> date | datetime:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


@register.filter
def tanggal(value: date | datetime | None) -> str:
    """12 November 2019, on the clocks of the place where one works."""
    return numbers.format_date(_local(value)) if value else numbers.NOTHING


@register.filter
def tanggal_pendek(value: date | datetime | None) -> str:
    """12-11-2019."""
    return f"{_local(value):%d-%m-%Y}" if value else numbers.NOTHING


@register.filter
def last_day(ends_on: date | None) -> date | None:
    """Periods are kept half-open; people say the last day on which something holds."""
    return ends_on - timedelta(days=1) if ends_on else None


@register.filter
def jam(value: datetime | None) -> str:
    """10.42, without the zone: where the zone stands beside it already."""
    return f"{_local(value):%H.%M}" if value else numbers.NOTHING


@register.filter
def waktu(value: datetime | None) -> str:
    """10.42 WITA."""
    return f"{jam(value)} {zone_label(value)}".strip() if value else numbers.NOTHING


def zone_label(value: datetime) -> str:
    """WIB, WITA or WIT; empty for a moment that is not in Indonesia or has no zone."""
    offset = timezone.localtime(value).utcoffset() if timezone.is_aware(value) else None
    return _ZONES.get(int(offset.total_seconds() // 3600), "") if offset is not None else ""


@register.filter
def angka(value: Number | None, places: int | None = None) -> str:
    """13.320; with places 3,60; nothing is –."""
    return numbers.format_number(None if value == "" else value, places)


@register.filter
def persen(value: Number | None, places: int = 2) -> str:
    """96,67 %; nothing is –."""
    if value is None or value == "":
        return numbers.NOTHING
    return f"{numbers.format_percent(value, places)}\N{NO-BREAK SPACE}%"


@register.filter
def rupiah(value: Number | None) -> str:
    """Rp165.450.000; nothing is –."""
    return numbers.format_rupiah(None if value == "" else value)


@register.filter
def or_dash(value: object) -> object:
    """The value, or – where there is none; zero is a value."""
    return numbers.NOTHING if value is None or value == "" else value


@register.filter
def label(row: Model | None, name: str) -> object:
    """The word for the choice that the row holds under this name: {{ client|label:"sex" }}."""
    return labels.label(row, name)


@register.filter
def control(field: BoundField) -> SafeString:
    """The control of a field alone, drawn as those of the forms."""
    return field.as_widget(attrs={"class": "form-select" if isinstance(field.field.widget, Select) else "form-control"})


@register.filter
def options(groups: Iterable[tuple[str | None, list[dict], int]]) -> SafeString:
    """What stands in a `<select>`: in Python, since a template takes ten times as long over the hundreds of places of a filter."""
    return mark_safe("\n".join(_group(name, each) for name, each, _index in groups))


def _group(name: str | None, choices: list[dict]) -> str:
    rows = "\n".join(
        f'<option value="{escape(str(each["value"]))}"{flatatt(each["attrs"]) if each["attrs"] else ""}>'
        f"{escape(str(each['label']))}</option>"
        for each in choices
    )
    return f'<optgroup label="{escape(str(name))}">{rows}</optgroup>' if name else rows


@register.simple_tag
def form_token() -> SafeString:
    """The hidden field by which a second click on the same form changes nothing (rehab/once.py)."""
    return format_html('<input type="hidden" name="{}" value="{}">', once.FIELD, once.issue())


@register.inclusion_tag("_draft.html", takes_context=True)
def draft(context, *forms, name: str = "", page: str = "") -> dict[str, object]:
    """The form's encrypted draft, at the top inside its element: what was typed comes back into `forms` (forms or formsets that
    were not posted). `name` tells apart several forms of one page, or of one page for several places; `page` is the address
    where the form is opened, where that differs from the one that shows it now. One query.

    With it goes what `conflicts.meet` needs to know next time, and what it found. `drafted` then holds what was typed, as {name: last value}, for inputs that a template writes itself.
    """
    request = context["request"]
    page = page or request.get_full_path()
    place = drafts.place_of(page, str(name))
    content, row = drafts.read(by=request.user, place=place)
    fresh = request.method != "POST" and not any(form.is_bound for form in forms)
    fields = content.fields if content and fresh else {}
    for form in forms if fields else ():
        drafts.refill(form, fields)
    meeting = next((form.meeting for form in forms if hasattr(form, "meeting")), None)
    context["drafted"] = {key: values[-1] for key, values in fields.items() if values}
    return {
        "token": drafts.sign(request.user, place),
        "version": row.version if row else 0,
        "saved_at": row.saved_at if row and fields else None,
        "fields": fields,
        "page": page,
        "fresh": fresh,
        "seen": context["drafted"].get(conflicts.FIELD) or (meeting.seen if meeting else ""),
        "clash": meeting.clash if meeting else None,
    }


@register.filter
def undo_token(message) -> str:
    """What takes back the act that this message is about; empty where nothing does."""
    return undo.token_of(message.extra_tags)


@register.inclusion_tag("_icon.html")
def icon(name: str) -> dict[str, str]:
    """One of our own drawings, hidden from screen readers: a word always stands beside it."""
    return {"name": name}


@register.inclusion_tag("_bar.html")
def bar(share: Number | None, mark: Number | None = None, tone: str = "") -> dict[str, object]:
    """A bar of `share` percent with a mark at `mark` percent; both are cut at 0 and 100. The figure stands beside it as text."""
    return {"share": _hundred(share), "mark": None if mark is None else _hundred(mark), "tone": tone}


def _hundred(value: Number | None) -> str:
    return f"{min(max(float(value or 0), 0.0), 100.0):.2f}"
