"""No difference between any two paths to a figure, whatever was done to the rows; and a planted one is found."""

import io
import json
from datetime import UTC, date, datetime

import pgtrigger
import pytest
import time_machine
from django.core.management import call_command
from django.db import connection

from aftercare.models import FollowUp, RelapseWindow
from clients.models import Treatment
from reports.actions import cells
from reports.models import CountCell


def check(*options: str) -> tuple[list[dict], str]:
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("check_figures", "--json", *options, stdout=out, stderr=err)
        code = 0
    except SystemExit as stopped:
        code = stopped.code
    found = json.loads(out.getvalue() or "[]")
    assert code == (1 if found else 0)
    return found, err.getvalue()


def run(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.rowcount


def where_most() -> tuple[str, ...]:
    """The unit and year in which the most windows end, as options: there every indicator has members."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT u.code, extract(year FROM w.ends_on)::int FROM aftercare_relapsewindow w JOIN facilities_unit u "
            "ON u.id = w.unit_id WHERE w.ends_on < '2026-01-01' GROUP BY 1, 2 ORDER BY count(*) DESC, 1, 2 LIMIT 1"
        )
        unit, year = cursor.fetchone()
    return "--unit", unit, "--year", str(year)


def test_a_simulated_nation_has_no_difference(nation):
    found, told = check("--sample", "12")
    assert found == []
    assert "12" in told


def test_nor_while_the_month_is_under_way_and_windows_are_still_to_end(nation):
    with time_machine.travel(datetime(2025, 6, 10, 3, tzinfo=UTC)):
        assert RelapseWindow.objects.filter(ends_on__gt=date(2025, 6, 11), ends_on__lt=date(2025, 7, 1)).exists()
        assert check("--unit", "BNN", "--year", "2025")[0] == []


def test_nor_after_bulk_changes_and_raw_sql(nation):
    here = where_most()
    assert Treatment.objects.filter(pk__endswith=3).update(setting="inpatient", sex="F") > 20
    assert FollowUp.objects.exclude(done_on=None).filter(pk__endswith=1).update(relapse="unknown") > 5
    assert run("UPDATE clients_treatment SET counted_on = NULL WHERE id % 7 = 0 AND counted_on IS NOT NULL") > 20
    assert (
        run("UPDATE clients_treatment SET ended_on = ended_on - 20 WHERE ended_on - 20 > started_on AND id % 5 = 0")
        > 20
    )
    assert run("UPDATE aftercare_followup SET relapse = 'yes' WHERE contact_made AND id % 11 = 0") > 5
    assert run("DELETE FROM aftercare_followup WHERE done_on IS NOT NULL AND id % 13 = 0") > 5
    assert run(
        "INSERT INTO aftercare_followup (plan_id, due_on, done_on, kind, way, contact_made, productive, relapse, urine, note, edit) "
        "SELECT id, window_ends_on, window_ends_on, 'monitoring', 'phone', TRUE, 'unknown', 'no', 'not_done', '', 1 "
        "FROM aftercare_aftercareplan WHERE id % 3 = 0"
    ) > 20  # fmt: skip
    assert run("UPDATE assessments_tatcase SET letter_on = letter_on + 40 WHERE letter_on IS NOT NULL") > 0
    assert check(*here)[0] == []
    assert check("--sample", "4", "--seed", "3")[0] == []
    cells.fold()
    assert check(*here)[0] == []


def test_a_planted_drift_is_found(nation):
    here = where_most()
    window = RelapseWindow.objects.filter(unit__code=here[1], ends_on__year=here[3]).first()
    RelapseWindow.objects.filter(pk=window.pk).update(relapse={"no": "yes"}.get(window.relapse, "no"))
    found, _told = check(*here)
    assert {each["indicator"] for each in found} == {"not_relapsed_pct"}
    assert {each["unit"] for each in found} == {here[1]}
    assert {"page", "report", "workbook", "realization"} <= {each["what"].split()[0].strip(":") for each in found}


def test_a_treatment_that_lost_its_window_is_found(nation):
    here = where_most()
    with pgtrigger.ignore():
        gone = RelapseWindow.objects.filter(unit__code=here[1], ends_on__year=here[3]).first()
        RelapseWindow.objects.filter(pk=gone.pk).delete()
    found, _told = check(*here)
    assert {each["indicator"] for each in found} == {"not_relapsed_pct"}
    assert any(each["what"] == "members" for each in found)


def test_a_cell_that_is_one_too_high_is_found(nation):
    here = where_most()
    cell = CountCell.objects.filter(
        indicator="clients_rehabilitated", first__year=here[3], members__gt=0,
        unit_id__in=Treatment.objects.filter(unit__code=here[1]).values("unit"),
    ).first()  # fmt: skip
    CountCell.objects.filter(pk=cell.pk).update(members=cell.members + 1)
    found, _told = check(*here)
    assert {each["indicator"] for each in found} == {"clients_rehabilitated"}
    assert any(each["what"] == f"page: {cell.first:%Y-%m}" for each in found)


@pytest.mark.parametrize("options", [("--unit", "BNNP-99"), ("--year", "7"), ("--sample", "0"), ("--sample", "x")])
def test_what_is_not_understood_is_one_line(db, options, capsys):
    err = io.StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("check_figures", *options, stderr=err)
    assert stopped.value.code == 2
    assert (err.getvalue() + capsys.readouterr().err).count("\n") == 1
