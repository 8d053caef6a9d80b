from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

from rehab import env
from rehab.embedded import client, commands


@pytest.mark.parametrize(
    "arguments",
    [
        ["score", "assist", "-"],
        ["check_release", "figures.csv"],
        ["makemessages", "-l", "id"],
        ["help"],
        [],
        ["check"],
        ["migrate", "--help"],
        ["--version"],
        ["collectstatic", "--noinput"],
    ],
)
def test_commands_that_answer_from_files_start_no_server(arguments, tmp_path):
    environment = {}
    assert client.prepare(arguments, environment, tmp_path / "run") is None
    assert not (tmp_path / "run").exists()
    # The settings can be read all the same.
    assert environment["TITIAN_ENV"] == "development"
    assert environment["DATABASE_URL"].startswith("postgresql://titian_app@/titian?host=")


@pytest.mark.parametrize(
    "arguments", [["migrate"], ["realization", "--unit", "BNN"], ["check", "--database", "default"]]
)
def test_other_commands_need_the_database(arguments):
    assert commands.needs_database(arguments)


@pytest.mark.parametrize(
    ("arguments", "owner"),
    [(["migrate"], True), (["demo"], True), (["simulate"], True), (["realization"], False), (["runserver"], False)],
)
def test_only_commands_that_change_tables_are_the_owner(arguments, owner):
    assert commands.needs_owner(arguments) is owner


def test_every_named_command_is_one_of_django_s_or_ours_to_come():
    ours_to_come = {"demo", "simulate", "score", "check_release"}
    named = commands.WITHOUT_DATABASE | commands.AS_OWNER
    assert named - set(get_commands()) - ours_to_come - {"help", "version"} == set()


@pytest.mark.parametrize("environment", [{"DATABASE_URL": "postgresql:///elsewhere"}, {"TITIAN_ENV": "production"}])
def test_nothing_is_started_or_assumed_where_a_database_is_named_or_in_production(environment, tmp_path):
    given = dict(environment)
    assert client.prepare(["realization"], environment, tmp_path / "run") is None
    assert environment == given
    assert not (tmp_path / "run").exists()


def test_the_owner_s_commands_are_the_owner_in_production_too(tmp_path):
    environment = {"DATABASE_URL": "postgresql:///elsewhere"}
    client.prepare(["migrate"], environment, tmp_path)
    assert environment["TITIAN_DB_ROLE"] == "owner"


def test_a_folder_with_unusual_characters_survives_the_address(monkeypatch):
    environment = {}
    state = Path("/srv/a b%c&d/.run")
    client.prepare(["help"], environment, state)
    monkeypatch.setenv("DATABASE_URL", environment["DATABASE_URL"])
    assert env.database("DATABASE_URL")["HOST"] == str(state / "s")


def test_tests_run_as_the_owner_on_a_database_of_their_own(db):
    assert settings.DATABASES["default"]["USER"] == "titian_owner"
    assert settings.DATABASES["default"]["NAME"].startswith("test_titian")
