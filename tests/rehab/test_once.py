"""A form posted twice is accepted once, also when both posts come at the same moment."""

import threading

import pytest
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import redirect
from django.test import RequestFactory
from django.urls import reverse

from rehab import audit
from rehab.models import AuditEvent, Draft, FormToken
from rehab.once import FIELD, issue, once
from tests import factories


@once
def view(request):
    if request.POST.get("wrong"):
        return HttpResponse("form with errors")
    Draft.objects.create(user=request.user, place=f"made-{Draft.objects.count()}", content=b"")
    return redirect("/made/")


def post(user, token, **data):
    request = RequestFactory().post("/", {FIELD: token} | data)
    request.user = user
    return view(request)


@pytest.mark.django_db
def test_the_second_post_leads_where_the_first_led():
    user, token = factories.user(), issue()
    assert [post(user, token)["Location"] for _ in range(3)] == ["/made/"] * 3
    assert Draft.objects.count() == 1


@pytest.mark.django_db
def test_a_form_shown_again_keeps_its_token():
    user, token = factories.user(), issue()
    assert post(user, token, wrong="1").content == b"form with errors"
    assert FormToken.objects.count() == 0
    assert post(user, token)["Location"] == "/made/"


@pytest.mark.django_db
def test_a_post_without_token_or_with_a_huge_one_is_not_guarded():
    user = factories.user()
    post(user, "")
    post(user, "x" * 5000)
    assert Draft.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_posts_at_the_same_moment_make_one_row():
    user, token = factories.user(), issue()
    answers = []

    def run():
        answers.append(post(user, token)["Location"])
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == ["/made/"] * 4
    assert Draft.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["\x00", "a b", "٣", "x" * 65])
def test_what_is_no_token_is_passed_over(token):
    assert post(factories.user(), token)["Location"] == "/made/"
    assert FormToken.objects.count() == 0


@pytest.mark.django_db
def test_a_token_that_somebody_else_used_up_does_nothing_and_tells_nothing():
    token = issue()
    post(factories.user(), token)
    assert post(factories.user(), token)["Location"] == reverse("home")
    assert Draft.objects.count() == 1


@pytest.mark.django_db
def test_a_look_recorded_while_the_form_is_shown_again_stays():
    user, token = factories.user(), issue()

    @once
    def shows(request):
        audit.record_read("identity.revealed", by=request.user, subject=request.user)
        return HttpResponse("form with errors")

    request = RequestFactory().post("/", {FIELD: token})
    request.user = user
    shows(request)
    assert AuditEvent.objects.filter(verb="identity.revealed", actor_id=user.pk).count() == 1
    assert FormToken.objects.count() == 0
