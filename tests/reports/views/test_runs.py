"""The page that asks for the reports of all units at once, and the one that tells how far they are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from facilities.models import Unit
from rehab import once
from rehab.roles import Role
from reports.actions import building, runs
from reports.enums import ReportStatus
from reports.models import Report, ReportRun
from reports.queries.due import waiting_reports
from tests.factories import facility, unit, user
from tests.reports.ready import YEAR, cut, quiet

pytestmark = pytest.mark.django_db
ASKED = {"kind": "year", "month": "1", "year": "2019"}


@pytest.fixture(autouse=True)
def sent(monkeypatch):
    return quiet(monkeypatch)


@pytest.fixture
def where() -> Unit:
    return unit("BNNK-5371").parent


@pytest.fixture
def staff(where, client):
    person = user(Role.UNIT_STAFF, where)
    client.force_login(person)
    return person


def page(name: str, *args) -> str:
    return reverse(f"reports:{name}", args=args)


def asked(where) -> ReportRun:
    return runs.ask(by=None, unit=where, period=YEAR)


def finish(run: ReportRun) -> None:
    for report in waiting_reports().filter(run=run):
        building.build(report_id=report.pk)


def test_asking_leads_to_the_run_and_a_second_click_to_the_same(client, where, staff):
    assert page("ask_tree") in client.get(page("list")).content.decode()
    posted = ASKED | {"unit": where.pk, once.FIELD: once.issue()}
    first, second = client.post(page("ask_tree"), posted), client.post(page("ask_tree"), posted)
    assert first.url == second.url == page("run", ReportRun.objects.get().pk)
    assert Report.objects.count() == 2
    assert "Semua sedang dihitung" in client.get(first.url).content.decode()


def test_what_cannot_be_asked_is_said_beside_the_field(client, where, staff):
    response = client.post(page("ask_tree"), ASKED | {"unit": where.pk, "year": "2098"})
    assert "belum dimulai" in response.content.decode()
    foreign = client.post(page("ask_tree"), ASKED | {"unit": unit("BNNP-51").pk})
    assert "invalid-feedback" in foreign.content.decode()
    assert not ReportRun.objects.exists()


def test_the_part_that_is_polled_counts_up_and_ends_with_the_whole_page(client, where, staff):
    run = asked(where)
    part = client.get(page("run_progress", run.pk))
    assert "Semua sedang dihitung" in part.content.decode()
    assert "HX-Refresh" not in part
    cut(run)
    building.build(report_id=run.reports.first().pk)
    part = client.get(page("run_progress", run.pk))
    assert "1 dari 2 laporan siap" in part.content.decode()
    finish(run)
    part = client.get(page("run_progress", run.pk))
    assert ("2 dari 2 laporan siap" in part.content.decode(), part["HX-Refresh"]) == (True, "true")
    assert "hx-get" not in part.content.decode()


def test_what_failed_is_named_and_tried_again_together(client, where, staff):
    run = asked(where)
    cut(run)
    failed = run.reports.get(unit=where)
    Report.objects.filter(pk=failed.pk).update(status=ReportStatus.FAILED, error="PartsDiffer")
    finish(run)
    shown = client.get(page("run", run.pk)).content.decode()
    assert "PartsDiffer" in shown
    assert "Coba lagi yang gagal" in shown
    again = client.post(page("run_again", run.pk))
    failed.refresh_from_db()
    assert again.url == page("run", failed.run_id)
    assert failed.run_id != run.pk
    assert failed.status == ReportStatus.ASKED


def test_others_do_not_learn_of_it(client, where):
    run = asked(where)
    client.force_login(user(Role.UNIT_STAFF, unit("BNNP-51")))
    assert client.get(page("run", run.pk)).status_code == 404
    assert client.post(page("run_again", run.pk)).status_code == 404
    client.force_login(user(Role.COUNSELOR, facility()))
    assert client.get(page("run", run.pk)).status_code == 403


def test_the_page_costs_the_same_for_one_and_three(client, where, staff):
    small = asked(unit("BNNK-5371"))
    for code in ("BNNK-5372", "BNNK-5373"):
        unit(code)
    large = asked(where)
    counts = []
    for run in (small, small, large):
        with CaptureQueriesContext(connection) as queries:
            client.get(page("run", run.pk))
        counts.append(len(queries))
    assert counts[1] == counts[2] <= 12
