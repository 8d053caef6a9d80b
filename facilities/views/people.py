"""Accounts below one's unit: who there is, a new one, its invitation, switching it off and on."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from facilities import roster
from facilities.access import facility_for, people_for, permitted, person_for, unit_for
from facilities.actions import people
from facilities.forms.details import ReasonForm
from facilities.forms.fields import accepted
from facilities.forms.people import NewPersonForm, PeopleFilter
from rehab import keyset
from rehab.errors import Refused
from rehab.http import Request
from rehab.models import User
from rehab.once import once
from rehab.roles import ROLES, Permission, Role


@permitted(Permission.MANAGE_PEOPLE)
def listing(request: Request) -> HttpResponse:
    form = PeopleFilter(request.GET, user=request.user)
    found = roster.people(request.user, **form.cleaned_data) if form.is_valid() else people_for(request.user).none()
    page, count = keyset.counted_page(request, found, "name", "pk", whole=User.objects.all())
    roster.with_posts(request.user, page.rows)
    return render(request, "facilities/people.html", {"form": form, "page": page, "count": count})


@permitted(Permission.MANAGE_PEOPLE)
def person(request: Request, pk: int) -> HttpResponse:
    found = person_for(request.user, pk)
    posts = list(roster.posts_within(request.user).filter(user=found).order_by("-starts_on", "-pk"))
    today = timezone.localdate()
    for post in posts:
        post.sentence = ROLES[Role(post.role)].sentence
    context = {
        "person": found,
        "posts": [post for post in posts if post.ends_on is None or post.ends_on > today],
        "ended": [post for post in posts if post.ends_on and post.ends_on <= today],
        "elsewhere": found.postings.on(today).exclude(pk__in=[post.pk for post in posts]).count(),
        "oneself": found.pk == request.user.pk,
        "two_step": roster.two_step(request.user, found),
        "invited_only": not found.has_usable_password(),
        **roster.qualifications(request.user, found),
    }
    return render(request, "facilities/person.html", context)


@once
@permitted(Permission.MANAGE_PEOPLE)
def create(request: Request) -> HttpResponse:
    form = NewPersonForm(request.POST or None, user=request.user, initial={"place": request.GET.get("place", "")})
    made: list[User] = []

    def act(**facts):
        made.append(people.create(by=request.user, **facts))

    if accepted(request, form, act):
        _send(request, made[0])
        return redirect("facilities:person", made[0].pk)
    return render(request, "facilities/create_person.html", {"form": form})


@require_POST
@permitted(Permission.MANAGE_PEOPLE)
def invite(request: Request, pk: int) -> HttpResponse:
    found = person_for(request.user, pk)
    _send(request, found)
    return redirect("facilities:person", found.pk)


def _send(request: Request, person: User) -> None:
    """In the demo nothing is really mailed, so the link is said on the page."""
    try:
        link = people.invite(by=request.user, user=person, site=request.build_absolute_uri("/"))
    except Refused as refusal:
        messages.error(request, " ".join(refusal.messages))
        return
    messages.success(request, _("An invitation was sent to %(email)s.") % {"email": person.email})
    if settings.DEMO:
        messages.info(request, _("Demo: the link in the e-mail is %(link)s") % {"link": link})


@permitted(Permission.MANAGE_PEOPLE)
def deactivate(request: Request, pk: int) -> HttpResponse:
    found = person_for(request.user, pk)
    form = ReasonForm(request.POST or None)
    if accepted(request, form, lambda **facts: people.deactivate(by=request.user, user=found, **facts)):
        messages.success(request, _("The account is switched off."))
        return redirect("facilities:person", found.pk)
    return render(request, "facilities/deactivate.html", {"person": found, "form": form})


@permitted(Permission.MANAGE_PEOPLE)
def reactivate(request: Request, pk: int) -> HttpResponse:
    found = person_for(request.user, pk)
    form = ReasonForm(request.POST or None)
    if accepted(request, form, lambda **facts: people.reactivate(by=request.user, user=found, **facts)):
        messages.success(request, _("The account works again."))
        return redirect("facilities:person", found.pk)
    return render(request, "facilities/reactivate.html", {"person": found, "form": form})


@permitted(Permission.MANAGE_PEOPLE)
def access(request: Request, code: str) -> HttpResponse:
    found = facility_for(request.user, code, Permission.MANAGE_PEOPLE)
    return render(request, "facilities/access.html", {"place": found, "rows": roster.access_at(found)})


@permitted(Permission.MANAGE_PEOPLE)
def unit_access(request: Request, code: str) -> HttpResponse:
    found = unit_for(request.user, code, Permission.MANAGE_PEOPLE)
    return render(request, "facilities/access.html", {"place": found, "rows": roster.access_at(found)})
