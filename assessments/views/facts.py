"""The six facts before treatment, as a checklist that may be saved half done."""

from typing import cast

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from assessments.access import open_episode_for
from assessments.actions import facts
from assessments.actions.facts import StaleFacts
from assessments.forms.facts import Conflicts, FactsForm, checklist, conflicts, initial, settled
from assessments.models import CaseFacts
from assessments.queries import facts_at_edit, hints_for_facts
from assessments.views.common import about
from clients.access import client_for
from clients.models import Episode
from rehab import audit
from rehab.errors import Refused
from rehab.http import Request
from rehab.roles import Permission


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: Request, code: str) -> HttpResponse:
    client = client_for(request.user, code, Permission.ASSESS)
    episode = open_episode_for(request.user, client)
    row = CaseFacts.objects.filter(episode=episode).select_related("recorded_by").first()
    if request.method != "POST":
        return _page(request, episode, row, FactsForm(initial=initial(row)))
    form = FactsForm(settled(request.POST, row))
    if not form.is_valid():
        return _page(request, episode, row, form)
    try:
        saved = facts.record(by=request.user, episode=episode, facts=form.facts(), edit=form.cleaned_data["edit"])
    except StaleFacts as refusal:
        return _conflict_page(request, episode, refusal.current, form)
    except Refused as refusal:
        refusal.add_to(form)
        return _page(request, episode, row, form)
    messages.success(request, _told(saved))
    # All six stand: what comes next is on the client's page.
    return redirect("clients:client" if saved.is_complete else "assessments:facts", code)


def _told(saved: CaseFacts) -> str:
    if saved.is_complete:
        return gettext("Saved. All six facts stand; the treatment may start.")
    return gettext("Saved. Still open: %(count)s of six.") % {"count": list(saved.known.values()).count(False)}


def _conflict_page(request: Request, episode: Episode, current: CaseFacts, form: FactsForm) -> HttpResponse:
    found = conflicts(facts_at_edit(current, form.cleaned_data["edit"]), current, form.facts())
    data = cast(QueryDict, form.data).copy()
    data["edit"] = str(current.edit)
    return _page(request, episode, current, FactsForm(data), found)


def _page(
    request: Request, episode: Episode, row: CaseFacts | None, form: FactsForm, found: Conflicts | None = None
) -> HttpResponse:
    """Whatever led to the page, it shows what is known: a recorded look."""
    audit.record_read("facts.opened", by=request.user, subject=episode, client_code=episode.client.code)
    context = about(episode.client) | {
        "episode": episode,
        "form": form,
        "checklist": checklist(row),
        "complete": bool(row and row.is_complete),
        "hints": hints_for_facts(episode),
        "conflicts": found.rows if found else [],
        "saved_by": found.saved_by if found else "",
        "saved_at": found.saved_at if found else None,
    }
    status = 409 if found else 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "assessments/facts.html", context, status=status)
