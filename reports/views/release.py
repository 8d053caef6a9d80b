"""The release checker as a page: a file is dropped or a table pasted, nothing is kept."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from facilities.access import permitted
from rehab.http import Request
from rehab.roles import Permission
from rehab.tabular.errors import TableRefused
from reports.forms.release import ReleaseForm
from reports.release import check_file, check_text

SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(Permission.SEE_FIGURES)
def check(request: Request) -> HttpResponse:
    form = ReleaseForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    context: dict[str, Any] = {"form": form, "outcome": None, "problems": ()}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        context |= {"name": file.name if file else _("The pasted table"), "pasted": not file}
        try:
            context["outcome"] = check_file(file.read(), file.name) if file else check_text(form.cleaned_data["pasted"])
        except TableRefused as refused:
            context |= {"problems": refused.problems[:SHOWN], "more": max(0, len(refused.problems) - SHOWN)}
    status = 422 if context["problems"] or form.errors else 200
    return render(request, "reports/release.html", context, status=status)
