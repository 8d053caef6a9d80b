"""The release checker in the browser: a workbook, a pasted table, and what cannot be understood."""

import io
from pathlib import Path

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from rehab.roles import Role
from reports import release
from reports.forms.release import LONGEST_PASTE
from tests import factories

pytestmark = pytest.mark.django_db
CHECK = reverse("reports:release")
PUBLISHED = (Path(release.__file__).parent / "data" / "published_figures.csv").read_text()
ROWS = [
    ["satker", "tahun", "indikator", "target", "realisasi", "capaian", "rincian"],
    ["BNNP Nusa Tenggara Timur", "2019", "Klien", "60", "58", "93,33", ""],
    ["BNNP Bali", "2019", "Klien", "40", "40", "100,00", "30 inap + 10 jalan"],
]


@pytest.fixture(autouse=True)
def staff(client):
    client.force_login(factories.user(Role.UNIT_STAFF, factories.unit("BNNP-53")))


def table(separator: str, rows=ROWS) -> str:
    return "\r\n".join(separator.join(cells) for cells in rows)


@pytest.mark.parametrize("separator", ["\t", ";"])
def test_a_table_copied_from_a_spreadsheet_is_checked(client, separator):
    response = client.post(CHECK, {"pasted": table(separator)})
    assert response.status_code == 200
    assert [(each.unit, each.computed) for each in response.context["outcome"].findings] == [
        ("BNNP Nusa Tenggara Timur", "96,67")
    ]
    text = response.content.decode()
    assert "Tabel yang ditempel" in text
    assert "30 inap + 10 jalan</textarea>" in text


def test_commas_between_cells_and_quoted_numbers(client):
    rows = [[f'"{cell}"' for cell in row] for row in ROWS]
    assert len(client.post(CHECK, {"pasted": table(",", rows)}).context["outcome"].findings) == 1


def test_the_pasted_table_gives_what_the_file_gives(client):
    pasted = client.post(CHECK, {"pasted": PUBLISHED}).context["outcome"]
    file = SimpleUploadedFile("rilis.csv", PUBLISHED.encode())
    assert pasted == client.post(CHECK, {"file": file}).context["outcome"]


def test_a_workbook_is_checked(client):
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(ROWS):
            sheet.write_row(number, 0, row)
    response = client.post(CHECK, {"file": SimpleUploadedFile("rilis.xlsx", target.getvalue())})
    assert [each.computed for each in response.context["outcome"].findings] == ["96,67"]


@pytest.mark.parametrize(
    ("pasted", "told"),
    [
        ("ini bukan tabel", "baris pertama"),
        (table("\t", [ROWS[0]]) + "\r\nBNNP Bali\t2019", "2 dari 7 sel"),
        (table("\t", [ROWS[0], [*ROWS[1], "lebih"]]), "8 sel"),
        ('satker;tahun\n"BNNP', "tanda kutip"),
        (table(";", [ROWS[0][:5], ROWS[1][:5]]), "kolom ini tidak ada"),
        (table(";", [ROWS[0], ["BNNP", "dua ribu", "Klien", "1", "1", "100", ""]]), "dua ribu"),
    ],
)
def test_what_is_not_understood_is_said_and_stays_in_the_field(client, pasted, told):
    response = client.post(CHECK, {"pasted": pasted})
    assert response.status_code == 422
    assert told in response.content.decode()
    assert response.context["form"]["pasted"].value() == pasted
    assert "Isinya masih ada di atas" in response.content.decode()


def test_nothing_or_both_is_refused_and_keeps_the_words(client):
    assert client.post(CHECK, {"pasted": "  "}).status_code == 422
    response = client.post(CHECK, {"pasted": "a;b", "file": SimpleUploadedFile("r.csv", b"x")})
    assert response.status_code == 422
    assert "a;b</textarea>" in response.content.decode()


@pytest.mark.parametrize("pasted", ["a\x00b", "x" * (LONGEST_PASTE + 1)])
def test_nonsense_is_no_fault(client, pasted):
    assert client.post(CHECK, {"pasted": pasted}).status_code == 422
