"""The cells of the list of clients: in Python, since a template takes several times as long over the hundreds of a page."""

from collections.abc import Iterable

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from clients.queries.listing import Cell
from rehab.numbers import NOTHING
from rehab.panels import Fact

register = template.Library()


@register.filter
def cells(row: Iterable[Cell]) -> SafeString:
    """A `<td>` for each; everything that is not a class of ours is escaped."""
    return mark_safe("".join(_cell(cell) for cell in row))


def _cell(cell: Cell) -> str:
    if cell.facts is not None:
        return f"<td>{'<br>'.join(_fact(fact) for fact in cell.facts)}</td>"
    text = escape(cell.text)
    beside = f' <span class="nowrap muted">{escape(cell.beside)}</span>' if cell.beside else ""
    if cell.chip:
        return f'<td><span class="{cell.chip}">{text}</span>{beside}</td>'
    if not cell.plain:
        return f"<td>{text}{beside}</td>"
    return f'<td data-label="{escape(cell.label)}"{" class=wide" if cell.wide else ""}>{text}</td>'


def _fact(fact: Fact) -> str:
    value = NOTHING if fact.value in (None, "") else escape(fact.value)
    if fact.url:
        value = f'<a href="{escape(fact.url)}">{value}</a>'
    elif fact.tone:
        value = f'<span class="chip chip-{escape(fact.tone)}">{value}</span>'
    else:
        value = f'<span class="nowrap">{value}</span>'
    return f'<span class="muted">{escape(fact.label)}:</span> {value}'
