"""Reads whose plan the database keeps."""

from datetime import date

import pytest
from django.db import connection

from rehab import prepared
from rehab.models import User
from rehab.readonly import WriteOnRead, select_only
from tests import factories

pytestmark = pytest.mark.django_db


def people(*keys):
    return User.objects.filter(pk__in=keys).order_by("pk").values_list("pk", "name")


def test_the_rows_are_those_of_the_queryset_each_time():
    users = [factories.user(), factories.user()]
    User.objects.filter(pk=users[0].pk).update(name="Rina 100% Contoh")
    keys = [user.pk for user in users]
    for _ in range(8):
        assert prepared.rows(("people", *keys), lambda: people(*keys)) == list(people(*keys))


def test_whose_and_when_are_asked_and_how_many_stands_in_the_text():
    read = prepared.Read(
        "SELECT %s, %s WHERE 'x' LIKE '%%' AND 'a' = %s LIMIT %s", (7, date(2026, 11, 2), "it's", 3), "x"
    )
    assert read.text == "SELECT $1, $2 WHERE 'x' LIKE '%' AND 'a' = 'it''s' LIMIT 3"
    assert (read.kinds, read.asked) == (["integer", "date"], [7, date(2026, 11, 2)])


def test_two_persons_with_the_same_duties_share_a_plan():
    one, other = (prepared.Read(*people(key).query.sql_with_params(), "people") for key in (1, 2))
    assert one.name == other.name
    one.rows(), other.rows()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name = %s", [one.name])
        assert cursor.fetchone() == (1,)


def test_a_new_connection_prepares_again():
    read = prepared.Read("SELECT %s", (1,), "one")
    assert read.rows() == [(1,)]
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    prepared._known.clear()
    assert read.rows() == [(1,)]


def test_a_connection_keeps_only_so_many(monkeypatch):
    monkeypatch.setattr(prepared, "MOST", 2)
    assert [prepared.Read(f"SELECT {n}", (), "n").rows() for n in range(5)] == [[(n,)] for n in range(5)]


def test_behind_a_pool_each_read_is_planned_anew(settings, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    user = factories.user()
    assert prepared.rows(("pool", user.pk), lambda: people(user.pk)) == [(user.pk, user.name)]
    assert ("pool", user.pk) not in prepared._kept


def test_only_what_reads_is_prepared_and_a_get_may_execute_it():
    with pytest.raises(ValueError, match="reads"):
        prepared.Read("DELETE FROM rehab_user", (), "x")
    read = prepared.Read("SELECT %s", (1,), "one")
    with select_only():
        assert read.rows() == [(1,)]
        with pytest.raises(WriteOnRead), connection.cursor() as cursor:
            cursor.execute("EXECUTE other")
