"""The pages that others are measured against: as little work as this Django can do for the same reader."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.template import engines
from django.test import override_settings
from django.urls import include, path

from clients.models import Client
from facilities.access import can
from facilities.models import Facility
from rehab.http import Request
from rehab.roles import Permission

LIST, MEMORY = "/lantai/daftar/", "/lantai/ingatan/"
# In the frame that every page has; of its own only a table of two columns.
LIST_TEMPLATE = """{% extends "base.html" %}{% block content %}<table>
{% for code, name in rows %}<tr><td>{{ code }}</td><td>{{ name }}</td></tr>{% endfor %}
</table>{% endblock %}"""
# What the page under measurement was rendered from, kept by `remembered`.
_memory: dict[str, Any] = {}


@login_required
def trivial_list(request: Request) -> HttpResponse:
    """Fifty rows of the reader's scope with one join: clients, or facilities for those who see none. The floor of every list."""
    if can(request.user, Permission.SEE_CLIENTS):
        found = Client.objects.visible_to(request.user).select_related("region").order_by("-pk")[:50]
        rows: list[tuple[str, object]] = [(client.code, client.region) for client in found]
    else:
        rows = [(each.code, each.unit) for each in Facility.objects.select_related("unit").order_by("name", "pk")[:50]]
    return HttpResponse(engines["django"].from_string(LIST_TEMPLATE).render({"rows": rows}, request))


@login_required
def from_memory(request: Request) -> HttpResponse:
    """The template of the remembered page with the same objects, nothing asked of the database for them."""
    return render(request, _memory["template"], _memory["context"])


urlpatterns = [
    path("lantai/daftar/", trivial_list),
    path("lantai/ingatan/", from_memory),
    path("", include("rehab.urls")),
]


@contextmanager
def beside() -> Iterator[None]:
    """The product's addresses, and the floors among them."""
    with override_settings(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"]):
        yield


@contextmanager
def remembered(module: Any) -> Iterator[None]:
    """While it holds, the views of `module` leave what they render from in the memory."""
    real = module.render

    def keeping(request: Request, template: str, context: dict[str, Any], **options: Any) -> HttpResponse:
        _memory.update(template=template, context=context)
        return real(request, template, context, **options)

    module.render = keeping
    try:
        yield
    finally:
        module.render = real
