"""Giving and ending posts, and choosing the one that one works at now."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from facilities import roster
from facilities.access import at_work, one_of, permitted, person_for
from facilities.actions import postings
from facilities.forms.fields import accepted
from facilities.forms.people import EndPostForm, ExistingPersonForm, PostForm
from facilities.middleware import SESSION_KEY
from rehab import undo
from rehab.http import Request
from rehab.once import once
from rehab.roles import Permission


@once
@permitted(Permission.MANAGE_PEOPLE)
def give(request: Request, pk: int) -> HttpResponse:
    found = person_for(request.user, pk)
    form = PostForm(request.POST or None, user=request.user)
    if accepted(request, form, lambda **facts: postings.give(by=request.user, user=found, **facts)):
        messages.success(request, _("%(name)s has the post.") % {"name": found.name})
        return redirect("facilities:person", found.pk)
    return render(request, "facilities/give_post.html", {"person": found, "form": form})


@once
@permitted(Permission.MANAGE_PEOPLE)
def give_by_email(request: Request) -> HttpResponse:
    """For someone whose account was made elsewhere: the admin has to know the whole address."""
    form = ExistingPersonForm(request.POST or None, user=request.user)

    def act(*, email, **facts):
        postings.give(by=request.user, user=form.person, **facts)

    if accepted(request, form, act):
        messages.success(request, _("%(name)s has the post.") % {"name": form.person.name})
        return redirect("facilities:person", form.person.pk)
    return render(request, "facilities/give_by_email.html", {"form": form})


@permitted(Permission.MANAGE_PEOPLE)
def end(request: Request, pk: int) -> HttpResponse:
    post = one_of(roster.posts_within(request.user), pk)
    form, before = EndPostForm(request.POST or None), post.ends_on
    if accepted(request, form, lambda **facts: postings.end(by=request.user, posting=post, **facts)):
        undo.offer(
            request, _("The post has an end now."), "posts.ended",
            back=reverse("facilities:person", args=[post.user_id]), post=pk,
            ended_on=form.cleaned_data["ends_on"].isoformat(), ends_on=before.isoformat() if before else "",
        )  # fmt: skip
        return redirect("facilities:person", post.user_id)
    return render(request, "facilities/end_post.html", {"post": post, "person": post.user, "form": form})


@require_POST
def switch(request: Request) -> HttpResponse:
    """Work as another one of one's own posts of today."""
    chosen = next((post for post in at_work(request.user).posts if str(post.pk) == request.POST.get("post")), None)
    if chosen is None:
        raise Http404
    request.session[SESSION_KEY] = chosen.pk
    back = request.POST.get("next", "")
    return redirect(back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "home")
