"""Figures and members out of the house. POST: it is recorded, and of members the purpose is asked."""

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from facilities.access import permitted, unit_ids
from rehab.errors import Refused
from rehab.http import Request
from rehab.roles import Permission
from rehab.tabular.writing import CSV_TYPE, XLSX_TYPE, SheetOut, csv_pieces, xlsx_pieces
from reports import places
from reports.actions import exports
from reports.cards import CARDS, cards_of, shown
from reports.exports.shown import MemberList, card_sheet, sheet_title, sheets
from reports.forms.exports import CSV, ExportForm
from reports.forms.members import MembersFilter
from reports.indicators import REGISTRY, Indicator, MemberKind
from reports.queries.members import chosen_members
from reports.views.cards import Frame, frame_of, page_of
from reports.views.dashboard import page_for


@require_POST
@permitted(Permission.SEE_FIGURES)
def figures(request: Request, code: str, year: int) -> StreamingHttpResponse:
    """The page as a workbook, or with `card` in the address that card alone."""
    frame = frame_of(request, code, year)
    asked = CARDS.get(request.GET.get("card", ""))
    cards = [card for card in cards_of(frame) if asked is None or card is asked]
    exports.take_figures(by=request.user, place=frame.place, period=frame.period, cards=[card.key for card in cards])
    told = [shown(card, frame) for card in cards]
    if asked is None:
        pages = list(sheets(page_for(request, frame.place, frame.period)[0], told, timezone.localtime()))
    else:
        pages = [card_sheet(each) for each in told]
    if not pages:
        raise Http404
    return _file(xlsx_pieces(pages), XLSX_TYPE, f"capaian-{frame.place.code}-{year}.xlsx")


@require_POST
@permitted(Permission.SEE_MEMBERS)
def members(request: Request, code: str, year: int, indicator: str) -> HttpResponse | StreamingHttpResponse:
    """The members behind a figure, with the filter of the address; codes only of those whom the person may know."""
    frame, definition = frame_of(request, code, year), REGISTRY.get(indicator)
    if definition is None or not definition.is_counted or definition.member_kind is MemberKind.SHEET:
        raise Http404
    chosen, form = MembersFilter(request.GET, indicator=definition), ExportForm(request.POST)
    period, found = chosen_members(definition, frame.place, frame.period, frame.scope, chosen)
    if not form.is_valid():
        return _asked_again(request, frame, definition, form)
    try:
        exports.take_members(
            by=request.user, place=frame.place, indicator=definition, period=period, form=form.cleaned_data["form"],
            purpose=form.cleaned_data["purpose"],
        )  # fmt: skip
    except Refused as refusal:
        refusal.add_to(form)
        return _asked_again(request, frame, definition, form)
    told = MemberList(definition, found, _known(request, definition))
    return _members_file(told, form.cleaned_data["form"], f"{definition.key}-{code}-{year}")


def _asked_again(request: Request, frame: Frame, indicator: Indicator, form: ExportForm) -> HttpResponse:
    context = page_of(frame) | {"indicator": indicator, "export": form, "query": request.GET.urlencode()}
    return render(request, "reports/export.html", context, status=422)


def _known(request: Request, indicator: Indicator):
    if indicator.member_kind is MemberKind.TAT_CASE:
        of = unit_ids(request.user, Permission.TAT_MANAGE)
        return lambda _facility, unit: unit in of
    return places.knows(request.user)


def _members_file(told: MemberList, form: str, name: str) -> StreamingHttpResponse:
    if form == CSV:
        return _file(csv_pieces(told.heading, told.rows()), CSV_TYPE, f"{name}.csv")
    sheet = SheetOut(sheet_title(str(told.indicator.title)), told.heading, told.rows(), (16, 12, 40, 36))
    return _file(xlsx_pieces([sheet]), XLSX_TYPE, f"{name}.xlsx")


def _file(pieces, content_type: str, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(pieces, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
