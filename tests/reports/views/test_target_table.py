"""Targets typed as a table, and as a workbook that goes out and comes back."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from rehab.models import AuditEvent
from rehab.roles import Role
from reports.models import Target, TargetRevision
from tests import factories
from tests.reports import makers

pytestmark = pytest.mark.django_db
ARGS = ["BNNP-53", 2019]
TABLE, LIST = reverse("reports:target_table", args=ARGS), reverse("reports:targets", args=ARGS)
BOOK, UPLOAD = reverse("reports:target_workbook", args=ARGS), reverse("reports:upload_targets", args=ARGS)
WHEN = {"in_force_on": "2019-02-01", "reason": "DIPA 2019"}
CLIENTS = {f"clients_rehabilitated-{number}": "5" for number in range(1, 13)} | {"clients_rehabilitated-year": "60"}
HEADING = "kode_unit;tahun;kode_indikator;target;jan;feb\n"


@pytest.fixture
def ntt():
    return factories.unit("BNNP-53")


@pytest.fixture
def staff(client, ntt):
    user = factories.user(Role.UNIT_STAFF, ntt)
    client.force_login(user)
    return user


def shown(client) -> dict[str, str]:
    """What a browser would send back unchanged."""
    form = client.get(TABLE).context["form"]
    return WHEN | {name: str(form[name].value() if form[name].value() is not None else "") for name in form.fields if name not in WHEN}  # fmt: skip


def uploaded(content, name="target.csv", **fields):
    data = content if isinstance(content, bytes) else content.encode()
    return WHEN | fields | {"file": SimpleUploadedFile(name, data)}


def test_a_table_is_typed_and_only_what_changed_becomes_a_revision(client, staff, ntt):
    makers.target(ntt, 12, indicator="tat_clients")
    assert client.post(TABLE, shown(client) | CLIENTS | {"ikm-year": "3,6"}).url == LIST
    assert {(each.indicator, each.revisions.count()) for each in Target.objects.all()} == {
        ("clients_rehabilitated", 1),
        ("tat_clients", 1),
        ("ikm", 1),
    }
    revision = TargetRevision.objects.get(target__indicator="clients_rehabilitated")
    assert (revision.value, revision.months, revision.in_force_on, revision.reason, revision.made_by) == (
        60, [Decimal(5)] * 12, date(2019, 2, 1), "DIPA 2019", staff,
    )  # fmt: skip
    assert AuditEvent.objects.filter(verb="target.revised", place="BNNP-53").count() == 2
    assert client.post(TABLE, shown(client)).status_code == 422


def test_an_empty_year_is_the_sum_of_its_months(client, staff):
    client.post(TABLE, WHEN | CLIENTS | {"clients_rehabilitated-year": "", "clients_rehabilitated-12": ""})
    assert TargetRevision.objects.get().value == 55


@pytest.mark.parametrize(
    ("cells", "wrong"),
    [
        ({"clients_rehabilitated-year": "61"}, "clients_rehabilitated-year"),
        ({"clients_rehabilitated-3": "lima"}, "clients_rehabilitated-3"),
        ({"clients_rehabilitated-3": "-5"}, "clients_rehabilitated-3"),
        ({"clients_rehabilitated-3": "1e99"}, "clients_rehabilitated-3"),
        ({"clients_rehabilitated-3": "9" * 20}, "clients_rehabilitated-3"),
        ({"clients_rehabilitated-3": "😀"}, "clients_rehabilitated-3"),
        ({"clients_rehabilitated-3": "lima\x00"}, "clients_rehabilitated-3"),
        ({"clients_rehabilitated-3": "0,00001"}, "clients_rehabilitated-3"),
        ({"clients_rehabilitated-scope": "all"}, "clients_rehabilitated-scope"),
        ({"clients_rehabilitated-seen": "x"}, "clients_rehabilitated-seen"),
        ({"tat_clients-year": ""}, "tat_clients-year"),
        ({"in_force_on": "2020-01-01"}, "in_force_on"),
        ({"in_force_on": "2018-12-31"}, "tat_clients-year"),
        ({"reason": ""}, "reason"),
    ],
)
def test_a_wrong_cell_says_so_itself_and_nothing_of_the_table_is_kept(client, staff, ntt, cells, wrong):
    makers.target(ntt, 12, indicator="tat_clients")
    response = client.post(TABLE, shown(client) | CLIENTS | {"tat_clients-year": "13"} | cells)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [wrong]
    page = response.content.decode()
    assert 'value="13"' in page or "tat_clients-year" in cells
    if wrong not in ("clients_rehabilitated-seen", "clients_rehabilitated-scope"):
        assert f'id="id_{wrong}_error"' in page
    assert TargetRevision.objects.count() == 1


def test_a_month_of_what_does_not_add_up_is_passed_over(client, staff):
    client.post(TABLE, WHEN | {"ikm-year": "3", "ikm-1": "9", "clients_rehabilitated-13": "4"})
    assert TargetRevision.objects.get().months == []


def test_what_somebody_revised_meanwhile_is_not_overwritten(client, staff, ntt):
    makers.target(ntt, 60)
    typed = shown(client) | {"clients_rehabilitated-year": "66"}
    makers.target(ntt, 70, in_force_on=date(2019, 1, 15))
    response = client.post(TABLE, typed)
    assert "70" in response.context["form"].errors["clients_rehabilitated-year"][0]
    assert 'value="66"' in response.content.decode()
    assert TargetRevision.objects.count() == 2


def test_the_same_table_sent_twice_is_saved_once(client, staff):
    values = WHEN | CLIENTS | {"form_token": "once-2"}
    assert [client.post(TABLE, values).status_code for _ in range(2)] == [302, 302]
    assert TargetRevision.objects.count() == 1


@pytest.mark.parametrize("address", [TABLE, UPLOAD])
def test_only_who_sets_targets_of_this_unit_may(client, ntt, address):
    client.force_login(factories.user(Role.SIGNATORY, ntt))
    assert client.get(address).status_code == client.post(address, WHEN | CLIENTS).status_code == 403
    client.force_login(factories.user(Role.UNIT_STAFF, factories.unit("BNNP-51")))
    assert client.get(address).status_code == client.post(address, WHEN | CLIENTS).status_code == 404
    assert client.get(BOOK).status_code == 404
    assert not Target.objects.exists()


def test_as_many_queries_for_one_target_as_for_three(client, staff, ntt):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(TABLE)
        return len(captured)

    makers.target(ntt, 60)
    first = queries()
    makers.target(ntt, 6, indicator="tat_clients")
    makers.target(ntt, 3, indicator="ikm")
    assert queries() == first <= 12


def test_the_workbook_goes_out_with_live_sums_and_comes_back(client, staff, ntt):
    makers.target(ntt, 60, months=(5,) * 12)
    content = client.get(BOOK).content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[1][:3] == ["BNNP-53", 2019, "clients_rehabilitated"]
    assert (rows[1][6], rows[1][19], rows[1][20]) == (60, 60, 0)
    response = client.post(UPLOAD, uploaded(content, "target.xlsx"))
    assert "file" in response.context["form"].errors
    csv = HEADING + "BNNP-53;2019;clients_rehabilitated;66;60;6\nBNNP-53;2019;ikm;3,6;;\nBNNP-53;2019;ikr;;;\n"
    assert client.post(UPLOAD, uploaded(csv)).url == LIST
    assert sorted(TargetRevision.objects.values_list("value", flat=True)) == [Decimal("3.6"), 60, 66]


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("BNNP-51;2019;ikm;3;;", "kode_unit", "BNNP-53"),
        ("BNNP-53;2020;ikm;3;;", "tahun", "2019"),
        ("BNNP-53;2019;tat_client;3;;", "kode_indikator", "tat_clients"),
        ("BNNP-53;2019;ikm;tiga;;", "target", "tiga"),
        ("BNNP-53;2019;ikm;1e99;;", "target", ""),
        ("BNNP-53;2019;ikm;-3;;", "target", ""),
        ("BNNP-53;2019;ikm;😀;;", "target", ""),
        ("BNNP-53;2019;ikm;3;3;", "target", "tidak dipecah"),
        ("BNNP-53;2019;tat_clients;3;1;1", "target", "2"),
        ("BNNP-53;2019;clients_rehabilitated;9;;", "kode_indikator", "baris 2"),
    ],
)
def test_a_row_that_is_not_understood_refuses_the_file(client, staff, row, column, words):
    response = client.post(UPLOAD, uploaded(HEADING + "BNNP-53;2019;clients_rehabilitated;60;;\n" + row + "\n"))
    assert response.status_code == 422
    problem = response.context["problems"][0]
    assert (problem.line, problem.column) == (3, column)
    assert words in problem.message
    assert not Target.objects.exists()


@pytest.mark.parametrize(
    ("heading", "name"),
    [("kode_unit;tahun;kode_indikator;target;bulan_13", "t.csv"), ("", "t.csv"), ("x", "t.xlsx"), ("x", "t.pdf")],
)
def test_a_file_that_is_no_such_table_is_refused(client, staff, heading, name):
    response = client.post(UPLOAD, uploaded(heading + "\n", name))
    assert response.status_code == 422
    assert response.context["problems"] or response.context["form"].errors


def test_a_workbook_that_is_older_than_the_last_revision_is_refused(client, staff, ntt):
    makers.target(ntt, 60)
    line = f"BNNP-53;2019;clients_rehabilitated;66;{TargetRevision.objects.get().pk}\n"
    makers.target(ntt, 70)
    response = client.post(UPLOAD, uploaded("kode_unit;tahun;kode_indikator;target;revisi\n" + line))
    assert "70" in response.context["problems"][0].message
    response = client.post(UPLOAD, uploaded(HEADING + "BNNP-53;2019;ikm;3;;\n", in_force_on="2020-01-01"))
    assert "in_force_on" in response.context["form"].errors
