"""Official wording of the instruments: what is loaded, loading a file, withdrawing."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from assessments.access import may_load_texts, text_set_for
from assessments.actions import texts
from assessments.forms.assessments import ReasonForm
from assessments.forms.texts import TextForm
from assessments.instruments import registry
from assessments.models import TextSet
from facilities.access import permitted
from rehab.errors import Refused
from rehab.http import Request
from rehab.once import once
from rehab.roles import Permission
from rehab.tabular.errors import Problem, TableRefused

SHOWN = 100


@require_safe
@permitted(Permission.TECHNICAL, Permission.EDIT_SETTINGS)
def listing(request: Request) -> HttpResponse:
    sets: dict[str, list[TextSet]] = {}
    for row in TextSet.objects.select_related("loaded_by", "withdrawn_by").defer("texts"):
        sets.setdefault(row.instrument, []).append(row)
    instruments = [
        {"key": each.key, "title": gettext(each.title), "sets": sets.get(each.key, []), "protected": each.labels_only}
        for each in registry.all()
    ]
    context = {"instruments": instruments, "may_load": may_load_texts(request.user)}
    return render(request, "assessments/texts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(Permission.TECHNICAL, Permission.EDIT_SETTINGS)
@once
def load(request: Request) -> HttpResponse:
    if not may_load_texts(request.user):
        raise PermissionDenied
    form = TextForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, form.load(by=request.user))
            return redirect("assessments:texts")
        except TableRefused as refused:
            problems = refused.problems
        except Refused as refusal:
            refusal.add_to(form)
    context = {"form": form, "problems": problems[:SHOWN], "more": max(0, len(problems) - SHOWN)}
    return render(request, "assessments/load_text.html", context, status=422 if problems or form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: Request, pk: int) -> HttpResponse:
    row = text_set_for(request.user, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            texts.withdraw(by=request.user, text_set=row, reason=form.cleaned_data["reason"])
            messages.success(request, gettext("New assessments show our own labels again."))
            return redirect("assessments:texts")
        except Refused as refusal:
            refusal.add_to(form)
    context = {"form": form, "row": row, "title": gettext(registry.get(row.instrument).title)}
    return render(request, "assessments/withdraw_text.html", context, status=422 if form.errors else 200)
