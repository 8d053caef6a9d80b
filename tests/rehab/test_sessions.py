import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from rehab import sessions
from tests import factories

pytestmark = pytest.mark.django_db


def test_all_sessions_of_one_person_end_and_nobody_elses():
    rina, other = factories.user(), factories.user()
    for person in (rina, rina, other):
        Client().force_login(person)

    assert sessions.end_all(rina) == 2
    assert [row.get_decoded()["_auth_user_id"] for row in Session.objects.all()] == [str(other.pk)]
