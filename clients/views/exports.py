"""The list of clients out of the house: what will be in it is shown first, then posted with a purpose, and recorded."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.actions import exports
from clients.actions.exports import Order, may_identify
from clients.enums import ExportPurpose
from clients.exports import File, head
from clients.forms.exports import CSV, ExportForm
from clients.queries.finding import found
from clients.views.lists import Asked, asked_of
from facilities.access import can, permitted
from rehab import throttle
from rehab.errors import Refused
from rehab.http import Request
from rehab.roles import Permission
from rehab.tabular.writing import CSV_TYPE, XLSX_TYPE

EXPORTS_AN_HOUR = 30


@permitted(Permission.SEE_CLIENTS)
def export(request: Request) -> HttpResponse | StreamingHttpResponse:
    """The filter stands in the address, as that of the list."""
    if not can(request.user, Permission.SEE_MEMBERS):
        raise PermissionDenied
    asked = asked_of(request.user, request.GET)
    may = may_identify(request.user)
    form = ExportForm(request.POST if request.method == "POST" else None, may_identify=may)
    if request.method == "POST" and form.is_valid():
        if throttle.allowed("clients.export", request.user.pk, most=EXPORTS_AN_HOUR, seconds=3600):
            try:
                return _file(request, asked, form)
            except Refused as refusal:
                refusal.add_to(form)
        else:
            form.add_error(None, Refused(_("Many lists were downloaded in a row. Try again in an hour.")))
    context = {
        "asked": asked,
        "export": form,
        "may_identify": may,
        "query": request.GET.urlencode(),
        "number": found(request.user, asked.filters.wanted()).count(),
        "sentence": asked.filters.sentence(),
    }
    return render(request, "clients/export.html", context, status=422 if form.errors else 200)


def _file(request: Request, asked: Asked, form: ExportForm) -> HttpResponse | StreamingHttpResponse:
    typed, filters = form.cleaned_data, asked.filters
    order = Order(
        purpose=ExportPurpose(typed["purpose"]),
        note=typed["purpose_note"],
        form=typed["form"],
        query=filters.query,
        columns=[column.key for column in asked.columns],
        identity_reason=typed["identity_reason"] if typed.get("identity") else "",
    )
    rows = found(request.user, filters.wanted()).order_by(filters.key)
    keys = exports.take(by=request.user, clients=rows, order=order)
    now = timezone.localtime()
    on_top = head(by=request.user, at=now, order=order, sentence=filters.sentence(), number=len(keys))
    file = File(request.user, keys, asked.columns, on_top, identity=order.with_identity)
    is_csv = order.form == CSV
    response = StreamingHttpResponse(
        file.csv() if is_csv else file.xlsx(), content_type=CSV_TYPE if is_csv else XLSX_TYPE
    )
    response["Content-Disposition"] = f'attachment; filename="klien-{now:%Y%m%d-%H%M}.{order.form}"'
    return response
