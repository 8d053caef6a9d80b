from datetime import datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from rehab import sessions
from tests import factories

pytestmark = pytest.mark.django_db


def test_all_sessions_of_one_person_end_and_nobody_elses():
    rina, other = factories.user(), factories.user()
    for person in (rina, rina, other):
        Client().force_login(person)

    assert sessions.end_all(rina) == 2
    assert [row.get_decoded()["_auth_user_id"] for row in Session.objects.all()] == [str(other.pk)]


def test_a_session_is_written_once_a_minute_and_when_it_changes(client):
    client.force_login(factories.user())
    written = Session.objects.get()

    def open_page() -> datetime:
        client.get("/")
        return Session.objects.get().expire_date

    assert open_page() == written.expire_date
    Session.objects.update(expire_date=written.expire_date - timedelta(minutes=2))
    extended = open_page()
    assert extended >= written.expire_date
    store = sessions.SessionStore(written.pk)
    store["post"] = 1
    store.save()
    assert sessions.SessionStore(written.pk)["post"] == 1


def test_an_idle_session_ends(client):
    client.force_login(factories.user())
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert client.get("/hari-ini/").status_code == 302
