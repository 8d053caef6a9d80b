"""The pages of reports: who may see and do what, and what they say."""

import io
import zipfile
from datetime import date
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from rehab import once, periods
from rehab.roles import Role
from reports.enums import ReportStatus
from reports.models import Report, ReportLine
from tests import factories
from tests.reports import makers
from tests.reports.ready import approved, people, province, quiet, ready, sealed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sent(monkeypatch):
    return quiet(monkeypatch)


@pytest.fixture
def where():
    unit, _ = province(2)
    makers.target(unit, 60)
    return unit


@pytest.fixture
def staff(where):
    return people(where)[0]


@pytest.fixture
def head(where):
    return people(where)[1]


def page(name: str, *args) -> str:
    return reverse(f"reports:{name}", args=args)


ASKED = {"kind": "year", "month": "1", "year": "2019", "scope": ""}


def test_asking_leads_to_the_report_and_a_second_click_to_the_same(client, where, staff):
    client.force_login(staff)
    posted = ASKED | {"unit": where.pk, once.FIELD: once.issue()}
    first, second = client.post(page("ask"), posted), client.post(page("ask"), posted)
    report = Report.objects.get()
    assert first.url == second.url == page("report", report.pk)
    assert "Menunggu giliran" in client.get(first.url).content.decode()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"year": "2098"}, "belum dimulai"),
        ({"year": "x"}, "bilangan"),
        ({"year": ""}, "invalid-feedback"),
        ({"kind": "day"}, "day"),
        ({"kind": "week", "day": ""}, "hari"),
        ({"kind": "week", "day": "x"}, "invalid-feedback"),
        ({"year": "2001"}, "belum ada"),
    ],
)
def test_what_cannot_be_asked_is_said_beside_the_field(client, where, staff, changed, told):
    client.force_login(staff)
    response = client.post(page("ask"), ASKED | {"unit": where.pk} | changed)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert told in response.content.decode()
    assert not Report.objects.exists()


def test_nobody_asks_for_the_report_of_another_unit(client, where):
    client.force_login(people(factories.unit("BNNP-51"))[0])
    response = client.post(page("ask"), ASKED | {"unit": where.pk})
    assert list(response.context["form"].errors) == ["unit"]


def test_the_page_shows_target_realisation_and_achievement(client, where, staff):
    client.force_login(staff)
    text = client.get(page("report", ready(where).pk)).content.decode()
    assert "3,33\N{NO-BREAK SPACE}%" in text
    assert "Disusun" in text or "disusun" in text
    assert "Segel laporan" not in text
    assert "Ajukan ke penanda tangan" in text


def test_the_part_that_is_polled_ends_with_the_finished_report(client, where, staff):
    client.force_login(staff)
    report = ready(where)
    Report.objects.update(status=ReportStatus.BUILDING, progress=40)
    building = client.get(page("report_progress", report.pk), headers={"HX-Request": "true"}).content.decode()
    assert "40 %" in building
    assert "every 1s" in building
    Report.objects.update(status=ReportStatus.READY)
    done = client.get(page("report_progress", report.pk), headers={"HX-Request": "true"}).content.decode()
    assert "every 1s" not in done
    assert "Unduh PDF" in done


def test_a_failed_report_says_so_and_can_be_tried_again(client, where, staff):
    client.force_login(staff)
    report = ready(where)
    Report.objects.update(status=ReportStatus.FAILED, attempts=5, error="OperationalError")
    text = client.get(page("report", report.pk)).content.decode()
    assert "setelah 5 kali percobaan" in text
    assert "OperationalError" in text
    client.post(page("rebuild_report", report.pk))
    report.refresh_from_db()
    assert (report.status, report.attempts) == (ReportStatus.ASKED, 0)


def test_a_week_is_asked_for_by_any_of_its_days(client, where, staff):
    client.force_login(staff)
    client.post(page("ask"), ASKED | {"unit": where.pk, "kind": "week", "day": "2019-09-12"})
    assert Report.objects.get().period.code == "2019-W37"


def test_staff_builds_but_does_not_seal(client, where, staff, head):
    report = approved(where, head)
    client.force_login(staff)
    assert client.post(page("seal_report", report.pk), {"report_edit": report.edit}).status_code == 403
    report.refresh_from_db()
    assert not report.is_sealed


def test_the_signatory_seals_on_the_page(client, where, head):
    report = approved(where, head)
    client.force_login(head)
    assert "Segel laporan" in client.get(page("report", report.pk)).content.decode()
    response = client.post(page("seal_report", report.pk), {"report_edit": report.edit}, follow=True)
    text = response.content.decode()
    report.refresh_from_db()
    assert report.is_sealed
    assert report.digest in text
    assert "Laporan sudah disegel" in text


