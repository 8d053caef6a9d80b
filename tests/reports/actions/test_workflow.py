"""From hand to hand: who submits, who returns and approves, and what is refused with a sentence."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from rehab.errors import Refused
from rehab.models import AuditEvent
from rehab.roles import Role
from reports import lifecycle
from reports.actions import asking, notes, sealing, workflow
from reports.actions.checks import Outdated
from reports.enums import ReportStatus
from reports.models import Report, ReportStep
from tests.factories import unit, user
from tests.reports.ready import approved, people, province, quiet, ready, sealed, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sent(monkeypatch):
    return quiet(monkeypatch)


@pytest.fixture
def where():
    return province(1)[0]


def test_the_whole_way_leaves_a_step_and_an_event_each(where):
    staff, head = people(where)
    report = ready(where)
    report = workflow.submit(by=staff, report=report, edit=report.edit, comment=" Mohon diperiksa ")
    report = workflow.send_back(by=head, report=report, edit=report.edit, comment="Kendala belum diisi")
    report = workflow.submit(by=staff, report=report, edit=report.edit)
    report = workflow.approve(by=head, report=report, edit=report.edit)
    report = sealing.seal(by=head, report=report, edit=report.edit)
    told = list(ReportStep.objects.order_by("pk").values_list("status", "taken_by", "comment"))
    assert told == [
        ("submitted", staff.pk, "Mohon diperiksa"),
        ("returned", head.pk, "Kendala belum diisi"),
        ("submitted", staff.pk, ""),
        ("approved", head.pk, ""),
        ("sealed", head.pk, ""),
    ]
    verbs = AuditEvent.objects.filter(verb__startswith="report.", actor_id__isnull=False).order_by("id")
    assert [event.verb.removeprefix("report.") for event in verbs] == [status for status, _, _ in told]
    assert verbs[1].reason == "Kendala belum diisi"


@pytest.mark.parametrize("comment", ["", "  \n "])
def test_nothing_goes_back_without_saying_what_is_to_be_mended(where, comment):
    _, head = people(where)
    report = submitted(where)
    with pytest.raises(Refused, match="diperbaiki") as refused:
        workflow.send_back(by=head, report=report, edit=report.edit, comment=comment)
    assert refused.value.field == "comment"
    assert Report.objects.get().status == ReportStatus.SUBMITTED


def test_a_comment_has_an_end(where):
    staff, _ = people(where)
    report = ready(where)
    with pytest.raises(Refused):
        workflow.submit(by=staff, report=report, edit=report.edit, comment="x" * (workflow.LONGEST + 1))
    assert not ReportStep.objects.exists()


def test_who_submitted_does_not_approve_but_may_take_it_back(where):
    _, head = people(where)
    other = user(Role.SIGNATORY, where)
    report = ready(where)
    report = workflow.submit(by=head, report=report, edit=report.edit)
    with pytest.raises(Refused, match="orang lain"):
        workflow.approve(by=head, report=report, edit=report.edit)
    assert workflow.approve(by=other, report=report, edit=report.edit).status == ReportStatus.APPROVED


def test_only_the_last_submission_binds(where):
    staff, head = people(where)
    report = ready(where)
    report = workflow.submit(by=head, report=report, edit=report.edit)
    report = workflow.send_back(by=head, report=report, edit=report.edit, comment="Biar staf yang mengajukan")
    report = workflow.submit(by=staff, report=report, edit=report.edit)
    assert workflow.approve(by=head, report=report, edit=report.edit).status == ReportStatus.APPROVED


def test_the_signatory_above_may_approve_and_one_beside_may_not(where):
    report = submitted(where)
    with pytest.raises(PermissionDenied):
        workflow.approve(by=user(Role.SIGNATORY, unit("BNNP-51")), report=report, edit=report.edit)
    above = user(Role.SIGNATORY, where.parent or unit("BNN"))
    assert workflow.approve(by=above, report=report, edit=report.edit).status == ReportStatus.APPROVED


@pytest.mark.parametrize("role", [Role.UNIT_STAFF, Role.UNIT_ADMIN, Role.ANALYST])
def test_others_neither_approve_nor_return(where, role):
    report, person = submitted(where), user(role, where)
    for verb in (workflow.approve, workflow.send_back):
        with pytest.raises(PermissionDenied):
            verb(by=person, report=report, edit=report.edit, comment="x")


def test_who_does_not_build_does_not_submit(where):
    report = ready(where)
    with pytest.raises(PermissionDenied):
        workflow.submit(by=user(Role.UNIT_ADMIN, where), report=report, edit=report.edit)


def test_what_changed_since_it_was_opened_takes_no_step(where):
    staff, head = people(where)
    report = ready(where)
    line = report.lines.first()
    notes.type_notes(by=staff, line=line, obstacle="Tenaga kurang", follow_up="", edit=line.edit)
    with pytest.raises(Outdated):
        workflow.submit(by=staff, report=report, edit=report.edit)
    opened = submitted(where, Report.objects.get())
    again = workflow.send_back(by=head, report=opened, edit=opened.edit, comment="Perbaiki")
    submitted(where, again)
    with pytest.raises(Outdated):
        workflow.approve(by=head, report=opened, edit=opened.edit)
    assert ReportStep.objects.count() == 3


def test_a_report_is_submitted_once(where):
    staff, _ = people(where)
    report = submitted(where)
    with pytest.raises(Refused, match="diajukan"):
        workflow.submit(by=staff, report=report, edit=report.edit)


@pytest.mark.parametrize("status", [status for status in ReportStatus if lifecycle.step(status, "sealed") is None])
def test_only_what_is_approved_is_sealed(where, status):
    _, head = people(where)
    report = ready(where)
    if status == ReportStatus.SEALED:
        report = sealed(where, head, report)
    else:
        Report.objects.update(status=status)
    with pytest.raises(Refused):
        sealing.seal(by=head, report=report, edit=report.edit)


@pytest.mark.parametrize("status", [ReportStatus.SUBMITTED, ReportStatus.APPROVED])
def test_nobody_types_or_counts_again_while_it_is_with_the_signatory(where, status):
    staff, head = people(where)
    report = submitted(where) if status == ReportStatus.SUBMITTED else approved(where, head)
    line = report.lines.first()
    with pytest.raises(Refused, match=status.label.lower()):
        notes.type_notes(by=staff, line=line, obstacle="x", follow_up="", edit=line.edit)
    with pytest.raises(Refused, match=status.label.lower()):
        asking.rebuild(by=staff, report=report)


def test_what_came_back_is_typed_in_again(where):
    staff, head = people(where)
    report = submitted(where)
    report = workflow.send_back(by=head, report=report, edit=report.edit, comment="Isi kendala")
    line = report.lines.first()
    assert notes.type_notes(by=staff, line=line, obstacle="Tenaga", follow_up="", edit=line.edit).obstacle == "Tenaga"


def test_an_approved_report_can_still_go_back(where):
    _, head = people(where)
    report = approved(where, head)
    assert workflow.send_back(by=head, report=report, edit=report.edit, comment="x").status == ReportStatus.RETURNED


def test_a_refused_step_leaves_nothing(where):
    _, head = people(where)
    report = ready(where)
    with pytest.raises(Refused), transaction.atomic():
        workflow.approve(by=head, report=report, edit=report.edit)
    assert not ReportStep.objects.exists()


@pytest.mark.parametrize(
    "change", [lambda: ReportStep.objects.update(comment=""), lambda: ReportStep.objects.all().delete()]
)
def test_a_step_that_was_taken_stays(where, change):
    submitted(where)
    with pytest.raises(DatabaseError, match="taken and stays"), transaction.atomic():
        change()
