"""Budgets typed as a table, as a workbook that goes out and comes back, and beside the output they pay for."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from rehab.models import AuditEvent
from rehab.roles import Role
from reports.models import Budget, BudgetRevision, Spending
from tests import factories
from tests.reports import makers

pytestmark = pytest.mark.django_db
ARGS = ["BNNP-53", 2019]
LIST, TABLE = reverse("reports:budgets", args=ARGS), reverse("reports:budget_table", args=ARGS)
BOOK, UPLOAD = reverse("reports:budget_workbook", args=ARGS), reverse("reports:upload_budgets", args=ARGS)
WHEN = {"in_force_on": "2019-07-01", "reason": "Revisi DIPA", "as_of": "2019-12-31"}
NEW = {
    "n1-code": "3260.AEA", "n1-activity": "Layanan rehabilitasi", "n1-indicator": "clients_rehabilitated",
    "n1-first_half": "165.450.000", "n1-second_half": "100000000", "n1-spent_1": "160.000.000",
}  # fmt: skip
HEADING = "kode_unit;tahun;kode_kegiatan;kegiatan;kode_indikator;pagu_smt1;pagu_smt2;realisasi_smt1;realisasi_smt2\n"


@pytest.fixture
def ntt():
    return factories.unit("BNNP-53")


@pytest.fixture
def staff(client, ntt):
    user = factories.user(Role.UNIT_STAFF, ntt)
    client.force_login(user)
    return user


@pytest.fixture
def kept(ntt):
    return makers.budget(ntt, 100, 50, year=2019, spent=(90, None), code="3260.AAA")


def shown(client) -> dict[str, str]:
    form = client.get(TABLE).context["form"]
    return WHEN | {name: str(form[name].value() if form[name].value() is not None else "") for name in form.fields if name not in WHEN}  # fmt: skip


def uploaded(content, name="anggaran.csv", **fields):
    data = content if isinstance(content, bytes) else content.encode()
    return WHEN | fields | {"file": SimpleUploadedFile(name, data)}


def state():
    revisions = list(BudgetRevision.objects.order_by("pk").values_list("first_half", "second_half"))
    return revisions, list(Spending.objects.order_by("half").values_list("half", "amount", "edit"))


def test_a_new_activity_is_typed_with_its_money(client, staff):
    assert client.post(TABLE, shown(client) | NEW).url == LIST
    budget = Budget.objects.get()
    assert (budget.code, budget.indicator) == ("3260.AEA", "clients_rehabilitated")
    assert state() == ([(165_450_000, 100_000_000)], [(1, 160_000_000, 1)])
    assert Spending.objects.get().as_of == date(2019, 12, 31)
    assert AuditEvent.objects.get(verb="budget.changed").place == "BNNP-53"


def test_the_table_names_what_is_kept_and_carries_its_versions(client, staff, kept):
    page = client.get(TABLE).content.decode()
    for words in (
        "3260.AAA",
        'value="Kegiatan 3260.AAA"',
        f'name="b{kept.pk}-seen"',
        f'name="b{kept.pk}-edit_1"',
        'name="n5-code"',
    ):
        assert words in page


def test_only_what_changed_is_written(client, staff, kept):
    client.post(TABLE, shown(client))
    assert state() == ([(100, 50)], [(1, 90, 1)])
    prefix = f"b{kept.pk}"
    client.post(
        TABLE, shown(client) | {f"{prefix}-second_half": "70", f"{prefix}-spent_1": "95", f"{prefix}-spent_2": "5"}
    )
    assert state() == ([(100, 50), (100, 70)], [(1, 95, 2), (2, 5, 1)])
    assert AuditEvent.objects.filter(verb="budget.changed").count() == 1
    client.post(TABLE, shown(client) | {f"{prefix}-activity": "Nama lain", f"{prefix}-indicator": "ikm"})
    kept.refresh_from_db()
    assert (kept.activity, kept.indicator) == ("Nama lain", "ikm")


@pytest.mark.parametrize(
    ("cell", "word", "wrong"),
    [
        ("first_half", "seratus", None), ("first_half", "-1", None), ("first_half", "1e99", None),
        ("first_half", "9" * 16, None), ("first_half", "0,5", None), ("first_half", "😀", None), ("first_half", "", None),
        ("spent_1", "", None), ("spent_1", "\x00", None), ("activity", "", None), ("activity", "x" * 201, None),
        ("indicator", "klien", None), ("seen", "x", None),
    ],
)  # fmt: skip
def test_a_wrong_cell_says_so_itself_and_nothing_is_kept(client, staff, kept, cell, word, wrong):
    before = state()
    response = client.post(TABLE, shown(client) | NEW | {f"b{kept.pk}-{cell}": word})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [f"b{kept.pk}-{cell}"]
    assert 'value="165.450.000"' in response.content.decode()
    assert state() == before
    assert Budget.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"in_force_on": ""}, "in_force_on"),
        ({"in_force_on": "2020-01-01"}, "in_force_on"),
        ({"as_of": ""}, "as_of"),
        ({"as_of": "2090-01-01"}, "as_of"),
        ({"as_of": "2018-12-31"}, "as_of"),
        ({"n1-code": ""}, "n1-code"),
        ({"n1-code": "3260.AAA"}, "n1-code"),
        ({"n2-code": "3260.AEA", "n2-activity": "Kembar"}, "n2-code"),
    ],
)
def test_days_and_codes_are_asked_for_where_they_are_needed(client, staff, kept, typed, wrong):
    response = client.post(TABLE, shown(client) | NEW | typed)
    assert list(response.context["form"].errors) == [wrong]
    assert Budget.objects.count() == 1


def test_a_revised_ceiling_says_why_and_from_when(client, staff, kept):
    change = {f"b{kept.pk}-first_half": "80"}
    assert "reason" in client.post(TABLE, shown(client) | change | {"reason": " "}).context["form"].errors
    early = client.post(TABLE, shown(client) | change | {"in_force_on": "2018-12-31"})
    assert list(early.context["form"].errors) == [f"b{kept.pk}-first_half"]
    assert state()[0] == [(100, 50)]


def test_two_editors_are_told_of_each_other(client, staff, ntt, kept):
    typed = shown(client) | {f"b{kept.pk}-first_half": "80", f"b{kept.pk}-spent_1": "85"}
    makers.ceiling(kept, 120, 50, date(2019, 2, 1))
    response = client.post(TABLE, typed)
    assert "170" in response.context["form"].errors[f"b{kept.pk}-first_half"][0]
    typed = shown(client) | {f"b{kept.pk}-spent_1": "85"}
    Spending.objects.update(amount=99, edit=2, recorded_by=staff)
    response = client.post(TABLE, typed)
    assert staff.name in response.context["form"].errors[f"b{kept.pk}-spent_1"][0]
    assert 'value="85"' in response.content.decode()
    assert Spending.objects.get().amount == 99


def test_spending_may_pass_the_ceiling_and_is_shown_as_it_is(client, staff, ntt):
    makers.budget(ntt, 100, 0, year=2019, spent=(250, None))
    assert "250,00" in client.get(LIST).content.decode()


def test_money_stands_beside_the_output_it_paid_for(client, ntt):
    for day in (3, 4):
        makers.counted(factories.facility(of=ntt), date(2019, 3, day))
    makers.target(ntt, 3)
    makers.budget(ntt, 600, 400, year=2019, spent=(500, None))
    makers.budget(ntt, 0, 0, year=2019, indicator="")
    makers.reported(ntt, 97, indicator="budget_absorption_pct")
    client.force_login(factories.user(Role.SIGNATORY, ntt))
    response = client.get(LIST)
    output, rest = response.context["found"].outputs
    assert (output.realised, output.target.value, str(output.achievement)) == (2, 3, "66.67")
    assert (output.money.ceiling, output.money.spent, str(output.money.absorption)) == (1000, 500, "50.00")
    assert (rest.indicator, rest.money.absorption) == (None, None)
    page = response.content.decode()
    assert "Penyerapan yang dilaporkan di tempat lain: 97" in page
    assert TABLE not in page


def test_the_units_below_are_told_with_what_stands_under_them(client, ntt):
    kupang = factories.unit("BNNK-5371")
    makers.budget(ntt, 100, 0, year=2019)
    makers.budget(kupang, 50, 0, year=2019, spent=(25, None))
    client.force_login(factories.user(Role.UNIT_STAFF, factories.unit("BNN")))
    parts = client.get(reverse("reports:budgets", args=["BNN", 2019]), {"scope": "tree"}).context["parts"]
    assert [(part.node.code, part.money.ceiling, part.money.spent) for part in parts] == [
        ("BNN", None, None),
        ("BNNP-53", 150, 25),
    ]


def test_an_activity_shows_its_revisions(client, staff, ntt, kept):
    makers.ceiling(kept, 120, 50, date(2019, 2, 1))
    page = client.get(reverse("reports:budget", args=[*ARGS, kept.pk])).content.decode()
    assert "Rp120" in page
    assert "Rp90" in page
    elsewhere = makers.budget(factories.unit("BNNP-51"), 1, 1, year=2019)
    assert client.get(reverse("reports:budget", args=[*ARGS, elsewhere.pk])).status_code == 404


@pytest.mark.parametrize("address", [TABLE, UPLOAD])
def test_only_who_sets_targets_of_this_unit_may_change_its_budget(client, ntt, address):
    client.force_login(factories.user(Role.SIGNATORY, ntt))
    assert client.get(address).status_code == client.post(address, WHEN | NEW).status_code == 403
    client.force_login(factories.user(Role.UNIT_STAFF, factories.unit("BNNP-51")))
    for where in (address, LIST, BOOK):
        assert client.get(where).status_code == 404
    assert client.post(address, WHEN | NEW).status_code == 404
    assert not Budget.objects.exists()


@pytest.mark.parametrize("address", [LIST, TABLE, LIST + "?scope=tree"])
def test_as_many_queries_for_one_activity_as_for_three(client, staff, ntt, address):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return sum(not each["sql"].startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")) for each in captured)

    makers.budget(ntt, 1, 1, year=2019, spent=(1, 1))
    first = queries()
    makers.budget(ntt, 1, 1, year=2019, spent=(1, 1))
    makers.budget(ntt, 1, 1, year=2019, indicator="tat_clients")
    assert queries() == first <= 12


def test_the_workbook_goes_out_with_live_sums_and_comes_back(client, staff, ntt, kept):
    content = client.get(BOOK).content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[1][:3] == ["BNNP-53", 2019, "3260.AAA"]
    assert (rows[1][7], rows[1][10], rows[1][11]) == (150, 90, 60)
    assert client.post(UPLOAD, uploaded(content, "a.xlsx")).url == LIST
    assert state() == ([(100, 50)], [(1, 90, 1)])
    csv = HEADING + "BNNP-53;2019;3260.AAA;Kegiatan;ikm;100;70;;15\nBNNP-53;2019;3260.BBB;Baru;;10;;;\n"
    assert client.post(UPLOAD, uploaded(csv)).url == LIST
    assert state() == ([(100, 50), (100, 70), (10, 0)], [(1, 90, 1), (2, 15, 1)])


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("BNNP-51;2019;B;Baru;;1;1;;", "kode_unit", "BNNP-53"),
        ("BNNP-53;2020;B;Baru;;1;1;;", "tahun", "2019"),
        ("BNNP-53;2019;B;Baru;tat_client;1;1;;", "kode_indikator", "tat_clients"),
        ("BNNP-53;2019;B;Baru;;satu;1;;", "pagu_smt1", "satu"),
        ("BNNP-53;2019;B;Baru;;-1;1;;", "pagu_smt1", ""),
        ("BNNP-53;2019;B;Baru;;1e99;1;;", "pagu_smt1", ""),
        ("BNNP-53;2019;B;Baru;;1;0,5;;", "pagu_smt2", "bulat"),
        ("BNNP-53;2019;B;😀;;1;1;;x", "realisasi_smt2", "x"),
        ("BNNP-53;2019;;Baru;;1;1;;", "kode_kegiatan", ""),
        ("BNNP-53;2019;A;Kembar;;1;1;;", "kode_kegiatan", "baris 2"),
    ],
)
def test_a_row_that_is_not_understood_refuses_the_file(client, staff, row, column, words):
    response = client.post(UPLOAD, uploaded(HEADING + "BNNP-53;2019;A;Kegiatan;;1;1;;\n" + row + "\n"))
    assert response.status_code == 422
    problem = response.context["problems"][0]
    assert (problem.line, problem.column) == (3, column)
    assert words in problem.message
    assert not Budget.objects.exists()


def test_a_workbook_that_is_older_than_what_is_kept_is_refused_by_line_and_column(client, staff, kept):
    heading = HEADING.strip() + ";versi\n"
    old = f"BNNP-53;2019;3260.AAA;Kegiatan;;80;50;;;{BudgetRevision.objects.get().pk}/1/0\n"
    makers.ceiling(kept, 120, 50, date(2019, 2, 1))
    problem = client.post(UPLOAD, uploaded(heading + old)).context["problems"][0]
    assert (problem.line, problem.column) == (2, "pagu_smt1")
    problem = client.post(UPLOAD, uploaded(heading + old.replace("/1/0", "-jan"))).context["problems"][0]
    assert problem.column == "versi"
    late = client.post(UPLOAD, uploaded(HEADING + "BNNP-53;2019;B;Baru;;1;1;;\n", in_force_on="2020-01-01"))
    assert "in_force_on" in late.context["form"].errors
