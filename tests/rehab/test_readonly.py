"""A GET changes nothing."""

import pytest
from django.db import connection

from rehab import audit
from rehab.models import AuditEvent, FormToken
from rehab.readonly import WriteOnRead, select_only
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO rehab_formtoken (token, user_id, location) VALUES ('a', 1, '')",
        "UPDATE rehab_formtoken SET location = ''",
        "DELETE FROM rehab_formtoken",
        "WITH gone AS (DELETE FROM rehab_formtoken RETURNING 1) SELECT * FROM gone",
        "SELECT * FROM rehab_formtoken FOR UPDATE",
        "TRUNCATE rehab_formtoken",
        "CREATE TABLE x (y int)",
    ],
)
def test_a_write_is_refused_while_reading(statement):
    with pytest.raises(WriteOnRead), select_only(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_reading_passes():
    with select_only():
        assert FormToken.objects.count() == 0


def test_the_record_of_a_read_is_the_one_exception():
    user = factories.user()
    with select_only():
        audit.record_read("identity.revealed", by=user, subject=user)
    assert AuditEvent.objects.filter(verb="identity.revealed", actor_id=user.pk).count() == 1
