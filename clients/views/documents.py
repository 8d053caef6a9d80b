"""A client's documents: the list, a new one, its content, and withdrawing it. Nothing here is served as a page."""

import logging

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from clients.access import client_for, document_for, handover_for, own_consent
from clients.actions import documents
from clients.enums import RevealReason
from clients.forms.documents import DocumentForm
from clients.forms.treatments import ReasonForm
from clients.models import Client, Consent, Document
from clients.queries import documents as queries
from clients.queries.handovers import limits, seen
from clients.queries.page import client_page
from clients.views.place import own_facility
from facilities.access import can, facility_ids
from facilities.models import Facility
from rehab import audit, filetypes, keyset, tunables, uploads
from rehab.errors import Refused
from rehab.http import Request
from rehab.identity.crypto import CryptoError
from rehab.once import once
from rehab.roles import Permission

logger = logging.getLogger(__name__)
MEGABYTE = 1024 * 1024


@require_safe
def of_client(request: Request, code: str) -> HttpResponse:
    """What the person may read of the client's papers; each look at the list is recorded."""
    client = client_for(request.user, code, Permission.REGISTER)
    audit.record_read("document.listed", by=request.user, subject=client, client_code=client.code)
    page = keyset.page(request, queries.documents_of(request.user, client), "-pk")
    context = {
        "client": client,
        "page": client_page(request.user, client, timeline=False),
        "rows": page,
        "papers": queries.papers(client, page.rows),
        "keeps_at": facility_ids(request.user, Permission.REGISTER),
        "may_reveal": can(request.user, Permission.SEE_IDENTITY),
        "reasons": RevealReason.choices,
    }
    return render(request, "clients/documents.html", context)


@csrf_exempt
def add(request: Request, code: str) -> HttpResponse:
    """Says how a file is taken in before anything reads the form, Django's check of the form's origin included: that
    follows in `_add`."""
    megabytes = tunables.value(queries.MEGABYTES)
    uploads.receive(request, most=megabytes * MEGABYTE)
    try:
        request.POST  # noqa: B018  # reading it takes the file in
    except MultiPartParserError:
        messages.error(request, _("The file could not be taken in. Give it a shorter name, then choose it again."))
        return redirect("clients:add_document", code)
    return _add(request, code, megabytes)


@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
@once
def _add(request: Request, code: str, megabytes: int) -> HttpResponse:
    client = client_for(request.user, code, Permission.REGISTER)
    facility = own_facility(request)
    consent = own_consent(request.user, client, request.GET.get("persetujuan", ""))
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = DocumentForm(
        *sent, kinds=queries.kinds_for(request.user, facility), megabytes=megabytes, initial=_initial(consent)
    )
    if uploads.too_large(request):
        form.errors["file"] = form.error_class([form.fields["file"].widget.attrs["data-too-large"]])
    elif form.is_bound and form.is_valid() and _stored(request, form, client, facility, consent):
        return redirect("clients:documents", client.code)
    status = 413 if uploads.too_large(request) else 200
    return render(request, "clients/document_add.html", {"client": client, "form": form, "consent": consent}, status=status)  # fmt: skip


def _initial(consent: Consent | None) -> dict[str, str]:
    return {"kind": "statement", "title": _("Signed consent")} if consent else {}


def _stored(request: Request, form: DocumentForm, client: Client, facility: Facility, consent: Consent | None) -> bool:
    data = form.cleaned_data
    try:
        documents.store(
            by=request.user, client=client, facility=facility, consent=consent,
            kind=data["kind"], title=data["title"], upload=data["file"],
        )  # fmt: skip
    except Refused as refusal:
        refusal.add_to(form)
        return False
    messages.success(request, _("The document is kept, encrypted. Each time it is opened is recorded."))
    return True


@require_safe
def opened(request: Request, pk: int) -> HttpResponse | StreamingHttpResponse:
    return _content(request, document_for(request.user, pk))


@require_safe
def of_packet(request: Request, pk: int, number: int) -> HttpResponse | StreamingHttpResponse:
    """A medical paper that goes along with a hand-over, for as long as the consent lets the receiver read it."""
    handover = handover_for(request.user, pk)
    if not seen(request.user, handover, limits()).packet:
        raise Http404
    until = handover.decided_at or timezone.now()
    document = queries.handed_along(handover.episode, handover.from_facility, until).filter(pk=number).first()
    if document is None:
        raise Http404
    return _content(request, document)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: Request, pk: int) -> HttpResponse:
    document = document_for(request.user, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            documents.withdraw(by=request.user, document=document, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            refusal.add_to(form)
        else:
            messages.success(request, _("The document is withdrawn. It can no longer be opened."))
            return redirect("clients:documents", document.client.code)
    return render(request, "clients/document_withdraw.html", {"client": document.client, "document": document, "form": form})  # fmt: skip


def _content(request: Request, document: Document) -> HttpResponse | StreamingHttpResponse:
    """The file, after the look has been recorded and all of it has been found whole."""
    audit.record_read("document.opened", by=request.user, subject=document, client_code=document.client.code)
    try:
        queries.check(document)
    except CryptoError:
        logger.exception("document %s does not open: its file is missing or not the one that was stored", document.pk)
        return render(request, "clients/document_broken.html", {"client": document.client}, status=500)
    suffix = filetypes.SUFFIX[document.file_kind]
    name = f"{document.kind.replace('_', '-')}-{document.client.code}-{document.pk}.{suffix}"
    way = "inline" if document.is_picture else "attachment"
    return StreamingHttpResponse(
        queries.content(document),
        content_type=filetypes.MIME[document.file_kind],
        headers={
            "Content-Disposition": f'{way}; filename="{name}"',
            "Content-Length": str(document.size),
            "Content-Security-Policy": "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox",
            "Cross-Origin-Resource-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
            # Not to be packed anew: what is announced is its true length.
            "Content-Encoding": "identity",
        },
    )
