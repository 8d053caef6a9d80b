"""Who answers for a minor. Opening name and phone is a recorded look with a reason."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clients.access import client_for, guardian_of
from clients.actions import guardians
from clients.actions.people import GuardianData
from clients.enums import RevealReason
from clients.forms.consents import GuardianForm
from rehab import conflicts
from rehab.errors import Refused
from rehab.http import Request
from rehab.roles import Permission


@require_POST
def reveal(request: Request, code: str) -> HttpResponse:
    client = client_for(request.user, code, Permission.SEE_IDENTITY)
    guardian = guardian_of(client)
    if guardian is None:
        raise Http404
    reason = request.POST.get("reason", "")
    label = RevealReason(reason).label if reason in RevealReason.values else RevealReason.CONTACT.label
    known = guardians.reveal(by=request.user, client=client, guardian=guardian, reason=str(label))
    context = {"client": client, "guardian": guardian, "known": known}
    return render(request, "clients/_guardian.html" if request.htmx else "clients/guardian_opened.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@conflicts.in_turn
def correct(request: Request, code: str) -> HttpResponse:
    """Two people who correct at once see each other's values field by field."""
    client = client_for(request.user, code, Permission.REGISTER)
    held = guardian_of(client)
    initial = {"name": "", "relation": "", "phone": ""}
    if held:
        known = guardians.reveal(
            by=request.user, client=client, guardian=held, reason=str(_("Correcting the guardian"))
        )
        initial = {"name": known.name, "relation": held.relation, "phone": known.phone}
    form = GuardianForm(request.POST if request.method == "POST" else None, initial=initial, first=held is None)
    clash = conflicts.meet(request, form, row=client)
    if form.is_bound and not clash and form.is_valid():
        data = form.cleaned_data
        told = GuardianData(data["name"], data["relation"], data["phone"])
        try:
            guardians.correct(
                by=request.user, client=client, guardian=told, reason=data["reason"], edit=held.edit if held else 0
            )
        except Refused as refusal:
            refusal.add_to(form)
        else:
            messages.success(request, _("The guardian has been recorded."))
            return redirect("clients:consent", client.code)
    return render(request, "clients/guardian.html", {"client": client, "form": form, "guardian": held})
