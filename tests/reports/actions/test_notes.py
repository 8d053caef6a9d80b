"""Two people type at one report; nothing is lost, and what is sealed stays."""

import pytest
from django.core.exceptions import PermissionDenied

from rehab.errors import Refused
from rehab.roles import Role
from reports.actions.notes import NotesConflict, type_notes
from reports.models import Report
from tests.factories import user
from tests.reports.ready import people, province, quiet, ready, sealed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sent(monkeypatch):
    return quiet(monkeypatch)


@pytest.fixture
def where():
    return province(1)[0]


def test_what_is_typed_is_kept_and_tells_the_report_that_it_changed(where):
    staff, _ = people(where)
    report = ready(where)
    line = report.lines.first()
    saved = type_notes(by=staff, line=line, obstacle=" Tenaga kurang ", follow_up="Pelatihan", edit=line.edit)
    assert (saved.obstacle, saved.follow_up, saved.edit) == ("Tenaga kurang", "Pelatihan", line.edit + 1)
    assert saved.report.edit == report.edit + 1 == Report.objects.get().edit


def test_the_same_words_again_change_nothing(where):
    staff, _ = people(where)
    line = ready(where).lines.first()
    assert type_notes(by=staff, line=line, obstacle="", follow_up="", edit=line.edit).edit == line.edit


def test_two_people_in_two_fields_are_both_kept(where):
    staff, head = people(where)
    line = ready(where).lines.first()
    type_notes(by=staff, line=line, obstacle="Tenaga kurang", follow_up="", edit=line.edit)
    saved = type_notes(by=head, line=line, obstacle="", follow_up="Pelatihan", edit=line.edit)
    assert (saved.obstacle, saved.follow_up) == ("Tenaga kurang", "Pelatihan")


def test_two_people_in_one_field_see_each_other(where):
    staff, head = people(where)
    line = ready(where).lines.first()
    type_notes(by=staff, line=line, obstacle="Tenaga kurang", follow_up="", edit=line.edit)
    with pytest.raises(NotesConflict) as conflict:
        type_notes(by=head, line=line, obstacle="Anggaran", follow_up="", edit=line.edit)
    assert conflict.value.line.obstacle == "Tenaga kurang"
    assert conflict.value.before["obstacle"] == ""
    saved = type_notes(by=head, line=line, obstacle="Anggaran", follow_up="", edit=conflict.value.line.edit)
    assert saved.obstacle == "Anggaran"


def test_nothing_is_typed_into_a_sealed_report(where):
    staff, head = people(where)
    line = sealed(where, head).lines.first()
    with pytest.raises(Refused, match="disegel"):
        type_notes(by=staff, line=line, obstacle="x", follow_up="", edit=line.edit)


def test_who_does_not_build_reports_types_nothing(where):
    line = ready(where).lines.first()
    with pytest.raises(PermissionDenied):
        type_notes(by=user(Role.UNIT_ADMIN, where), line=line, obstacle="x", follow_up="", edit=line.edit)
