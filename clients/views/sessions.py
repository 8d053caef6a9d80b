"""A facility's sessions: the day and the week, arranging one, changing it, cancelling it."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from clients.access import session_for
from clients.actions import sessions
from clients.forms.sessions import SessionForm, initial_of
from clients.models import Session, TreatmentPlan
from clients.queries import masked_names, with_names
from clients.queries import sessions as queries
from clients.views.place import own_facility
from facilities.access import can, facility_ids, permitted
from facilities.models import Facility
from rehab import conflicts, undo
from rehab.errors import Refused
from rehab.http import Request
from rehab.once import once
from rehab.roles import Permission

SEEN_BY = (Permission.TREAT, Permission.SEE_PLACEMENT)
WEEK = timedelta(days=7)


@permitted(*SEEN_BY)
def listing(request: Request) -> HttpResponse:
    """One day, the whole week, or what nobody has recorded yet."""
    today = timezone.localdate()
    day = _day(request.GET.get("day", ""), today)
    monday = day - timedelta(days=day.weekday())
    reach = facility_ids(request.user, *SEEN_BY)
    mine = Session.objects.filter(facility__in=reach)
    missing = queries.not_recorded(reach, today)
    show = request.GET.get("show", "day")
    found = {"week": mine.between(monday, monday + WEEK), "open": missing}.get(show, mine.between(day, day + _ONE))
    rows = list(queries.with_clients(found)[:_MOST])
    with_names(one.client for row in rows for one in row.attendances.all())
    context = {
        "rows": rows,
        "show": show if show in {"week", "open"} else "day",
        "day": day,
        "today": today,
        "week": queries.by_day(mine, monday),
        "before": day - WEEK,
        "after": day + WEEK,
        "missing": missing.count(),
        "treats": can(request.user, Permission.TREAT),
        "clinical": can(request.user, Permission.SEE_CLINICAL),
    }
    return render(request, "clients/sessions.html", context)


_ONE = timedelta(days=1)
_MOST = 300


def _day(text: str, today: date) -> date:
    """The day that the address asks for, else today; days at the edge of the calendar have no week."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return day if 2000 <= day.year <= today.year + 2 else today


@once
@permitted(Permission.TREAT)
def add(request: Request) -> HttpResponse:
    """A new session; `?klien=` chooses a client, `?seperti=` takes over an earlier session."""
    facility = own_facility(request, Permission.TREAT)
    people = _people(facility)
    form = _form(request, facility, people, initial=_initial(request, people))
    if request.method == "POST" and form.is_valid():
        try:
            made = sessions.plan(
                by=request.user, facility=facility, data=form.data_of(), treatments=form.chosen(),
                weeks=form.cleaned_data["weeks"],
            )  # fmt: skip
        except Refused as refusal:
            refusal.add_to(form)
        else:
            text = ngettext("The session is planned.", "%(count)s sessions are planned.", len(made))
            messages.success(request, text % {"count": len(made)})
            return redirect("clients:session", made[0].pk)
    return render(request, "clients/session_form.html", {"form": form, "facility": facility})


@conflicts.in_turn
@once
def change(request: Request, pk: int) -> HttpResponse:
    session = session_for(request.user, pk, Permission.TREAT)
    rows = list(session.attendances.select_related("treatment__client", "treatment__episode"))
    people = _people(session.facility) | {row.treatment: "" for row in rows}
    names = masked_names(row.client for row in people)
    people = {row: names.get(row.client_id, "") for row in people}
    form = _form(request, session.facility, people, initial=initial_of(session, rows), session=session)
    conflicts.meet(request, form, row=session)
    if request.method == "POST" and form.is_valid():
        try:
            sessions.change(
                by=request.user,
                session=session,
                edit=as_met(request, session),
                data=form.data_of(),
                treatments=form.chosen(),
            )
        except Refused as refusal:
            refusal.add_to(form)
        else:
            messages.success(request, _("The session has been changed."))
            return redirect("clients:session", pk)
    return render(
        request, "clients/session_form.html", {"form": form, "facility": session.facility, "session": session}
    )


@require_POST
def cancel(request: Request, pk: int) -> HttpResponse:
    """Undone by `take_up`, on the page that follows."""
    session = session_for(request.user, pk, Permission.TREAT)
    try:
        sessions.cancel(by=request.user, session=session, reason=request.POST.get("reason", "")[:250])
    except Refused as refusal:
        messages.error(request, refusal.messages[0])
    else:
        back = reverse("clients:session", args=[pk])
        undo.offer(request, _("The session is cancelled."), "sessions.cancelled", back=back, session=pk)
    return redirect("clients:session", pk)


@require_POST
def take_up(request: Request, pk: int) -> HttpResponse:
    session = session_for(request.user, pk, Permission.TREAT)
    try:
        sessions.take_up(by=request.user, session=session)
    except Refused as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, _("The session is planned again."))
    return redirect("clients:session", pk)


def _people(facility: Facility) -> dict:
    rows = list(queries.open_at(facility))
    names = masked_names(row.client for row in rows)
    return {row: names.get(row.client_id, "") for row in rows}


def _form(request: Request, facility: Facility, people: dict, *, initial: dict, session=None) -> SessionForm:
    leaders = queries.leaders(facility)
    if session is not None:  # who led it stays in the list after leaving the facility
        leaders = leaders | type(session.led_by).objects.filter(pk=session.led_by_id)
    data = request.POST if request.method == "POST" else None
    return SessionForm(data, people=people, leaders=leaders, again=session is None, initial=initial)


def _initial(request: Request, people: dict) -> dict:
    """Today at the next hour, led by oneself; as an earlier session was where the address names one."""
    now = timezone.localtime()
    fresh = {"held_on": now.date(), "starts_at": f"{min(now.hour + 1, 23):02d}:00", "led_by": request.user.pk}
    like = request.GET.get("seperti", "")
    if like.isascii() and like.isdecimal() and len(like) < 19:
        held = Session.objects.visible_to(request.user, Permission.TREAT).filter(pk=int(like)).first()
        if held:
            return initial_of(held, held.attendances.all()) | {"held_on": max(now.date(), held.held_on + WEEK)}
    code = request.GET.get("klien", "")
    chosen = [row.pk for row in people if row.client.code == code]
    return fresh | ({"treatments": chosen, "kind": "individual"} if chosen else {})


def as_met(request: Request, row: Session | TreatmentPlan) -> int:
    """The state that may be saved over: the one that stands, once `conflicts.meet` has compared it with what was opened."""
    return row.edit if request.POST.get(conflicts.FIELD) else edit_of(request)


def edit_of(request: Request) -> int:
    """The state of the session that the form was made from; nonsense is older than any."""
    text = request.POST.get("edit", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0
