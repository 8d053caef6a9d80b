"""The release checker as a page: a file is dropped, nothing is kept."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from facilities.access import permitted
from rehab.roles import Permission
from rehab.tabular.errors import TableRefused
from reports.forms.upload import UploadForm
from reports.release import check_file


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(Permission.SEE_FIGURES)
def check(request: HttpRequest) -> HttpResponse:
    form = UploadForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    context: dict[str, Any] = {"form": form, "outcome": None, "problems": ()}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        context["name"] = file.name
        try:
            context["outcome"] = check_file(file.read(), file.name)
        except TableRefused as refused:
            context["problems"] = refused.problems[:100]
    status = 422 if context["problems"] or form.errors else 200
    return render(request, "reports/release.html", context, status=status)
