"""Each report gets a run of its own, to which what it counted moves; what counted for a report stands there alone from now on."""

import pgtrigger
from django.db import migrations

# A report that was built has its moment; one that waits has a run that waits too.
_RUNS = """
INSERT INTO reports_reportrun (unit_id, kind, starts_on, ends_on, whole_tree, status, asked_by_id, asked_at, attempts, error)
SELECT unit_id, kind, starts_on, ends_on, FALSE,
       CASE WHEN cut_off IS NOT NULL AND status NOT IN ('asked', 'building') THEN 'cutting'
            WHEN status = 'failed' THEN 'failed' ELSE 'asked' END,
       asked_by_id, asked_at, 0, CASE WHEN status = 'failed' THEN error ELSE '' END
FROM reports_report WHERE id = %s RETURNING id, status
"""
_MEMBERS = """
INSERT INTO reports_runmember
    (run_id, indicator, source, source_id, person_id, unit_id, facility_id, counted_on, "values")
SELECT %s, l.indicator, m.source, m.source_id, m.person_id, COALESCE((m."values" ->> 'unit')::bigint, %s), m.facility_id,
       m.counted_on, m."values"
FROM reports_reportmember m JOIN reports_reportline l ON l.id = m.line_id WHERE l.report_id = %s
"""


def runs_from_reports(apps, schema_editor) -> None:
    """A sealed report never changes, which its trigger holds: all but the run that its members move to stays as it was."""
    reports = apps.get_model("reports", "Report").objects.filter(run=None).order_by("pk")
    rows = list(reports.values_list("pk", "unit_id", "cut_off"))
    with schema_editor.connection.cursor() as cursor, pgtrigger.ignore("reports.Report:report_kept_when_sealed"):
        for report, unit, cut_off in rows:
            cursor.execute(_RUNS, [report])
            run, status = cursor.fetchone()
            if status == "cutting":
                cursor.execute(_MEMBERS, [run, unit, report])
                cursor.execute(
                    "UPDATE reports_reportrun SET status = 'cut', cut_off = %s WHERE id = %s", [cut_off, run]
                )
            cursor.execute("UPDATE reports_report SET run_id = %s WHERE id = %s", [run, report])
            cursor.execute(
                "UPDATE reports_report SET status = 'asked', lease_token = NULL, lease_until = NULL "
                "WHERE id = %s AND status = 'building'",
                [report],
            )
        # What is deferred is checked now: the next operation takes a table away.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_runs_steps_budgets")]

    operations = [
        migrations.RunPython(runs_from_reports, migrations.RunPython.noop),
        migrations.DeleteModel(name="ReportMember"),
    ]
