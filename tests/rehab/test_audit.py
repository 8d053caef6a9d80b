"""The audit trail: sealed in a chain, and not to be altered by the application's role."""

import pytest
from django.db import ProgrammingError, connection, transaction

from rehab import audit
from rehab.models import AuditEvent, AuditSeal
from tests import factories
from tests.rehab.sealing import seal

pytestmark = pytest.mark.django_db


@pytest.fixture
def events(django_db_setup, transactional_db):
    for number in range(3):
        audit.record("test.done", by=None, subject="test", data={"number": number})


def test_seal_chains_what_is_committed(events):
    first = seal()
    audit.record("test.done", by=None, subject="test")
    second = seal()
    assert (first.count, second.count, second.previous) == (3, 1, first.digest)
    assert list(audit.breaks()) == []


def test_seal_without_new_events_makes_no_link(events):
    seal()
    assert audit.seal() is None
    assert AuditSeal.objects.count() == 1


def test_an_altered_event_breaks_the_chain(events):
    link = seal()
    AuditEvent.objects.filter(id=link.first_id).update(verb="test.other")
    assert [found.seal_id for found in audit.breaks()] == [link.pk]


def test_a_removed_event_breaks_the_chain(events):
    link = seal()
    AuditEvent.objects.filter(id=link.last_id).delete()
    assert [found.what for found in audit.breaks()] == ["holds 2 events, sealed were 3"]


def test_the_application_role_cannot_alter_the_trail_or_history(app_role):
    user = factories.user()
    audit.record("test.done", by=user, subject=user)
    for statement in (
        "UPDATE rehab_auditevent SET verb = 'x'",
        "DELETE FROM rehab_auditevent",
        "TRUNCATE rehab_auditevent",
        "UPDATE rehab_userevent SET name = 'x'",
        "DELETE FROM rehab_auditseal",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
