import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from rehab.roles import Role
from rehab.tabular.reading import Limits
from reports import release
from reports.models import ReportedFigure
from tests import factories

pytestmark = pytest.mark.django_db
PUBLISHED = (Path(release.__file__).parent / "data" / "published_figures.csv").read_bytes()
HEADING = "unit_code,year,indicator_key,target,realised,as_of,source\n"
UPLOAD, LIST, CHECK = reverse("reports:upload_figures"), reverse("reports:figures"), reverse("reports:release")


def file_of(content, name="angka.csv"):
    return {"file": SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())}


def staff(client, code):
    client.force_login(factories.user(Role.UNIT_STAFF, factories.unit(code)))


def test_published_figures_are_taken_in_and_listed_with_their_source(client):
    for code in ("BNNP-53", "BNNP-51", "BNNK-6271"):
        factories.unit(code)
    staff(client, "BNN")
    assert client.post(UPLOAD, file_of(PUBLISHED)).url == LIST
    page = client.get(LIST).content.decode()
    assert ReportedFigure.objects.count() == 14
    assert "Antara" in page
    assert "93,33" in page
    assert "96,67" in page


def test_a_broken_row_is_named_by_line_and_column_and_nothing_is_kept(client):
    staff(client, "BNNP-53")
    rows = "BNNP-53,2019,tat_clients,12,8,2019-11-12,Koran\nBNNP-53,2019,tat,12,8,2019-11-12,Koran\n"
    response = client.post(UPLOAD, file_of(HEADING + rows))
    assert response.status_code == 422
    assert [(problem.line, problem.column) for problem in response.context["problems"]] == [(3, "indicator_key")]
    assert "tat_clients" in response.context["problems"][0].message
    assert not ReportedFigure.objects.exists()


def test_figures_of_another_unit_are_neither_taken_nor_seen(client):
    bali = factories.unit("BNNP-51")
    ReportedFigure.objects.create(
        unit=bali, year=2019, indicator="ikm", title="x", realised=3, as_of="2019-12-31", source="Bali Post"
    )
    staff(client, "BNNP-53")
    response = client.post(UPLOAD, file_of(HEADING + "BNNP-51,2019,tat_clients,12,8,2019-11-12,Koran\n"))
    assert response.status_code == 422
    assert "bukan satuan kerja yang angkanya Anda kelola" in response.content.decode()
    assert ReportedFigure.objects.count() == 1
    assert "Bali Post" not in client.get(LIST).content.decode()


@pytest.mark.parametrize("role", [Role.SIGNATORY, Role.UNIT_ADMIN])
def test_who_may_not_set_targets_takes_in_no_figures(client, role):
    client.force_login(factories.user(role, factories.unit("BNNP-53")))
    assert client.get(LIST).status_code == 200
    assert client.post(UPLOAD, file_of(PUBLISHED)).status_code == 403


def test_a_release_is_checked_and_nothing_is_kept(client):
    staff(client, "BNNP-53")
    response = client.post(CHECK, file_of(PUBLISHED))
    assert [finding.computed for finding in response.context["outcome"].findings] == ["96,67", "53,33"]
    assert "93,33" in response.content.decode()
    assert not ReportedFigure.objects.exists()


@pytest.mark.parametrize(
    ("content", "name"), [("", "a.csv"), ("unit\n1\n", "a.csv"), (b"PK\x03\x04x", "a.xlsx"), ("x", "a.exe")]
)
@pytest.mark.parametrize("address", [UPLOAD, CHECK])
def test_a_file_that_is_no_table_is_refused_in_words(client, address, content, name):
    staff(client, "BNNP-53")
    response = client.post(address, file_of(content, name))
    assert response.status_code == 422
    assert response.context["problems"] or response.context["form"].errors


@pytest.mark.parametrize("address", [UPLOAD, CHECK])
def test_no_file_at_all_is_said(client, address):
    staff(client, "BNNP-53")
    assert client.post(address, {}).status_code == 422


@pytest.mark.parametrize("address", ["reports:upload_figures", "reports:release"])
def test_a_file_beyond_the_limit_is_refused_before_it_is_read(client, address, monkeypatch):
    def read(self, *_):
        raise AssertionError("read although it is too large")

    monkeypatch.setattr("reports.forms.upload.DEFAULT_LIMITS", Limits(size=10))
    monkeypatch.setattr("django.core.files.uploadedfile.UploadedFile.read", read)
    staff(client, "BNNP-53")
    file = io.BytesIO(b"unit,year\n" * 10)
    file.name = "angka.csv"
    response = client.post(reverse(address), {"file": file})
    assert "file" in response.context["form"].errors
