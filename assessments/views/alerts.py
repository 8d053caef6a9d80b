"""Safety alerts: what waits, one of them with its answer, and those of a client."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.access import alert_for
from assessments.actions import alerts
from assessments.forms.alerts import AnswerForm
from assessments.models import SafetyAlert
from assessments.queries import alert_title, open_alerts, title_of
from assessments.views.common import about
from clients.access import client_for
from clients.queries import masked_names
from facilities.access import can, permitted
from rehab import audit, keyset
from rehab.errors import Refused
from rehab.http import Request
from rehab.once import once
from rehab.roles import Permission


@require_safe
@permitted(Permission.SEE_CLINICAL)
def listing(request: Request) -> HttpResponse:
    rows = open_alerts(request.user)
    page = keyset.page(request, rows, "raised_at", "id")
    names = masked_names({row.client for row in page.rows})
    listed = [{"alert": row, "title": alert_title(row), "name": names.get(row.client_id, "")} for row in page.rows]
    context = {"alerts": listed, "page": page, "count": keyset.count(rows)}
    return render(request, "assessments/alerts.html", context)


@require_safe
@permitted(Permission.SEE_CLINICAL)
def count(request: Request) -> HttpResponse:
    """The number beside "Today": a part of a page, empty where nothing waits."""
    waiting = SafetyAlert.objects.visible_to(request.user).open().count()
    return render(request, "assessments/_alert_count.html", {"waiting": waiting})


@require_http_methods(["GET", "HEAD", "POST"])
@once
def alert(request: Request, pk: int) -> HttpResponse:
    found = alert_for(request.user, pk)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            alerts.answer(by=request.user, alert=found, **form.cleaned_data)
            messages.success(request, gettext("The alert is answered and kept with the client."))
            return redirect("assessments:alert", found.pk)
        except Refused as refusal:
            if refusal.code == "answered":
                messages.info(request, refusal.messages[0])
                return redirect("assessments:alert", found.pk)
            refusal.add_to(form)
    return _page(request, found, form)


@require_POST
def take(request: Request, pk: int) -> HttpResponse:
    found = alert_for(request.user, pk)
    try:
        alerts.take(by=request.user, alert=found)
        messages.success(request, gettext("Colleagues see that you look after it."))
    except Refused as refusal:
        messages.info(request, refusal.messages[0])
    return redirect("assessments:alert", found.pk)


@require_safe
def of_client(request: Request, code: str) -> HttpResponse:
    client = client_for(request.user, code, Permission.SEE_CLINICAL)
    audit.record_read("alerts.listed", by=request.user, subject=client, client_code=client.code)
    rows = SafetyAlert.objects.visible_to(request.user).filter(client=client)
    rows = rows.select_related("client", "assessment", "facility", "handler", "answered_by").order_by(
        "-raised_at", "-id"
    )
    listed = [{"alert": row, "title": alert_title(row)} for row in rows]
    return render(request, "assessments/client_alerts.html", about(client) | {"alerts": listed})


def _page(request: Request, found: SafetyAlert, form: AnswerForm) -> HttpResponse:
    """Whatever led to the page, it tells of the client: a recorded look."""
    audit.record_read("alert.opened", by=request.user, subject=found, client_code=found.client.code)
    context = about(found.client) | {
        "alert": found,
        "title": alert_title(found),
        "instrument": title_of(found.assessment),
        "form": form,
        "mine": found.handler_id == request.user.pk,
        "may_open": can(request.user, Permission.SEE_CLINICAL, found.assessment.facility),
    }
    return render(request, "assessments/alert.html", context, status=422 if form.errors else 200)