def test_what_changed_meanwhile_is_not_sealed(client, where, head):
    report = approved(where, head)
    client.force_login(head)
    response = client.post(page("seal_report", report.pk), {"report_edit": report.edit - 1}, follow=True)
    assert "Laporan berubah selagi Anda membacanya" in response.content.decode()


OPENED = ["report", "report_progress", "report_changes", "report_since", "report_pdf", "report_xlsx"]
POSTED = ["rebuild_report", "submit_report", "return_report", "approve_report", "seal_report", "revise_report"]


@pytest.mark.parametrize("role", [Role.SIGNATORY, Role.UNIT_STAFF, Role.UNIT_ADMIN])
def test_another_province_finds_nothing(client, where, role):
    report = ready(where)
    client.force_login(factories.user(role, factories.unit("BNNP-51")))
    assert [client.get(page(name, report.pk)).status_code for name in OPENED] == [404] * len(OPENED)
    assert [client.post(page(name, report.pk)).status_code for name in POSTED] == [404] * len(POSTED)
    assert client.post(page("report_notes", report.lines.first().pk), {}).status_code == 404
    assert client.get(page("list")).context["page"].rows == []


def test_a_counselor_sees_no_reports(client, where):
    report = ready(where)
    client.force_login(factories.user(Role.COUNSELOR, factories.facility(of=where)))
    assert client.get(page("report", report.pk)).status_code == 404
    assert "Belum ada laporan" in client.get(page("list")).content.decode()


def test_the_unit_above_sees_the_reports_below(client, where):
    report = ready(where)
    client.force_login(factories.user(Role.ANALYST, factories.unit("BNN")))
    assert client.get(page("report", report.pk)).status_code == 200


@pytest.mark.parametrize("name", POSTED)
def test_a_get_does_nothing(client, where, head, name):
    client.force_login(head)
    assert client.get(page(name, ready(where).pk)).status_code == 405


def test_downloads_are_the_stored_figures(client, where, staff):
    report = ready(where)
    makers.counted(where.facilities.first(), report.starts_on)
    client.force_login(staff)
    pdf, xlsx = client.get(page("report_pdf", report.pk)), client.get(page("report_xlsx", report.pk))
    assert pdf["Content-Disposition"] == 'attachment; filename="laporan-BNNP-53-2019.pdf"'
    assert pdf.content.startswith(b"%PDF-")
    sheet = zipfile.ZipFile(io.BytesIO(xlsx.content)).read("xl/worksheets/sheet1.xml").decode()
    assert "<v>3.33</v>" in sheet


def test_nothing_can_be_downloaded_while_it_is_built(client, where, staff):
    report = ready(where)
    Report.objects.update(status=ReportStatus.BUILDING)
    client.force_login(staff)
    assert client.get(page("report_pdf", report.pk)).status_code == 404


def test_the_sealed_figure_stands_beside_the_live_one_with_its_explanation(client, where, staff, head):
    report = sealed(where, head)
    clinic = where.facilities.first()
    late = makers.counted(clinic, report.starts_on)
    client.force_login(staff)
    text = client.get(page("report_changes", report.pk)).content.decode()
    assert "<strong>+1</strong>" in text
    assert "masuk belakangan" in text
    assert late.client.code in text
    client.force_login(head)
    assert late.client.code not in client.get(page("report_changes", report.pk)).content.decode()


def test_a_later_report_links_to_what_it_counts_otherwise(client, where, staff, head):
    sealed(where, head, ready(where, periods.parse("2019-06")))
    makers.counted(where.facilities.first(), date(2019, 6, 30))
    later = ready(where, periods.parse("2019-09"))
    client.force_login(staff)
    assert page("report_since", later.pk) in client.get(page("report", later.pk)).content.decode()
    text = client.get(page("report_since", later.pk)).content.decode()
    assert "laporan Juni 2019 yang disegel" in text
    assert "+1 Klinik Pratama BNNP Nusa Tenggara Timur: 1 masuk belakangan" in " ".join(text.split())
    assert "tercatat" in text
    Report.objects.filter(pk=later.pk).update(status=ReportStatus.BUILDING)
    assert client.get(page("report_since", later.pk)).status_code == 404


