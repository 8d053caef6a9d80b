"""A sealed report never changes: the action says no, and so does the database."""

from datetime import date

import pgtrigger
import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import DatabaseError, transaction

from facilities.models import Facility
from rehab.errors import Refused
from rehab.models import AuditEvent
from reports.actions import building, sealing, workflow
from reports.actions.checks import Outdated
from reports.enums import ReportStatus
from reports.models import Report, ReportLine, ReportRun, RunCount, RunMember
from reports.paper import report_pdf
from reports.queries.digests import digest
from reports.stored import report_data
from tests.factories import unit
from tests.reports import makers
from tests.reports.ready import approved, people, province, quiet, ready, sealed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sent(monkeypatch):
    return quiet(monkeypatch)


@pytest.fixture
def where():
    return province(2)[0]


def test_the_signatory_seals_and_the_hash_can_be_recomputed(where):
    _, head = people(where)
    report = sealed(where, head)
    assert (report.status, report.sealed_by, len(report.digest)) == (ReportStatus.SEALED, head, 64)
    assert digest(Report.objects.get(pk=report.pk)) == report.digest
    assert AuditEvent.objects.get(verb="report.sealed").data == {"digest": report.digest}
    assert report_data(report)["signature"]["name"] == "Theresia Contoh"


def test_who_builds_does_not_seal(where):
    staff, head = people(where)
    report = approved(where, head)
    with pytest.raises(PermissionDenied):
        sealing.seal(by=staff, report=report, edit=report.edit)


def test_the_signatory_of_another_unit_does_not_seal(where):
    _, other = people(unit("BNNP-51"))
    report = approved(where, people(where)[1])
    with pytest.raises(PermissionDenied):
        sealing.seal(by=other, report=report, edit=report.edit)


def test_what_changed_since_it_was_read_is_not_sealed(where):
    _, head = people(where)
    opened = approved(where, head)
    workflow.send_back(by=head, report=opened, edit=opened.edit, comment="Sebentar")
    approved(where, head, Report.objects.get())
    with pytest.raises(Outdated):
        sealing.seal(by=head, report=opened, edit=opened.edit)


def test_a_report_is_sealed_once(where):
    _, head = people(where)
    report = sealed(where, head)
    with pytest.raises(Refused, match="disegel"):
        sealing.seal(by=head, report=report, edit=report.edit)


@pytest.mark.parametrize(
    "change",
    [
        lambda: Report.objects.update(header={}),
        lambda: Report.objects.update(status=ReportStatus.READY),
        lambda: ReportLine.objects.update(realised=60),
        lambda: ReportLine.objects.all().delete(),
        lambda: RunMember.objects.first().delete(),
        lambda: RunCount.objects.all().delete(),
        lambda: ReportLine.objects.create(
            report=Report.objects.get(), position=99, indicator="x", definition_version=1, title="x", measure="x", source="counted"
        ),
        lambda: Report.objects.all()._raw_delete("default"),
    ],
)  # fmt: skip
def test_the_database_itself_keeps_what_is_sealed(where, change):
    makers.counted(Facility.objects.get(unit=where), date(2018, 8, 8))
    _, head = people(where)
    sealed(where, head)
    with pytest.raises(DatabaseError, match="is sealed"), transaction.atomic():
        change()


@pytest.mark.parametrize(
    "change",
    [
        lambda: RunMember.objects.update(person_id=None),
        lambda: RunCount.objects.update(members=60),
        lambda: ReportRun.objects.update(status="asked", cut_off=None),
        lambda: RunMember.objects.create(
            run=ReportRun.objects.get(), indicator="x", source="x", source_id=1, unit_id=1, counted_on=date(2019, 1, 1)
        ),
        lambda: RunCount.objects.create(
            run=ReportRun.objects.get(), indicator="x", unit_id=1, first=date(2019, 1, 1), members=1
        ),
    ],
)
def test_what_a_run_wrote_down_never_changes_even_before_the_seal(where, change):
    makers.counted(Facility.objects.get(unit=where), date(2018, 8, 8))
    ready(where)
    with pytest.raises(DatabaseError, match="is cut"), transaction.atomic():
        change()


def test_a_row_cannot_be_moved_out_of_a_sealed_report(where):
    _, head = people(where)
    report = sealed(where, head)
    other = ready(unit("BNNP-51"))
    with pytest.raises(DatabaseError, match="is sealed"), transaction.atomic():
        ReportLine.objects.filter(report=report).update(report=other)
    with pytest.raises(DatabaseError, match="is sealed"), transaction.atomic():
        ReportLine.objects.filter(report=other).update(report=report)


def test_a_sealed_report_is_not_built_again(where):
    _, head = people(where)
    report = sealed(where, head)
    assert building.build(report_id=report.pk) is False


def test_its_paper_is_the_same_to_the_byte_at_any_later_day(where):
    _, head = people(where)
    report = sealed(where, head)
    before = report_pdf(report_data(report))
    head.name = "Nama Lain"
    head.save()
    where.name = "BNNP Lain"
    where.save()
    makers.counted(Facility.objects.get(unit=where), date(2019, 8, 8))
    assert report_pdf(report_data(Report.objects.get(pk=report.pk))) == before


def test_verify_report_tells_a_change_made_behind_the_triggers(where, capsys):
    _, head = people(where)
    report = sealed(where, head)
    call_command("verify_report", "--all")
    assert "sesuai segel" in capsys.readouterr().out
    with pgtrigger.ignore():
        ReportLine.objects.filter(indicator="clients_rehabilitated").update(realised=60)
    with pytest.raises(SystemExit) as left:
        call_command("verify_report", str(report.pk))
    assert left.value.code == 1
    assert "BERUBAH" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["1", "--all"], ["999999"], ["x"]])
def test_verify_report_says_in_one_line_what_it_did_not_understand(capsys, arguments):
    with pytest.raises(SystemExit) as left:
        call_command("verify_report", *arguments)
    assert left.value.code == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
