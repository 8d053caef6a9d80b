"""What the page of a TAT case shows to one person: their part and no more. Whatever leads here is a recorded look."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from assessments.access import Part, part_of
from assessments.actions.tat_team import papers
from assessments.enums import TatPaper, TatPaperState, TatStatus, TatTeam
from assessments.forms.tat import ReasonForm, ScheduleForm
from assessments.models import TatCase, TatLetter, TatPlacement, TatPlenary
from assessments.queries.tat import (
    RECORDS,
    TAT_DAYS,
    conclusions,
    missing_papers,
    open_steps,
    paper_words,
    standing,
    tat_clock,
)
from assessments.queries.tat_evidence import evidence_against
from assessments.tat_lifecycle import PREPARING, RECORDING
from clients.queries import RevealedIdentity, masked_names
from rehab import audit, tunables
from rehab.http import Request
from rehab.models import User


def case_page(
    request: Request,
    case: TatCase,
    *,
    revealed: RevealedIdentity | None = None,
    answered: dict[str, forms.Form] | None = None,
) -> HttpResponse:
    """`answered` are forms that were refused, by the status they lead to."""
    audit.record_read("tat.opened_page", by=request.user, subject=case, client_code=case.client.code)
    part = part_of(request.user, case)
    context = {
        "case": case,
        "part": part,
        "masked_name": masked_names([case.client]).get(case.client_id, ""),
        **_clock(case),
        "revealed": revealed,
        "members": list(case.members.active().select_related("user")),
        "conclusions": list(conclusions(case).values()),
        **_outcome(case),
        **_documents(case, part),
        **_steps(case, part, answered or {}),
        **_own_record(request.user, case, part),
    }
    return render(request, "assessments/tat_case.html", context, status=422 if answered else 200)


def _clock(case: TatCase) -> dict[str, Any]:
    days = tunables.value(TAT_DAYS)
    return {"clock": tat_clock(case, days), "days": days}


def _outcome(case: TatCase) -> dict[str, Any]:
    return {
        "preparing": case.status in PREPARING,
        "plenary": TatPlenary.objects.filter(case=case).first(),
        "letter": TatLetter.objects.filter(case=case).defer("content").first(),
        "placement": TatPlacement.objects.filter(case=case).select_related("facility").first(),
    }


def _documents(case: TatCase, part: Part) -> dict[str, Any]:
    """The checklist, for the secretariat and the legal team."""
    if not part.manages and part.team != TatTeam.LEGAL:
        return {}
    lines = [
        {"label": TatPaper(kind).label, "state": TatPaperState(line.state), "number": line.number, "dated": line.dated}
        for kind, line in papers(case).items()
    ]
    return {"papers": lines, "missing_papers": paper_words(missing_papers(case))}


def _steps(case: TatCase, part: Part, answered: dict[str, forms.Form]) -> dict[str, Any]:
    """The steps of the lifecycle that are this person's, with the short form of each."""
    have = standing(case) if part.permissions else frozenset()
    steps = {found.step.to.value: found for found in open_steps(part, case, have)}
    today = {"on": case.scheduled_for or case.unit.local_date()}
    missing = {"reason": paper_words(missing_papers(case))} if TatStatus.REPAIR in steps else {}
    return {
        "steps": steps,
        "schedule_form": answered.get(TatStatus.SCHEDULED) or ScheduleForm(initial=today),
        "repair_form": answered.get(TatStatus.REPAIR) or ReasonForm(initial=missing, auto_id="id_repair_%s"),
        "refuse_form": answered.get(TatStatus.REFUSED) or ReasonForm(auto_id="id_refuse_%s"),
        "answered": list(answered),
    }


def _own_record(user: User, case: TatCase, part: Part) -> dict[str, Any]:
    """The latest version of the team's own record, and who signed which."""
    if not part.member:
        return {}
    team = TatTeam(part.member.team)
    versions = list(RECORDS[team].objects.visible_to(user).filter(case=case).select_related("signed_by"))
    latest = versions[0] if versions else None
    return {
        "record": latest,
        "versions": versions,
        "evidence": evidence_against(latest) if latest and team == TatTeam.LEGAL else [],
        "recording": case.status in RECORDING,
    }
