import threading

import pytest
from django.db import connection

from clients.actions import consents
from clients.enums import ConsentScope
from rehab.roles import Role
from tests import factories


@pytest.mark.django_db(transaction=True)
def test_consents_given_at_once_leave_one_in_force():
    """Else taking it back would leave another one behind."""
    episode = factories.episode()
    place, client = episode.responsible_facility, episode.client
    people = [factories.user(Role.CLERK, place) for _ in range(3)]
    ready = threading.Barrier(3)

    def work(by):
        ready.wait()
        try:
            consents.give(by=by, client=client, facility=place, scope=ConsentScope.REFERRAL)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(by,)) for by in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert client.consents.filter(ends_on=None, revoked_at=None).count() == 1
