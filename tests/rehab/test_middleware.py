"""Headers, history's context, and the refusal to write on a GET."""

import tempfile

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from rehab import audit
from rehab.middleware import HistoryContext, ReadOnlyGet
from rehab.models import Draft, User
from rehab.readonly import WriteOnRead
from rehab.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


def test_pages_load_nothing_from_outside_and_are_not_kept(client):
    client.force_login(factories.user(Role.COUNSELOR, factories.facility()))
    response = client.get(reverse("today"))
    policy = response["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    assert response["Cache-Control"] == "no-store"


def test_a_view_that_writes_on_a_get_is_stopped():
    user = factories.user()

    def writes(request):
        Draft.objects.create(user=user, place="x", content=b"")
        return HttpResponse()

    with pytest.raises(WriteOnRead), transaction.atomic():
        ReadOnlyGet(writes)(RequestFactory().get("/"))
    assert ReadOnlyGet(writes)(RequestFactory().post("/")).status_code == 200


def test_history_says_who_and_in_which_request():
    user = factories.user()
    seen = []

    def renames(request):
        seen.append(audit.request_id.get())
        User.objects.filter(pk=user.pk).update(name="Nama Baru Contoh")
        return HttpResponse()

    request = RequestFactory().post("/")
    request.user = user
    HistoryContext(renames)(request)
    event = user.events.order_by("-pgh_id").first() if hasattr(user, "events") else None
    assert event is not None
    assert event.pgh_context["user"] == user.pk
    assert event.pgh_context["request"] == seen[0]


def test_a_raw_bulk_change_is_kept_in_history_too():
    user = factories.user(name="Nama Lama Contoh")
    User.objects.all().update(name="Nama Baru Contoh")
    names = list(user.events.order_by("pgh_id").values_list("name", flat=True))
    assert names == ["Nama Lama Contoh", "Nama Baru Contoh"]


def test_errors_too_carry_the_headers(client, monkeypatch):
    user = factories.user(Role.COUNSELOR, factories.facility())
    client.force_login(user)
    client.raise_request_exception = False
    monkeypatch.setattr("rehab.agenda.panels.today.collect", lambda *_: 1 / 0)
    answers = [
        client.get("/hari-ini/"),
        client.get("/tidak-ada/"),
        client.post("/tidak/ada/"),
        client.get("/klien/%00/"),
    ]
    assert [answer.status_code for answer in answers] == [500, 404, 404, 400]
    for answer in answers:
        assert answer["Content-Security-Policy"].startswith("default-src 'none'")
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"] == "no-store"


def test_a_nul_in_a_cookie_is_refused(client):
    client.cookies["sessionid"] = "abcdefgh\x00"
    assert client.get("/masuk/").status_code == 400


@pytest.mark.django_db
def test_a_full_disk_is_a_page_in_words_and_not_half_a_file(client, monkeypatch):
    """The kernel's own answer: /dev/full takes nothing."""
    client.force_login(factories.user(Role.UNIT_ADMIN, factories.unit()))
    with monkeypatch.context() as full:
        full.setattr(tempfile, "TemporaryFile", lambda **_: open("/dev/full", "w+b"))  # noqa: SIM115 (the view closes it)
        response = client.post(reverse("facilities:export"))
    assert response.status_code == 507
    assert "Server kehabisan tempat" in response.content.decode()
    assert "Content-Disposition" not in response
    assert client.post(reverse("facilities:export")).status_code == 200
