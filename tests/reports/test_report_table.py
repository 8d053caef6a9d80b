"""The lines of a report on its page, in the language of the page."""

import pytest
from django.utils import translation

from reports.report_table import report_table
from tests.reports import makers
from tests.reports.ready import province, quiet, ready

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(monkeypatch):
    quiet(monkeypatch)
    where, _ = province(2)
    makers.target(where, 60)
    report = ready(where)
    line = report.lines.get(indicator="clients_rehabilitated")
    line.ceiling, line.spent, line.last_target, line.last_year = 200, 50, 40, 5
    line.save()
    return report


def test_stored_words_in_indonesian_and_those_of_the_definition_in_english(report):
    row = report_table(report).rows[0]
    assert (row.title, row.measure, row.tables[0].title) == ("Klien direhabilitasi", "orang", "Jalur masuk")
    with translation.override("en"):
        row = report_table(report).rows[0]
        assert (row.title, row.measure, row.tables[0].rows[0][0]) == ("Clients rehabilitated", "people", "Voluntary")


def test_a_definition_that_is_gone_keeps_its_stored_words(report):
    report.lines.filter(indicator="clients_rehabilitated").update(indicator="gone", title="Judul lama")
    with translation.override("en"):
        assert report_table(report).rows[0].title == "Judul lama"


def test_money_and_the_year_before(report):
    table = report_table(report)
    row = table.rows[0]
    assert (table.has_money, table.ceiling, table.spent, str(table.absorbed)) == (True, 200, 50, "25.00")
    assert (table.has_last_year, table.last_year, str(row.last_percent), row.difference) == (True, 2018, "12.50", "−3")


def test_without_money_and_last_year_nothing_is_shown_of_them(report):
    report.lines.update(ceiling=None, spent=None, last_target=None, last_year=None)
    table = report_table(report)
    assert (table.has_money, table.has_last_year, table.absorbed) == (False, False, None)
