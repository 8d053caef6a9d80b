"""The list of plans, one plan, and its end."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftercare.access import may_follow_up, may_read_details, plan_for
from aftercare.actions import plans
from aftercare.forms.fields import attempt, explained
from aftercare.forms.plan import SENTENCES, EndForm, ReopenForm
from aftercare.models import AftercarePlan
from aftercare.queries import listed, page_of, rows_of
from facilities.access import permitted, post_of
from rehab import audit, keyset
from rehab.http import Request
from rehab.once import once
from rehab.roles import Permission

FILTERS = {
    "running": gettext_lazy("All running"),
    "overdue": gettext_lazy("Overdue"),
    "month": gettext_lazy("Due this month"),
    "ready": gettext_lazy("Ready to end"),
    "ended": gettext_lazy("Ended"),
}


@permitted(Permission.FOLLOW_UP, Permission.SEE_CLINICAL_SUMMARY)
def listing(request: Request) -> HttpResponse:
    today = timezone.localdate()
    which = request.GET.get("show", "running")
    which = which if which in FILTERS else "running"
    found = listed(request.user, which, today)
    page, count = keyset.counted_page(request, found.rows, *found.keys, whole=found.whole)
    context = {
        "which": which,
        "filters": FILTERS,
        "page": page,
        "rows": rows_of(page.rows, today),
        "count": count,
        "at_unit": post_of(request.user).unit_id is not None,
    }
    return render(request, "aftercare/list.html", context)


def plan(request: Request, pk: int) -> HttpResponse:
    found = plan_for(request.user, pk)
    audit.record_read("aftercare.opened", by=request.user, subject=found, client_code=found.client.code)
    context = {
        "plan": found,
        "page": page_of(found, request.user, timezone.localdate()),
        "may_follow_up": may_follow_up(request.user, found),
        "details": may_read_details(request.user, found),
        "reopens": found.status in plans.CHOSEN_ENDS,
    }
    return render(request, "aftercare/plan.html", context)


@once
def end(request: Request, pk: int) -> HttpResponse:
    found = plan_for(request.user, pk, Permission.FOLLOW_UP)
    form = EndForm(request.POST or None, plan=found)
    if attempt(form, lambda **facts: plans.end(by=request.user, plan=found, **facts)) is None:
        options = explained(form["status"], SENTENCES)
        return render(request, "aftercare/end.html", _about(found) | {"form": form, "options": options})
    messages.success(request, _("The aftercare plan has ended."))
    return redirect("aftercare:plan", pk=pk)


@once
def reopen(request: Request, pk: int) -> HttpResponse:
    found = plan_for(request.user, pk, Permission.FOLLOW_UP)
    form = ReopenForm(request.POST or None)
    if attempt(form, lambda **facts: plans.reopen(by=request.user, plan=found, **facts)) is None:
        return render(request, "aftercare/reopen.html", _about(found) | {"form": form})
    messages.success(request, _("The aftercare plan is open again."))
    return redirect("aftercare:plan", pk=pk)


def _about(found: AftercarePlan) -> dict[str, object]:
    return {"plan": found, "client": found.client}
