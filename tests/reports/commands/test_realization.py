import io
import json
from datetime import date

import pytest
import time_machine
from django.core.management import call_command

from reports.enums import FigureScope
from reports.models import ReportedFigure
from tests import factories
from tests.reports import makers

pytestmark = pytest.mark.django_db


def run(*arguments):
    """Exit code, stdout, stderr."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("realization", *arguments, stdout=out, stderr=err, no_color=True)
    except SystemExit as end:
        return end.code, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def as_json(*arguments):
    code, out, _ = run(*arguments, "--format", "json")
    assert code == 0
    return json.loads(out)


def rows(*arguments):
    return {row["indicator"]: row for row in as_json(*arguments)["rows"]}


@pytest.fixture
def ntt():
    """58 of 60, and 8 of 12, as NTT printed them; and one below, which is not NTT's own."""
    unit = factories.unit("BNNP-53", name="BNNP Nusa Tenggara Timur")
    clinic = factories.facility(of=unit)
    for number in range(58):
        makers.counted(clinic, date(2019, 1 + number % 12, 5))
    for month in range(1, 9):
        makers.tat(unit, date(2019, month + 1, 9))
    makers.counted(factories.facility(of=factories.unit("BNNK-5371")), date(2019, 5, 5))
    makers.target(unit, 60)
    makers.target(unit, 12, indicator="tat_clients")
    return unit


def test_the_whole_year_as_json(ntt):
    found = as_json("--unit", "BNNP-53", "--year", "2019")
    clients, tat = found["rows"][:2]
    assert {key: found[key] for key in ("unit", "scope", "year", "month", "as_of")} == {
        "unit": "BNNP-53", "scope": "own", "year": 2019, "month": None, "as_of": "2019-12-31",
    }  # fmt: skip
    assert clients == {
        "indicator": "clients_rehabilitated",
        "title": "Klien direhabilitasi",
        "measure": "orang",
        "target": 60,
        "realised": 58,
        "achievement": "96,67",
        "source": "counted",
        "as_of": "2019-12-31",
    }
    assert (tat["realised"], tat["target"], tat["achievement"]) == (8, 12, "66,67")


def test_the_table_is_readable(ntt):
    code, out, err = run("--unit", "BNNP-53", "--year", "2019")
    assert (code, err) == (0, "")
    assert "BNNP Nusa Tenggara Timur" in out
    line = next(line for line in out.splitlines() if line.startswith("Klien direhabilitasi"))
    assert line.split()[-4:] == ["60", "58", "96,67", "dihitung"]


def test_months_add_up_from_january_unless_only_one_is_asked_for(ntt):
    assert rows("--unit", "BNNP-53", "--year", "2019", "--month", "3")["clients_rehabilitated"]["realised"] == 15
    only = as_json("--unit", "BNNP-53", "--year", "2019", "--month", "3", "--only-month")
    assert (only["month"], only["as_of"], only["rows"][0]["realised"], only["rows"][0]["target"]) == (
        3,
        "2019-03-31",
        5,
        60,
    )


def test_a_target_of_the_other_scope_is_not_shown(ntt):
    tree = rows("--unit", "BNNP-53", "--year", "2019", "--scope", "tree")["clients_rehabilitated"]
    assert (tree["realised"], tree["target"], tree["achievement"]) == (59, None, "–")


def test_the_nation_is_a_tree_by_default(ntt):
    makers.target(factories.unit("BNN"), 118, scope=FigureScope.TREE)
    found = as_json("--unit", "BNN", "--year", "2019")
    assert (found["scope"], found["rows"][0]["realised"], found["rows"][0]["achievement"]) == ("tree", 59, "50,00")


def reported(unit, **fields):
    values = {"year": 2023, "title": "x", "as_of": date(2023, 12, 27), "source": "Antara"}
    return ReportedFigure.objects.create(unit=unit, **(values | fields))


def test_what_is_only_reported_is_told_as_reported_with_its_own_target():
    unit = factories.unit("BNNK-6271")
    reported(unit, indicator="clients_rehabilitated", target=20, realised=46)
    reported(unit, indicator="ikm", target="3.4", realised="3.5", as_of=date(2023, 6, 1))
    reported(unit, indicator="ikm", target="3.4", realised="3.62")
    found = rows("--unit", "BNNK-6271", "--year", "2023")
    clients, ikm = found["clients_rehabilitated"], found["ikm"]
    assert (clients["realised"], clients["target"], clients["achievement"]) == (46, 20, "230,00")
    assert (clients["source"], clients["as_of"]) == ("reported", "2023-12-27")
    assert (ikm["realised"], ikm["target"], ikm["achievement"]) == (3.62, 3.4, "106,47")
    until = rows("--unit", "BNNK-6271", "--year", "2023", "--month", "6")
    assert (until["ikm"]["realised"], until["clients_rehabilitated"]["source"]) == (3.5, "counted")


def test_counted_goes_before_reported(ntt):
    reported(ntt, indicator="clients_rehabilitated", year=2019, as_of=date(2019, 11, 12), target=60, realised=57)
    assert rows("--unit", "BNNP-53", "--year", "2019")["clients_rehabilitated"]["realised"] == 58


def test_what_was_never_recorded_is_unknown_not_zero():
    unit = factories.unit("BNNP-51")
    assert rows("--unit", "BNNP-51", "--year", "2019")["tat_clients"]["realised"] == 0
    assert rows("--unit", "BNNP-51", "--year", "2018")["tat_clients"]["realised"] is None
    unit.activated_on = None
    unit.save()
    assert rows("--unit", "BNNP-51", "--year", "2019")["tat_clients"]["realised"] is None


@time_machine.travel("2019-12-31T16:30:00Z", tick=False)
def test_the_day_is_that_of_the_units_clocks():
    for code, as_of in (("BNNP-36", "2019-12-31"), ("BNNP-53", "2020-01-01"), ("BNNP-91", "2020-01-01")):
        factories.unit(code)
        assert as_json("--unit", code, "--year", "2020")["as_of"] == as_of
        assert as_json("--unit", code, "--year", "2019")["as_of"] == "2019-12-31"


def test_a_year_to_come_has_no_figures(ntt):
    with time_machine.travel("2019-11-22T03:00:00Z", tick=False):
        found = as_json("--unit", "BNNP-53", "--year", "2020")
    assert found["as_of"] == "2019-11-22"
    assert {row["realised"] for row in found["rows"]} == {None}


@pytest.mark.parametrize(
    "arguments",
    [
        ("--unit", "BNNP-99", "--year", "2019"),
        ("--unit", "BNNP-53", "--year", "x"),
        ("--unit", "BNNP-53", "--year", "0"),
        ("--unit", "BNNP-53", "--year", "99999"),
        ("--unit", "BNNP-53", "--year", "2019", "--month", "13"),
        ("--unit", "BNNP-53", "--year", "2019", "--only-month"),
        ("--unit", "BNNP-53", "--year", "2019", "--scope", "all"),
        ("--year", "2019"),
    ],
)
def test_what_is_not_understood_ends_with_two_and_one_line(ntt, arguments, capsys):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert len((err or capsys.readouterr().err).splitlines()) == 1


def test_an_unknown_unit_is_told_the_nearest(ntt):
    assert "BNNP-53" in run("--unit", "BNNP-35", "--year", "2019")[2]
