"""The entries of Hari ini, drawn in Python: a page has up to a hundred of them, and a template takes ten times as long."""

from collections.abc import Iterable
from datetime import datetime

from django import template
from django.utils.html import conditional_escape as escaped
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rehab.numbers import format_number
from rehab.panels import TodayItem
from rehab.templatetags.titian import jam, tanggal_pendek

register = template.Library()


@register.simple_tag(takes_context=True)
def day_items(context, items: Iterable[TodayItem], key: str, left: int = 0, more: str = "") -> SafeString:
    """`key` of their group; with `left` and `more` the way to the others."""
    urgent = (
        format_html('<span class="chip chip-danger">{}</span>', _("overdue"))
        if key == "due"
        else format_html('<span class="chip chip-attention">{}</span>', _("urgent"))
    )
    token = context.get("csrf_token", "")
    rows = [_row(item, key, urgent, token) for item in items]
    if left:
        text = ngettext("%(number)s more", "%(number)s more", left) % {"number": format_number(left)}
        rows.append(format_html('<li class="day-more"><a href="{}">{}</a></li>', more, text))
    return mark_safe('<ul class="items">\n' + "\n".join(rows) + "\n</ul>")


def _row(item: TodayItem, key: str, urgent: SafeString, token: str) -> str:
    title = escaped(item.title)
    parts = [
        _when(item, key),
        f'<div>\n<a href="{escaped(item.url)}">{title}</a>' if item.url else f"<div>\n{title}",
        urgent if item.urgent else "",
        f'<span class="item-detail">{escaped(item.detail)}</span>' if item.detail else "",
        "</div>",
        _act(item, token) if item.act_label else "",
    ]
    return "<li>" + "\n".join(filter(None, parts)) + "</li>"


def _when(item: TodayItem, key: str) -> str:
    if not item.when:
        return ""
    text = jam(item.when) if key == "today" and isinstance(item.when, datetime) else tanggal_pendek(item.when)
    return f'<span class="item-when">{text}</span>'


def _act(item: TodayItem, token: str) -> str:
    if not item.act_posts:
        return format_html('<a class="btn btn-outline-primary item-act" href="{}">{}</a>', item.act_url, item.act_label)
    return format_html(
        '<form class="item-act" method="post" action="{}">'
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}"><input type="hidden" name="next" value="today">'
        '<button class="btn btn-outline-primary" type="submit">{}</button></form>',
        item.act_url, token, item.act_label,
    )  # fmt: skip
