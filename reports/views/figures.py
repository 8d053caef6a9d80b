"""Figures published elsewhere: the list with its sources, and the page that takes a file in."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from facilities.access import can, permitted, unit_ids
from facilities.models import Unit
from rehab import keyset
from rehab.http import Request
from rehab.numbers import achievement
from rehab.once import once
from rehab.roles import Permission
from rehab.tabular.errors import Problem, TableRefused
from reports.actions.figures import import_file
from reports.forms.upload import UploadForm
from reports.indicators import REGISTRY
from reports.models import ReportedFigure


@require_safe
@permitted(Permission.SEE_FIGURES)
def listing(request: Request) -> HttpResponse:
    found = ReportedFigure.objects.filter(unit__in=unit_ids(request.user, Permission.SEE_FIGURES)).select_related(
        "unit"
    )
    page = keyset.page(request, found, "-year", "unit_id", "-pk")
    for figure in page.rows:
        indicator = REGISTRY.get(figure.indicator)
        figure.known_title = indicator.title if indicator else figure.title
        figure.achievement = achievement(figure.realised, figure.target, bool(indicator and indicator.lower_is_better))
    context = {"page": page, "count": keyset.count(found), "may_upload": can(request.user, Permission.EDIT_TARGETS)}
    return render(request, "reports/figures.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(Permission.EDIT_TARGETS)
@once
def upload(request: Request) -> HttpResponse:
    form = UploadForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            units = Unit.objects.filter(pk__in=unit_ids(request.user, Permission.EDIT_TARGETS))
            taken = import_file(by=request.user, data=file.read(), name=file.name, units=units)
            told = {"created": taken.created, "updated": taken.updated, "unchanged": taken.unchanged}
            messages.success(request, _("%(created)s new, %(updated)s changed, %(unchanged)s unchanged") % told)
            return redirect("reports:figures")
        except TableRefused as refused:
            problems = refused.problems
    context = {"form": form, "problems": problems[:100], "more": max(0, len(problems) - 100), "indicators": REGISTRY}
    status = 422 if problems or form.errors else 200
    return render(request, "reports/upload_figures.html", context, status=status)
