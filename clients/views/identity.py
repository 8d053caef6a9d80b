"""Correcting who a client is. Opening the form, or being shown what somebody else saved, is a recorded look."""

from collections.abc import Iterable
from typing import cast

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from clients.access import client_for
from clients.actions import identity
from clients.forms.identity import CorrectionForm, initial_of
from clients.models import Client, Identity
from clients.queries import RevealedIdentity
from clients.queries.versions import last_correction, version
from rehab.conflicts import THEIRS, Conflict
from rehab.errors import Refused
from rehab.http import Request
from rehab.roles import Permission

COMPARED = ("nik", "no_nik_reason", "name", "sex", "birth_date", "phone", "region", "address", "mother_name")


def correct(request: Request, code: str) -> HttpResponse:
    client = client_for(request.user, code, Permission.REGISTER)
    if request.method == "POST":
        form = CorrectionForm(_decided(request, client))
        if form.is_valid() and _save(request, form, client):
            messages.success(request, _("The identity has been corrected."))
            return redirect("clients:client", client.code)
        return render(request, "clients/correct.html", {"client": client, "form": form})
    known = _looked_at(request, client)
    edit = Identity.objects.values_list("edit", flat=True).get(client=client)
    form = CorrectionForm(initial=initial_of(client, known, edit))
    return render(request, "clients/correct.html", {"client": client, "form": form})


def _looked_at(request: Request, client: Client) -> RevealedIdentity:
    return identity.reveal(by=request.user, client=client, reason=str(_("Correcting the identity")))


def _decided(request: Request, client: Client) -> QueryDict:
    """What was posted, with the other person's value wherever a conflict was decided for it."""
    data = request.POST.copy()
    theirs = [name for name in COMPARED if data.get(f"keep-{name}") == THEIRS]
    if theirs:
        now = _values(client, _looked_at(request, client))
        for name in theirs:
            data[name] = now[name]
    return data


def _save(request: Request, form: CorrectionForm, client: Client) -> bool:
    data = form.cleaned_data
    try:
        identity.correct(
            by=request.user, client=client, identity=form.identity(), edit=data["edit"], reason=data["reason"]
        )
    except identity.EditedMeanwhile:
        _show_conflict(request, form, client)
        return False
    except Refused as refusal:
        refusal.add_to(form)
        return False
    return True


def _show_conflict(request: Request, form: CorrectionForm, client: Client) -> None:
    """Hand the form back against the newest version, naming each field that both changed.

    Where this person had not touched a field, the other's value is taken over.
    """
    mine = cast(QueryDict, form.data).copy()
    was = _opened(client, mine, form.cleaned_data["edit"])
    client = Client.objects.get(pk=client.pk)
    now = _values(client, _looked_at(request, client))
    conflicts = []
    for name in COMPARED:
        typed = mine.get(name, "")
        if was[name] == now[name] or typed == now[name]:
            continue
        if typed == was[name]:
            mine[name] = now[name]
        else:
            shown = [_shown(form, name, value) for value in (was[name], now[name], typed)]
            conflicts.append(Conflict(name, str(form.fields[name].label), *shown))
    mine["edit"] = str(Identity.objects.values_list("edit", flat=True).get(client=client))
    mine["was_sex"], mine["was_region"] = now["sex"], now["region"]
    form.data, form.conflicts = mine, conflicts
    form.saved_by, form.saved_at = last_correction(client)


def _opened(client: Client, mine: QueryDict, edit: int) -> dict[str, str]:
    """What stood in the form when this person opened it."""
    old = version(client, edit)
    was = _values(client, old) if old else dict.fromkeys(COMPARED, "")
    return was | {"sex": mine.get("was_sex", ""), "region": mine.get("was_region", "")}


def _values(client: Client, known: RevealedIdentity) -> dict[str, str]:
    """Each compared field as the form posts it."""
    return {
        "sex": client.sex,
        "region": client.region_id or "",
        "birth_date": known.birth_date.isoformat() if known.birth_date else "",
        **{name: getattr(known, name) for name in COMPARED if name not in {"sex", "region", "birth_date"}},
    }


def _shown(form: CorrectionForm, name: str, value: str) -> str:
    """A posted value as people read it."""
    field = form.fields[name]
    if name == "region":
        regions = cast(forms.ModelChoiceField, field).queryset
        return next((str(row) for row in regions.filter(pk=value)), "") if value and regions is not None else ""
    if isinstance(field, forms.ChoiceField):
        return str(dict(cast(Iterable[tuple[str, str]], field.choices)).get(value, value)) if value else ""
    return value
