"""Reports that wait for a person, as Hari ini shows them."""

import pytest
from django.urls import reverse

from rehab.roles import Role
from reports.actions import workflow
from reports.enums import ReportStatus
from reports.models import Report
from reports.queries.waiting import waiting_for
from tests.factories import unit, user
from tests.reports.ready import approved, people, province, quiet, ready, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sent(monkeypatch):
    return quiet(monkeypatch)


@pytest.fixture
def where():
    return province(1)[0]


def told(person) -> list[tuple[str, str]]:
    return [(each.report.unit.code, each.to) for each in waiting_for(person, 10)]


def test_each_step_waits_for_its_people(where):
    staff, head = people(where)
    report = ready(where)
    assert (told(staff), told(head)) == ([("BNNP-53", "submitted")], [])
    report = submitted(where, report)
    assert (told(staff), told(head)) == ([], [("BNNP-53", "approved")])
    report = workflow.send_back(by=head, report=report, edit=report.edit, comment="x")
    assert (told(staff), told(head)) == ([("BNNP-53", "submitted")], [])
    approved(where, head, report)
    assert (told(staff), told(head)) == ([], [("BNNP-53", "sealed")])


def test_what_one_submitted_oneself_waits_for_somebody_else(where):
    _, head = people(where)
    other = user(Role.SIGNATORY, where)
    report = ready(where)
    workflow.submit(by=head, report=report, edit=report.edit)
    assert (told(head), told(other)) == ([], [("BNNP-53", "approved")])


def test_a_unit_with_nobody_of_its_own_is_served_from_above(where):
    above = user(Role.SIGNATORY, where.parent or unit("BNN"))
    submitted(where)
    assert told(above) == [("BNNP-53", "approved")]
    user(Role.SIGNATORY, where)
    assert told(user(Role.SIGNATORY, where.parent or unit("BNN"))) == []


def test_others_are_told_of_nothing(where):
    ready(where)
    assert told(user(Role.UNIT_STAFF, unit("BNNP-51"))) == told(user(Role.ANALYST, unit("BNN"))) == []


def test_the_number_of_queries_does_not_grow(where, django_assert_max_num_queries):
    _, head = people(where)
    submitted(where)
    with django_assert_max_num_queries(9) as one:
        waiting_for(head, 10)
    for code in ("BNNK-5371", "BNNK-5302"):
        submitted(unit(code))
    fresh = type(head).objects.get(pk=head.pk)
    with django_assert_max_num_queries(len(one)):
        assert len(waiting_for(fresh, 10)) == 3


def test_hari_ini_shows_them(client, where):
    staff, head = people(where)
    report = submitted(where)
    client.force_login(head)
    text = client.get(reverse("today")).content.decode()
    assert "Setujui laporan Tahun 2019" in text
    assert "diajukan oleh" in text
    workflow.send_back(by=head, report=report, edit=report.edit, comment="x")
    client.force_login(staff)
    assert "Perbaiki laporan Tahun 2019" in client.get(reverse("today")).content.decode()
    Report.objects.update(status=ReportStatus.READY)
    assert "Ajukan laporan Tahun 2019" in client.get(reverse("today")).content.decode()
