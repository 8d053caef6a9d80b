"""One session with everybody in it, and the sessions of one client."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from clients.access import client_for, session_for
from clients.actions import attendance
from clients.enums import Presence, RevealReason
from clients.forms.sessions import AttendanceForm, CancelForm
from clients.models import Session
from clients.queries import sessions as queries
from clients.queries import with_names
from clients.queries.page import client_page
from clients.views.sessions import SEEN_BY, as_met
from facilities.access import can, facility_ids, permitted
from rehab import audit, conflicts, keyset, undo
from rehab.errors import Refused
from rehab.http import Request
from rehab.roles import Permission

ATTENDANCE_SEEN_BY = (Permission.SEE_CLINICAL, Permission.SEE_CLINICAL_SUMMARY, Permission.SEE_PLACEMENT)


@conflicts.in_turn
def session(request: Request, pk: int) -> HttpResponse:
    """Who is expected, large buttons to say who came, and a note on each for care staff. Each look is recorded."""
    found = session_for(request.user, pk, *[Permission.TREAT] if request.method == "POST" else SEEN_BY)
    clinical = can(request.user, Permission.SEE_CLINICAL, found.facility)
    rows = list(found.attendances.select_related("client", "treatment").order_by("pk"))
    ahead = found.held_on > found.facility.local_date()
    data = request.POST if request.method == "POST" else None
    form = AttendanceForm(data, rows=rows, notes=clinical, ahead=ahead)
    conflicts.meet(request, form, row=found, fields=form.fields)
    if form.is_bound and form.is_valid():
        try:
            attendance.record(by=request.user, session=found, edit=as_met(request, found), marks=form.marks())
        except Refused as refusal:
            refusal.add_to(form)
            found.refresh_from_db()
        else:
            messages.success(request, _("The attendance is recorded."))
            return redirect("clients:session", pk)
    return _page(request, found, form, clinical=clinical, ahead=ahead)


def _page(request: Request, found: Session, form: AttendanceForm, **about: bool) -> HttpResponse:
    codes = [row.client.code for row in form.rows]
    audit.record_reads("session.opened", by=request.user, subject=found, client_codes=codes)
    with_names(row.client for row in form.rows)
    came = sum(row.presence == Presence.PRESENT for row in form.rows)
    context = {
        "session": found,
        "form": form,
        "cancel": CancelForm(),
        "treats": can(request.user, Permission.TREAT, found.facility),
        "came": came,
        "waiting": any(row.presence == Presence.EXPECTED for row in form.rows),
        **about,
    }
    return render(request, "clients/session.html", context)


@require_POST
def all_present(request: Request, pk: int) -> HttpResponse:
    """One tap for the whole group; a second one finds nobody waiting."""
    found = session_for(request.user, pk, Permission.TREAT)
    begun = timezone.now()
    try:
        held, left = attendance.all_present(by=request.user, session=found)
    except Refused as refusal:
        messages.error(request, refusal.messages[0])
        return redirect("clients:session", pk)
    came = held.attendances.filter(presence=Presence.PRESENT).count()
    text = ngettext("One client is recorded as present.", "%(count)s clients are recorded as present.", came)
    _tell(request, held, text % {"count": came}, begun)
    if left:
        codes = ", ".join(row.client.code for row in left)
        messages.warning(request, _("Not recorded, since the treatment has not started: %(codes)s") % {"codes": codes})
    return redirect("today") if request.POST.get("next") == "today" else redirect("clients:session", pk)


def _tell(request: Request, held: Session, text: str, begun: datetime) -> None:
    """Taken back are those whom this tap recorded, not who had been recorded before."""
    marked = held.attendances.filter(presence=Presence.PRESENT, recorded_by=request.user, recorded_at__gte=begun)
    people = list(marked.values_list("treatment_id", flat=True))
    if not people:
        messages.success(request, text)
        return
    keys: dict[str, int | str | list] = {"session": held.pk, "edit": held.edit, "people": people}
    undo.offer(request, text, "attendance.all_present", back=reverse("clients:session", args=[held.pk]), **keys)


@permitted(*SEEN_BY)
def out_of_touch(request: Request) -> HttpResponse:
    """Whose silence has lasted so long that somebody should call, or decide."""
    reach = facility_ids(request.user, Permission.TREAT)
    show = "next" if request.GET.get("show") == "next" else ""
    rows = (queries.without_next if show else queries.out_of_touch)(reach, timezone.localdate())
    page = keyset.page(request, rows, "contact_on", "pk")
    with_names(row.client for row in page.rows)
    context = {
        "page": page,
        "show": show,
        "limits": queries.limits(),
        "count": keyset.count(rows),
    }
    return render(request, "clients/out_of_touch.html", context)


def of_client(request: Request, code: str) -> HttpResponse:
    """The client's sessions at the facilities of one's scope."""
    client = client_for(request.user, code)
    if not can(request.user, Permission.SEE_CLIENTS) or not any(can(request.user, one) for one in ATTENDANCE_SEEN_BY):
        raise Http404
    audit.record_read("session.opened", by=request.user, subject=client, client_code=client.code)
    rows = queries.attendances_of(request.user, client)
    page = keyset.page(request, rows, "-held_on", "-pk")
    context = {
        "client": client,
        "page": client_page(request.user, client, timeline=False),
        "rows": page,
        "summary": queries.summary(rows, timezone.localdate()),
        "opens": any(can(request.user, one) for one in SEEN_BY),
        "clinical_at": facility_ids(request.user, Permission.SEE_CLINICAL),
        "may_reveal": can(request.user, Permission.SEE_IDENTITY),
        "reasons": RevealReason.choices,
    }
    return render(request, "clients/client_sessions.html", context)
