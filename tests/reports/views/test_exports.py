"""What leaves the house as a file: the same numbers, the same filter, and nobody whom the person may not know."""

import csv
import io
import tracemalloc
from datetime import date

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from rehab.models import AuditEvent
from rehab.roles import Role
from rehab.tabular.writing import csv_pieces
from reports.exports.shown import MemberList
from reports.indicators import REGISTRY
from tests import factories
from tests.reports import makers

pytestmark = pytest.mark.django_db


@pytest.fixture
def ntt():
    return factories.unit("BNNP-53", name="BNNP Nusa Tenggara Timur")


@pytest.fixture
def clinic(ntt):
    return factories.facility("Klinik Contoh Kupang", of=ntt)


def sign_in(client, role, at):
    user = factories.user(role, at)
    client.force_login(user)
    return user


def members(code="BNNP-53", indicator="clients_rehabilitated", **query):
    return reverse("reports:export_members", args=[code, 2019, indicator], query=query)


def table(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


ASKED = {"purpose": "Pemeriksaan data triwulan", "form": "csv"}


def test_the_list_holds_those_behind_the_number_and_is_recorded(client, ntt, clinic):
    one = makers.counted(clinic, date(2019, 3, 3))
    makers.counted(clinic, date(2019, 4, 3))
    sign_in(client, Role.UNIT_STAFF, ntt)
    rows = table(client.post(members(month="3"), ASKED))
    assert len(rows) == 2
    assert rows[1][:4] == [one.client.code, "2019-03-03", "Klinik Contoh Kupang", "BNNP Nusa Tenggara Timur"]
    event = AuditEvent.objects.get(verb="figures.members_exported")
    assert (event.reason, event.data["from"], event.data["form"]) == (ASKED["purpose"], "2019-03-01", "csv")


def test_as_a_workbook_it_is_the_same(client, ntt, clinic):
    makers.counted(clinic, date(2019, 3, 3))
    sign_in(client, Role.UNIT_STAFF, ntt)
    response = client.post(members(), ASKED | {"form": "xlsx"})
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(response.streaming_content)))
    rows = book.get_sheet_by_index(0).to_python()
    assert len(rows) == 2
    assert rows[1][1] == date(2019, 3, 3)


def test_without_a_purpose_nothing_leaves(client, ntt, clinic):
    makers.counted(clinic, date(2019, 3, 3))
    sign_in(client, Role.UNIT_STAFF, ntt)
    response = client.post(members(), {"purpose": " ", "form": "csv"})
    assert response.status_code == 422
    assert "Untuk apa daftar ini?" in response.content.decode()
    assert not AuditEvent.objects.filter(verb="figures.members_exported").exists()
    assert client.get(members()).status_code == 405


def test_at_bnn_the_codes_are_not_in_it(client, ntt, clinic):
    treatment = makers.counted(clinic, date(2019, 3, 3))
    sign_in(client, Role.ANALYST, factories.unit("BNN"))
    rows = table(client.post(members("BNN"), ASKED))
    assert rows[1][0] == "–"
    assert treatment.client.code not in str(rows)


@pytest.mark.parametrize("role", [Role.SIGNATORY, Role.UNIT_ADMIN, Role.FACILITY_ADMIN])
def test_who_may_not_open_members_gets_no_list(client, ntt, clinic, role):
    sign_in(client, role, clinic if role is Role.FACILITY_ADMIN else ntt)
    code = clinic.code if role is Role.FACILITY_ADMIN else "BNNP-53"
    assert client.post(members(code), ASKED).status_code == 403
    assert not AuditEvent.objects.filter(verb="figures.members_exported").exists()


def test_another_province_and_an_unknown_indicator_are_not_found(client, ntt, clinic):
    sign_in(client, Role.UNIT_STAFF, factories.unit("BNNP-51"))
    assert client.post(members(), ASKED).status_code == 404
    assert client.post(members("BNNP-51", "ikm"), ASKED).status_code == 404
    assert client.post(members("BNNP-51", "nonsense"), ASKED).status_code == 404


def test_memory_does_not_grow_with_the_rows(monkeypatch):
    class Rows:
        def iterator(self, chunk_size):
            return (("K-0000001", date(2019, 3, 3), 1, 1, "voluntary") for _ in range(100_000))

    indicator = REGISTRY["clients_rehabilitated"]
    told = MemberList(indicator, None, lambda _facility, _unit: True)
    tracemalloc.start()
    try:
        size = sum(len(piece) for piece in csv_pieces(told.heading, told._rows(Rows(), {}, {}, [lambda value: value])))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert size > 2_000_000
    assert peak < 3_000_000


def test_the_page_as_a_workbook_says_what_the_page_says(client, ntt, clinic):
    for day in range(1, 8):
        makers.counted(clinic, date(2019, 3, day))
    makers.target(ntt, 10)
    sign_in(client, Role.UNIT_STAFF, ntt)
    response = client.post(reverse("reports:figures_xlsx", args=["BNNP-53", 2019]))
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(response.streaming_content)))
    assert book.sheet_names[:2] == ["Tentang", "Indikator"]
    first = book.get_sheet_by_name("Indikator").to_python()[1]
    assert (first[0], first[2], first[3], first[4]) == ("Klien direhabilitasi", 10, 7, 70)
    ranking = book.get_sheet_by_name("Peringkat").to_python()
    assert ranking[1][:2] == ["Klinik Contoh Kupang", 7]
    assert AuditEvent.objects.filter(verb="figures.exported").exists()
    alone = client.post(reverse("reports:figures_xlsx", args=["BNNP-53", 2019], query={"card": "alur"}))
    assert CalamineWorkbook.from_filelike(io.BytesIO(b"".join(alone.streaming_content))).sheet_names == [
        "Dari pendaftaran sampai pascare"
    ]


def test_a_workbook_hides_what_the_page_hides(client, ntt, clinic):
    makers.counted(clinic, date(2019, 3, 3))
    sign_in(client, Role.SIGNATORY, ntt)
    response = client.post(reverse("reports:figures_xlsx", args=["BNNP-53", 2019]))
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(response.streaming_content)))
    assert book.get_sheet_by_name("Peringkat").to_python()[1][:2] == ["Klinik Contoh Kupang", "tidak ditampilkan"]
