"""Filters under a name, and the columns of the list: one's own, posted, and back to the list."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clients.actions import filters
from clients.forms.lists import ClientFilter, ColumnsForm, SaveFilterForm
from clients.models import SavedFilter
from clients.queries import columns as listed
from clients.views.lists import SAVED, asked_of
from facilities.access import permitted
from rehab import undo
from rehab.errors import Refused
from rehab.http import Request
from rehab.models import User
from rehab.once import once
from rehab.roles import Permission

LONGEST = 1000


@permitted(Permission.SEE_CLIENTS)
@once
def save(request: Request) -> HttpResponse:
    """Keeps the filter of the address under a name, with the columns that the person sees."""
    asked = asked_of(request.user, request.GET)
    form = SaveFilterForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        columns = [column.key for column in asked.columns]
        query = asked.filters.query[:LONGEST]
        try:
            kept = filters.save(by=request.user, query=query, columns=columns, **form.cleaned_data)
        except Refused as refusal:
            refusal.add_to(form)
        else:
            messages.success(request, _("The filter is kept."))
            return _open(kept)
    context = {"save": form, "words": asked.filters.sentence(), "address": request.GET.urlencode()}
    return render(request, "clients/filter.html", context)


@permitted(Permission.SEE_CLIENTS)
@once
def change(request: Request, pk: int) -> HttpResponse:
    """A new name, and whether the list opens with it."""
    kept = saved_for(request.user, pk)
    known = {"name": kept.name, "is_default": kept.is_default}
    form = SaveFilterForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            filters.change(by=request.user, kept=kept, **form.cleaned_data)
        except Refused as refusal:
            refusal.add_to(form)
        else:
            messages.success(request, _("The filter is kept."))
            return _open(kept)
    words = ClientFilter(QueryDict(kept.query), user=request.user).sentence()
    return render(request, "clients/filter.html", {"save": form, "kept": kept, "words": words})


@require_POST
@permitted(Permission.SEE_CLIENTS)
def remove(request: Request, pk: int) -> HttpResponse:
    kept = saved_for(request.user, pk)
    filters.remove(by=request.user, kept=kept)
    text = _("The filter “%(name)s” is deleted.") % {"name": kept.name}
    undo.offer(request, text, filters.REMOVED, back=f"{reverse('clients:list')}?{SAVED}={kept.pk}", kept=kept.pk)
    return redirect(f"{reverse('clients:list')}?all=1")


@permitted(Permission.SEE_CLIENTS)
def columns(request: Request) -> HttpResponse:
    """Of the saved filter that is open, else the person's own."""
    asked, every = asked_of(request.user, request.GET), listed.columns_for(request.user).values()
    form = ColumnsForm(request.POST if request.method == "POST" else None, every=every, shown=asked.columns)
    address = request.GET.urlencode()
    if request.method == "POST" and form.is_valid():
        filters.choose_columns(by=request.user, columns=form.cleaned_data["columns"], kept=asked.saved)
        return redirect(f"{reverse('clients:list')}?{address or 'all=1'}")
    context = {"columns": form, "saved": asked.saved, "address": address}
    return render(request, "clients/columns.html", context)


def saved_for(user: User, pk: int) -> SavedFilter:
    """One's own; anybody else's is not there: 404."""
    kept = SavedFilter.objects.visible_to(user).kept().filter(pk=pk).first()
    if kept is None:
        raise Http404
    return kept


def _open(kept: SavedFilter) -> HttpResponseRedirect:
    return redirect(f"{reverse('clients:list')}?{SAVED}={kept.pk}")
