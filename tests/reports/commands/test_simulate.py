"""`manage.py simulate` at the edge: what it refuses, and that its logins sign in."""

import pytest
from django.core.management import call_command
from django.test import Client as Browser

from clients.models import Client, Episode
from facilities.models import Posting
from rehab.demo import PASSWORD
from rehab.roles import Role
from reports.management.commands import simulate as command
from reports.simulation.staff import LOGINS
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_vacuum(monkeypatch):
    """It cannot run in a test's transaction."""
    monkeypatch.setattr(command.load, "vacuum", lambda: None)


def refused(capsys, **options) -> str:
    with pytest.raises(SystemExit) as end:
        call_command("simulate", **options)
    assert end.value.code == 2
    told = capsys.readouterr().err.strip()
    assert told.count("\n") == 0
    return told


def test_a_database_with_clients_is_left_alone(capsys):
    factories.client()
    assert "--add" in refused(capsys, episodes=50)
    assert Client.objects.count() == 1


@pytest.mark.parametrize(("production", "testing"), [(True, True), (False, False)])
def test_production_never_gets_invented_people(settings, capsys, production, testing):
    settings.PRODUCTION, settings.TESTING, settings.DEMO = production, testing, False
    assert "TITIAN_DEMO" in refused(capsys, episodes=50)
    assert not Client.objects.exists()


@pytest.mark.parametrize("wrong", ["0", "-3", "many"])
def test_a_number_that_is_none_is_one_line(capsys, wrong):
    with pytest.raises(SystemExit) as end:
        call_command("simulate", "--episodes", wrong)
    assert end.value.code == 2
    assert capsys.readouterr().err.strip().count("\n") == 0


def test_it_tells_logins_and_they_sign_in(capsys):
    call_command("simulate", "--episodes", "60", "--years", "2", "--today", "2026-03-31", "--processes", "1")
    out = capsys.readouterr().out
    assert Episode.objects.count() == 60
    assert all(login.username in out for login in LOGINS)
    assert {login.role for login in LOGINS} == set(Role)
    assert Posting.objects.filter(user__username="sim.staf.prov", unit__code="BNNP-53").exists()
    browser = Browser()
    assert browser.login(username="sim.staf.prov", password=PASSWORD)
    assert browser.get("/capaian/", follow=True).status_code == 200
