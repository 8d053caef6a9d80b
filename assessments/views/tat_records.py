"""The record of one's own team: written and signed, and its earlier versions. The other team's is not reachable here."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from assessments.access import tat_team_case_for
from assessments.actions import tat_records
from assessments.enums import TatTeam
from assessments.forms.clash import conflicts, settled
from assessments.forms.tat_records import LegalForm, MedicalForm, RecordForm, legal_values, medical_values
from assessments.models import TatCase
from assessments.queries.tat import RECORDS, conclusions
from assessments.queries.tat_evidence import evidence_against
from assessments.tat_lifecycle import RECORDING
from rehab import audit
from rehab.errors import Refused
from rehab.http import Request
from rehab.models import User
from rehab.once import once

TEMPLATES = {TatTeam.MEDICAL: "assessments/tat_medical.html", TatTeam.LEGAL: "assessments/tat_legal.html"}
FORMS: dict[TatTeam, tuple[type[RecordForm], Callable[[Any], dict[str, str]]]] = {
    TatTeam.MEDICAL: (MedicalForm, medical_values),
    TatTeam.LEGAL: (LegalForm, legal_values),
}


@once
def record(request: Request, code: str) -> HttpResponse:
    """The next version, beginning with what the last one says."""
    case, team = tat_team_case_for(request.user, code)
    form_class, values = FORMS[TatTeam(team)]
    latest = _versions(request.user, case, team).first()
    if request.method != "POST":
        if case.status not in RECORDING:
            return redirect("assessments:tat_case", code)
        initial: dict[str, Any] = values(latest) or {"examined_on": case.unit.local_date()}
        return _page(request, case, team, form_class(initial=initial | {"version": latest.version if latest else 0}))
    form = form_class(settled(request.POST, values(latest)))
    if form.is_valid():
        try:
            return _signed(request, case, team, form)
        except tat_records.StaleRecord:
            return _conflict(request, case, team, form)
        except Refused as refusal:
            refusal.add_to(form)
    return _page(request, case, team, form)


@require_safe
def version(request: Request, code: str, number: int) -> HttpResponse:
    case, team = tat_team_case_for(request.user, code)
    found = _versions(request.user, case, team).filter(version=number).first()
    if found is None:
        raise Http404
    audit.record_read("tat.record_opened", by=request.user, subject=case, client_code=case.client.code)
    evidence = evidence_against(found) if team == TatTeam.LEGAL else []
    context = {"case": case, "team": TatTeam(team), "record": found, "evidence": evidence}
    return render(request, "assessments/tat_version.html", context)


def _versions(user: User, case: TatCase, team: str) -> Any:
    return RECORDS[TatTeam(team)].objects.visible_to(user).filter(case=case).select_related("signed_by")


def _signed(request: Request, case: TatCase, team: str, form: Any) -> HttpResponse:
    facts = {"by": request.user, "case": case, "version": form.cleaned_data["version"], "facts": form.facts()}
    if team == TatTeam.LEGAL:
        tat_records.sign_legal(**facts, evidence=form.evidence())
    else:
        tat_records.sign_medical(**facts)
    messages.success(request, gettext("The record is signed. A change is a new version, until the plenary."))
    return redirect("assessments:tat_case", case.code)


def _conflict(request: Request, case: TatCase, team: str, form: Any) -> HttpResponse:
    """A colleague of the same team was quicker: both versions field by field."""
    _, values = FORMS[TatTeam(team)]
    rows = _versions(request.user, case, team)
    latest, opened = rows.first(), rows.filter(version=form.cleaned_data["version"]).first()
    found = conflicts(form, values(opened), values(latest))
    form.data = form.data.copy()
    form.data["version"] = str(latest.version)
    told = {"conflicts": found, "saved_by": latest.signed_by.name, "saved_at": latest.signed_at}
    return _page(request, case, team, form, told)


def _page(request: Request, case: TatCase, team: str, form: Any, told: dict[str, Any] | None = None) -> HttpResponse:
    audit.record_read("tat.record_opened", by=request.user, subject=case, client_code=case.client.code)
    other = [found for each, found in conclusions(case).items() if each != team]
    context = {"case": case, "team": TatTeam(team), "form": form, "others": other} | (told or {})
    status = 409 if told else 422 if form.is_bound and form.errors else 200
    return render(request, TEMPLATES[TatTeam(team)], context, status=status)
