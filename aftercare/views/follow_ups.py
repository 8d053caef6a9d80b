"""The short form of a follow-up: planned, corrected, or beyond the plan."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from aftercare import conflicts
from aftercare.access import follow_up_for, plan_for
from aftercare.actions import follow_ups
from aftercare.enums import Relapse
from aftercare.forms.fields import attempt
from aftercare.forms.follow_up import FollowUpForm
from aftercare.models import AftercarePlan, FollowUp
from clients.queries import masked_names
from rehab import audit
from rehab.http import Request
from rehab.once import once
from rehab.roles import Permission


@once
def record(request: Request, pk: int) -> HttpResponse:
    held = follow_up_for(request.user, pk)
    data = conflicts.settled(request.POST, held) if request.method == "POST" else None
    form = FollowUpForm(data, plan=held.plan, follow_up=held)
    done = attempt(form, lambda **facts: follow_ups.record(by=request.user, follow_up=held, **facts))
    if done is None:
        if held.done_on:
            audit.record_read("aftercare.opened", by=request.user, subject=held.plan, client_code=held.plan.client.code)
        return render(request, "aftercare/follow_up.html", _page(held.plan, form, held))
    return _recorded(request, done)


@once
def extra(request: Request, pk: int) -> HttpResponse:
    plan = plan_for(request.user, pk, Permission.FOLLOW_UP)
    form = FollowUpForm(request.POST or None, plan=plan)
    done = attempt(form, lambda edit, **facts: follow_ups.record_extra(by=request.user, plan=plan, **facts))
    if done is None:
        return render(request, "aftercare/follow_up.html", _page(plan, form, None))
    return _recorded(request, done)


def _recorded(request: Request, done: FollowUp) -> HttpResponse:
    if done.relapse == Relapse.YES:
        messages.warning(request, _("The follow-up is recorded. A relapse opens a new assessment and a new episode."))
    else:
        messages.success(request, _("The follow-up is recorded."))
    return redirect("aftercare:plan", pk=done.plan_id)


def _page(plan: AftercarePlan, form: FollowUpForm, held: FollowUp | None) -> dict[str, Any]:
    outdated = form.refusal if isinstance(form.refusal, follow_ups.Outdated) else None
    clash = conflicts.between(form.cleaned_data["edit"], outdated.follow_up, form.cleaned_data) if outdated else None
    return {
        "plan": plan,
        "client": plan.client,
        "name": masked_names([plan.client]).get(plan.client_id, ""),
        "form": form,
        "held": held,
        "clash": clash,
        "edit": clash.edit if clash else form["edit"].value(),
    }
