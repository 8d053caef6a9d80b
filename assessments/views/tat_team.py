"""The teams of a TAT case and the checklist of its documents: the secretariat's pages."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from assessments.access import tat_managed_for, tat_member_for
from assessments.actions import tat_team
from assessments.enums import TatTeam
from assessments.forms.clash import conflicts, settled
from assessments.forms.tat import AssignForm
from assessments.forms.tat_papers import PapersForm, as_posted
from assessments.models import TatCase
from assessments.queries.tat import candidates, missing_papers, paper_words, required_papers
from assessments.tat_lifecycle import PREPARING
from rehab import audit
from rehab.errors import Refused
from rehab.http import Request
from rehab.once import once


@once
def team(request: Request, code: str) -> HttpResponse:
    """Who sits in which team; a post puts one more person in."""
    case = tat_managed_for(request.user, code)
    chosen = request.POST.get("team", "")
    form = _assign_form(case, chosen, request.POST) if chosen in TatTeam.values else None
    if form and form.is_valid():
        try:
            tat_team.assign(by=request.user, case=case, **form.cleaned_data)
        except Refused as refusal:
            if refusal.code == "moved":
                return _gone_on(request, code, refusal)
            refusal.add_to(form)
        else:
            messages.success(request, gettext("The person is in the team and sees the case."))
            return redirect("assessments:tat_team", code)
    return _team_page(request, case, {chosen: form} if form else {})


@require_POST
@once
def take_off(request: Request, code: str, pk: int) -> HttpResponse:
    member = tat_member_for(request.user, code, pk)
    try:
        tat_team.take_off(by=request.user, member=member)
        messages.success(request, gettext("The person no longer sees the case."))
    except Refused as refusal:
        messages.error(request, refusal.messages[0])
    return redirect("assessments:tat_team", code)


@once
def papers(request: Request, code: str) -> HttpResponse:
    case = tat_managed_for(request.user, code)
    now = tat_team.papers(case)
    typing = request.method == "POST"
    form = PapersForm(settled(request.POST, as_posted(now)) if typing else None, current=now)
    if not form.is_bound or not form.is_valid():
        return _papers_page(request, case, form)
    try:
        tat_team.record_papers(by=request.user, case=case, typed=form.typed(), was=form.was())
    except tat_team.StalePapers as stale:
        return _papers_page(request, case, form, stale)
    except Refused as refusal:
        if refusal.code == "moved":
            return _gone_on(request, code, refusal)
        refusal.add_to(form)
        return _papers_page(request, case, form)
    missing = paper_words(missing_papers(case))
    done = gettext("The checklist is saved.")
    messages.success(request, f"{done} {gettext('Still missing: %(what)s.') % {'what': missing}}" if missing else done)
    return redirect("assessments:tat_case", code)


def _papers_page(
    request: Request, case: TatCase, form: PapersForm, stale: tat_team.StalePapers | None = None
) -> HttpResponse:
    audit.record_read("tat.opened_page", by=request.user, subject=case, client_code=case.client.code)
    context: dict[str, Any] = {"case": case, "form": form, "required": required_papers(case), "may": _may(case)}
    context["was"] = form.opened_with()
    if stale:
        # What the other one saved, where this person had not touched it, is taken over; the rest is asked for.
        theirs = as_posted(stale.current)
        context["conflicts"] = conflicts(form, form.opened_with(), theirs)
        context["was"] = theirs
        last = case.documents.select_related("recorded_by").order_by("-recorded_at").first()
        if last is not None:
            context |= {"saved_by": last.recorded_by.name, "saved_at": last.recorded_at}
    status = 409 if stale else 422 if form.errors else 200
    return render(request, "assessments/tat_papers.html", context, status=status)


def _team_page(request: Request, case: TatCase, answered: dict[str, AssignForm]) -> HttpResponse:
    audit.record_read("tat.opened_page", by=request.user, subject=case, client_code=case.client.code)
    members = list(case.members.active().select_related("user"))
    teams = [
        {
            "team": team,
            "members": [member for member in members if member.team == team],
            "form": answered.get(team.value) or _assign_form(case, team.value),
        }
        for team in TatTeam
    ]
    context = {"case": case, "teams": teams, "may": _may(case)}
    return render(request, "assessments/tat_team.html", context, status=422 if answered else 200)


def _assign_form(case: TatCase, team: str, data: Any = None) -> AssignForm:
    people = candidates(case.unit, team, case.unit.local_date())
    taken = case.members.active().values("user")
    return AssignForm(data, team=team, people=people.exclude(pk__in=taken))


def _may(case: TatCase) -> bool:
    return case.status in PREPARING


def _gone_on(request: Request, code: str, refusal: Refused) -> HttpResponse:
    messages.error(request, refusal.messages[0])
    return redirect("assessments:tat_case", code)
