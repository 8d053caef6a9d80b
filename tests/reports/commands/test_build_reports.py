"""`manage.py build_reports`."""

import pytest
from django.core.management import call_command

from reports.enums import ReportStatus
from reports.models import Report
from tests.factories import unit
from tests.reports.ready import province, quiet


@pytest.fixture(autouse=True)
def sent(monkeypatch):
    return quiet(monkeypatch)


def leave(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        call_command("build_reports", *arguments)
    return left.value.code


@pytest.mark.django_db(transaction=True)
def test_builds_all_units_here_and_says_how_many(capsys):
    province(1)
    call_command("build_reports", "--unit", "BNN", "--period", "2019", "--whole-tree", "--here")
    told = capsys.readouterr()
    assert told.out.startswith("2 dari 2 laporan siap")
    assert "2 dari 2 laporan" in told.err
    assert set(Report.objects.values_list("status", flat=True)) == {ReportStatus.READY}
    call_command("build_reports", "--unit", "BNN", "--period", "2019", "--whole-tree", "--here")


@pytest.mark.django_db(transaction=True)
def test_names_what_failed(capsys):
    province(1)
    call_command("build_reports", "--unit", "BNNP-53", "--period", "2019-09", "--here")
    Report.objects.update(status=ReportStatus.FAILED, error="PartsDiffer")
    assert leave("--unit", "BNNP-53", "--period", "2019-09", "--here") == 1
    assert "BNNP-53/2019-09/1 | Gagal | PartsDiffer" in capsys.readouterr().out


@pytest.mark.django_db
def test_gives_up_waiting_where_nobody_works(capsys):
    province(0)
    assert leave("--unit", "BNNP-53", "--period", "2019-09", "--timeout", "0") == 1
    assert "0 dari 1" in capsys.readouterr().out


@pytest.mark.django_db
@pytest.mark.parametrize(
    "arguments",
    [("BNNP-5", "2019-09"), ("BNNP-53", "2019-13"), ("BNNP-53", "x"), ("BNNP-53", "2098-01"), ("BNNP-53", "2001")],
)
def test_says_in_one_line_what_it_did_not_understand(capsys, arguments):
    unit()
    code, period = arguments
    assert leave("--unit", code, "--period", period) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
