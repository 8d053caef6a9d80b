import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command

from rehab.models import AuditEvent
from reports import release
from reports.models import ReportedFigure, Target
from tests import factories

pytestmark = pytest.mark.django_db
PUBLISHED = Path(release.__file__).parent / "data" / "published_figures.csv"
HEADING = "unit_code,unit,year,indicator_key,indicator,target,realised,printed_percent,parts,as_of,source"
GOOD = 'BNNP-53,BNNP NTT,2019,tat_clients,TAT,12,8,"66,67",,2019-11-12,NTT Pembaruan'


@pytest.fixture(autouse=True)
def units():
    for code in ("BNN", "BNNP-53", "BNNP-51", "BNNK-6271"):
        factories.unit(code)


def run(*arguments):
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_figures", *(str(each) for each in arguments), stdout=out, stderr=err, no_color=True)
    except SystemExit as end:
        return end.code, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def file_of(tmp_path, *rows, heading=HEADING):
    path = tmp_path / "figures.csv"
    path.write_text("\n".join([heading, *rows]) + "\n")
    return path


def test_published_figures_come_in_as_they_were_printed_and_make_no_target():
    code, out, err = run(PUBLISHED)
    assert (code, err) == (0, "")
    assert "14" in out
    figure = ReportedFigure.objects.get(unit__code="BNNK-6271", indicator="ikm")
    assert (str(figure.target), str(figure.realised), figure.printed_percent) == ("3.4000", "3.6200", "106,47")
    assert figure.title == "satisfaction index (IKM)"
    assert Target.objects.count() == 0
    out = io.StringIO()
    call_command("realization", "--unit", "BNNK-6271", "--year", "2023", "--format", "json", stdout=out)
    found = {
        row["indicator"]: row["achievement"]
        for row in json.loads(out.getvalue())["rows"]
        if row["source"] == "reported"
    }
    assert found == {
        "clients_rehabilitated": "230,00",
        "aftercare_clients": "240,00",
        "ibm_units": "150,00",
        "ibm_clients": "150,00",
        "quality_of_life_pct": "100,29",
        "ikm": "106,47",
    }


def test_the_same_file_twice_changes_nothing(tmp_path):
    assert run(PUBLISHED)[0] == 0
    before = list(ReportedFigure.objects.values())
    assert run(PUBLISHED)[0] == 0
    assert list(ReportedFigure.objects.values()) == before


def test_a_corrected_figure_replaces_the_one_of_the_same_date(tmp_path):
    run(file_of(tmp_path, GOOD))
    assert run(file_of(tmp_path, GOOD.replace(",12,8,", ",12,9,")))[0] == 0
    assert ReportedFigure.objects.get().realised == 9
    assert run(file_of(tmp_path, GOOD.replace("2019-11-12", "2019-12-31")))[0] == 0
    assert ReportedFigure.objects.count() == 2
    assert AuditEvent.objects.filter(verb="figures.imported").count() == 3


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (GOOD.replace("BNNP-53", "BNNP-35"), ("3", "unit_code", "BNNP-53")),
        (GOOD.replace("tat_clients", "tat_client"), ("3", "indicator_key", "tat_clients")),
        (GOOD.replace("2019,tat", "dua,tat"), ("3", "year")),
        (GOOD.replace(",12,8,", ",12,delapan,"), ("3", "realised")),
        (GOOD.replace(",12,8,", ",12,-8,"), ("3", "realised")),
        (GOOD.replace(",12,8,", ",,,"), ("3", "realised")),
        (GOOD.replace("2019-11-12", "kemarin"), ("3", "as_of")),
        (GOOD.replace("2019-11-12", "2018-11-12"), ("3", "as_of")),
        (GOOD.replace("2019-11-12", "2999-11-12"), ("3", "as_of")),
        (GOOD.replace("NTT Pembaruan", ""), ("3", "source")),
        (GOOD.replace("NTT Pembaruan", "x" * 251), ("3", "source")),
        (GOOD, ("3", "indicator_key", "2")),
        ("BNNP-53,2019", ("3",)),
    ],
)
def test_one_row_that_is_not_understood_refuses_the_whole_file(tmp_path, bad, says):
    code, out, err = run(file_of(tmp_path, GOOD, bad))
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert all(word in err for word in says)
    assert ReportedFigure.objects.count() == 0


@pytest.mark.parametrize(
    "heading", [HEADING.replace("unit_code,", "satuan,"), HEADING.replace(",source", ",asal"), HEADING + ",catatan"]
)
def test_a_heading_that_is_not_understood_refuses_the_file(tmp_path, heading):
    code, _, err = run(file_of(tmp_path, GOOD + ("," if heading.endswith("catatan") else ""), heading=heading))
    assert (code, len(err.splitlines())) == (2, 1)


def test_a_missing_or_an_empty_file_is_not_understood(tmp_path):
    (tmp_path / "empty.csv").write_text("")
    for path in (tmp_path / "none.csv", tmp_path / "empty.csv", tmp_path):
        code, out, err = run(path)
        assert (code, out, len(err.splitlines())) == (2, "", 1)