def test_the_list_filters_and_costs_the_same_at_one_and_three(client, where, staff, django_assert_max_num_queries):
    client.force_login(staff)
    for units in (["BNNK-5371"], ["BNNK-5302", "BNNK-5303"]):
        for code in units:
            ready(factories.unit(code))
        with django_assert_max_num_queries(12) as queries:
            client.get(page("list"))
        counts = len(queries)
    ready(where)
    with django_assert_max_num_queries(counts):
        assert len(client.get(page("list")).context["page"].rows) == 4
    found = client.get(page("list"), {"unit": where.pk, "kind": "year", "year": 2019, "status": "ready"})
    assert [report.unit for report in found.context["page"].rows] == [where]
    assert "Tidak ada laporan yang cocok" in client.get(page("list"), {"year": 2001}).content.decode()


def test_the_page_costs_few_queries(client, where, staff, django_assert_max_num_queries):
    report = ready(where)
    client.force_login(staff)
    with django_assert_max_num_queries(12):
        client.get(page("report", report.pk))


class TestNotes:
    @pytest.fixture
    def line(self, where) -> ReportLine:
        return ready(where).lines.first()

    def post(self, client, line, *, htmx=True, **changed):
        posted = {"obstacle": "Tenaga kurang", "follow_up": "", "edit": line.edit, "report_edit": line.report.edit}
        headers = {"HX-Request": "true"} if htmx else {}
        return client.post(page("report_notes", line.pk), posted | changed, headers=headers)

    def test_saves_while_one_types(self, client, staff, line):
        client.force_login(staff)
        text = self.post(client, line).content.decode()
        assert "tersimpan" in text
        assert f'name="edit" value="{line.edit + 1}"' in text
        assert f'name="report_edit" value="{line.report.edit + 1}"' in text

    def test_the_place_that_a_save_answers_into_is_found_beyond_a_thousand_lines(self):
        line = SimpleNamespace(pk=1234, edit=1000, title="Klien")
        text = render_to_string("reports/_report_notes.html", {"line": line, "words": {}, "report": None, "now": ""})
        assert 'hx-target="#saved-1234"' in text
        assert 'id="saved-1234"' in text
        assert 'name="edit" value="1000"' in text

    def test_saves_without_scripts(self, client, staff, line):
        client.force_login(staff)
        assert self.post(client, line, htmx=False).url == f"{page('report', line.report_id)}#line-{line.pk}"

    def test_the_second_person_sees_what_the_first_saved(self, client, staff, head, line):
        client.force_login(staff)
        self.post(client, line)
        client.force_login(head)
        response = self.post(client, line, obstacle="Anggaran")
        text = response.content.decode()
        assert response["HX-Retarget"] == f"#line-{line.pk}"
        assert "Tenaga kurang" in text
        assert ">Anggaran</textarea>" in text
        assert staff.name in text
        kept = self.post(client, line, obstacle="Anggaran", edit=line.edit + 1, **{"keep-obstacle": "theirs"})
        assert kept.status_code == 200
        line.refresh_from_db()
        assert line.obstacle == "Tenaga kurang"

    def test_what_another_changed_keeps_the_seal_asking_to_look_again(self, client, staff, head, line):
        client.force_login(staff)
        self.post(client, line)
        client.force_login(head)
        other = line.report.lines.last()
        text = self.post(client, other, report_edit=line.report.edit).content.decode()
        assert "report_edit" not in text

    def test_a_conflict_without_scripts_has_a_page(self, client, staff, head, line):
        client.force_login(staff)
        self.post(client, line)
        client.force_login(head)
        text = self.post(client, line, htmx=False, obstacle="Anggaran").content.decode()
        assert "Kembali ke laporan" in text

    def test_a_refusal_keeps_the_words(self, client, staff, line):
        client.force_login(staff)
        text = self.post(client, line, obstacle="x" * 4001).content.decode()
        assert "xxx</textarea>" in text


@pytest.mark.parametrize("role", [Role.ANALYST, Role.AUDITOR])
def test_who_sees_members_without_clients_sees_no_codes_in_the_explanation(client, where, head, role):
    report = sealed(where, head)
    late = makers.counted(where.facilities.first(), report.starts_on)
    client.force_login(factories.user(role, factories.unit("BNN")))
    text = client.get(page("report_changes", report.pk)).content.decode()
    assert "<strong>+1</strong>" in text
    assert late.client.code not in text


@pytest.mark.parametrize("edit", ["9" * 5000, "٣", "x", ""])
def test_sealing_with_a_version_that_is_no_number_is_no_fault(client, where, head, edit):
    report = approved(where, head)
    client.force_login(head)
    assert client.post(page("seal_report", report.pk), {"report_edit": edit}).status_code == 422
    report.refresh_from_db()
    assert not report.is_sealed
