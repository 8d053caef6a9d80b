"""The steps on a report's page: one main step for each person, refusals beside what was typed."""

import re

import pytest
from django.urls import reverse

from rehab import once
from rehab.roles import Role
from reports.enums import ReportStatus
from reports.models import Report, ReportStep
from tests import factories
from tests.reports.ready import approved, people, province, quiet, ready, sealed, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sent(monkeypatch):
    return quiet(monkeypatch)


@pytest.fixture
def where():
    return province(1)[0]


@pytest.fixture
def staff(where):
    return people(where)[0]


@pytest.fixture
def head(where):
    return people(where)[1]


def page(name: str, *args) -> str:
    return reverse(f"reports:{name}", args=args)


def main_steps(client, report) -> list[str]:
    """The words of the main buttons and links of the page."""
    text = client.get(page("report", report.pk)).content.decode().split("</main>")[0]
    found = re.findall(r'class="btn btn-primary"[^>]*>(.*?)</(?:button|a)>', text, re.DOTALL)
    return [re.sub(r"<svg.*?</svg>|<[^>]+>|\s+", " ", words, flags=re.DOTALL).strip() for words in found]


def at(where, head, status: ReportStatus) -> Report:
    made = {"ready": ready, "submitted": submitted}
    if status in made:
        return made[status](where)
    return approved(where, head) if status == ReportStatus.APPROVED else sealed(where, head)


@pytest.mark.parametrize(
    ("status", "to_staff", "to_head"),
    [
        (ReportStatus.READY, ["Ajukan ke penanda tangan"], []),
        (ReportStatus.SUBMITTED, [], ["Setujui"]),
        (ReportStatus.APPROVED, [], ["Segel laporan"]),
        (ReportStatus.SEALED, ["Unduh PDF"], ["Unduh PDF"]),
    ],
)
def test_each_person_has_one_main_step_at_most(client, where, staff, head, status, to_staff, to_head):
    report = at(where, head, status)
    client.force_login(staff)
    assert main_steps(client, report) == to_staff
    client.force_login(head)
    assert main_steps(client, report) == to_head


def test_the_page_says_for_whom_it_waits(client, where, staff, head):
    report = submitted(where)
    client.force_login(staff)
    assert "Menunggu persetujuan penanda tangan" in client.get(page("report", report.pk)).content.decode()
    client.force_login(factories.user(Role.ANALYST, factories.unit("BNN")))
    assert "Menunggu persetujuan penanda tangan" in client.get(page("report", report.pk)).content.decode()


def test_a_second_click_is_the_same_step(client, where, staff):
    report = ready(where)
    client.force_login(staff)
    posted = {"report_edit": report.edit, "comment": "Mohon diperiksa", once.FIELD: once.issue()}
    first, second = (client.post(page("submit_report", report.pk), posted) for _ in range(2))
    assert first.url == second.url == page("report", report.pk)
    assert ReportStep.objects.count() == 1


def test_returning_without_words_is_refused_beside_the_field(client, where, head):
    report = submitted(where)
    client.force_login(head)
    response = client.post(page("return_report", report.pk), {"report_edit": report.edit, "comment": " "})
    text = response.content.decode()
    assert response.status_code == 422
    assert 'id="comment-returned-error"' in text
    assert "<details open>" in text


def test_words_too_long_stay_on_the_page(client, where, head):
    report = submitted(where)
    client.force_login(head)
    text = client.post(
        page("return_report", report.pk), {"report_edit": report.edit, "comment": "panjang " * 300}
    ).content.decode()
    assert "panjang panjang" in text
    assert Report.objects.get().status == ReportStatus.SUBMITTED


def test_words_stay_when_the_report_changed_meanwhile(client, where, head):
    report = submitted(where)
    client.force_login(head)
    posted = {"report_edit": report.edit - 1, "comment": "Kendala belum diisi"}
    response = client.post(page("return_report", report.pk), posted)
    text = response.content.decode()
    assert "Laporan berubah selagi Anda membacanya" in text
    assert ">Kendala belum diisi</textarea>" in text
    assert f'name="report_edit" value="{report.edit}"' in text


def test_words_stay_when_there_is_no_such_step_any_more(client, where, head):
    report = approved(where, head)
    sealed_by = head
    client.force_login(sealed_by)
    response = client.post(page("approve_report", report.pk), {"report_edit": report.edit, "comment": "Bagus sekali"})
    assert response.status_code == 422
    assert "Bagus sekali" in response.content.decode()


def test_what_came_back_says_why_until_it_is_submitted_again(client, where, staff, head):
    report = submitted(where)
    client.force_login(head)
    client.post(page("return_report", report.pk), {"report_edit": report.edit, "comment": "Kendala <b>kosong</b>"})
    client.force_login(staff)
    text = client.get(page("report", report.pk)).content.decode()
    assert "Dikembalikan oleh Theresia Contoh" in text
    assert "Kendala &lt;b&gt;kosong&lt;/b&gt;" in text
    report.refresh_from_db()
    client.post(page("submit_report", report.pk), {"report_edit": report.edit})
    assert "Dikembalikan oleh" not in client.get(page("report", report.pk)).content.decode()


@pytest.mark.parametrize("name", ["submit_report", "return_report", "approve_report", "seal_report"])
def test_who_may_not_gets_403_and_strangers_404(client, where, name):
    report = submitted(where)
    client.force_login(factories.user(Role.UNIT_ADMIN, where))
    # What has no such step now is refused with a sentence, what the role may not do is forbidden.
    assert client.post(page(name, report.pk), {"report_edit": report.edit, "comment": "x"}).status_code in {403, 422}
    client.force_login(factories.user(Role.SIGNATORY, factories.unit("BNNP-51")))
    assert client.post(page(name, report.pk), {"report_edit": report.edit, "comment": "x"}).status_code == 404
    assert ReportStep.objects.count() == 1


def test_the_list_tells_the_last_step_and_finds_by_status(client, where, staff):
    submitted(where)
    client.force_login(staff)
    response = client.get(page("list"), {"status": "submitted"})
    assert "Diajukan" in response.content.decode()
    assert [report.last_step_by for report in response.context["page"].rows] == [ReportStep.objects.get().taken_by.name]
    assert client.get(page("list"), {"status": "returned"}).context["page"].rows == []
