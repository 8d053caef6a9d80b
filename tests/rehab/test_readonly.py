"""A GET changes nothing."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.urls import reverse

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
        "SELECT * FROM rehab_formtoken FOR KEY SHARE",
        "SELECT * FROM rehab_formtoken FOR SHARE",
        "SELECT token INTO copied FROM rehab_formtoken",
        "SELECT nextval('clients_code')",
        "SELECT pg_advisory_lock(1)",
        "SELECT 1; TRUNCATE rehab_formtoken",
        "SELECT 1;DELETE\nFROM rehab_formtoken",
        "MERGE INTO rehab_formtoken USING (SELECT 1) x ON false WHEN NOT MATCHED THEN DO NOTHING",
        "WITH x AS (MERGE INTO rehab_formtoken USING (SELECT 1) y ON false WHEN MATCHED THEN DELETE) SELECT 1",
        "TRUNCATE rehab_formtoken",
        'DELETE FROM "rehab_cache" WHERE true; DELETE FROM rehab_formtoken',
        'DELETE FROM "rehab_cached"',
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


def test_counts_of_attempts_may_go_on_and_run_out():
    with select_only():
        assert cache.add("a-count", 1, timeout=60)
        assert cache.incr("a-count") == 2
        cache.set("a-count", 3, timeout=-1)
        assert cache.get("a-count") is None


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_the_sign_in_page_answers_whoever_looks_whether_it_is_there(client, method):
    assert getattr(client, method)(reverse("account_login")).status_code == 200
