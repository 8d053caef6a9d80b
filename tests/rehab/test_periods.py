from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from rehab import periods
from rehab.periods import Kind, parse

REGULAR = [Kind.WEEK, Kind.MONTH, Kind.QUARTER, Kind.SEMESTER, Kind.YEAR]


@pytest.mark.parametrize(
    ("code", "start", "end", "kind"),
    [
        ("2019", date(2019, 1, 1), date(2020, 1, 1), Kind.YEAR),
        ("2019-03", date(2019, 3, 1), date(2019, 4, 1), Kind.MONTH),
        ("2019-12", date(2019, 12, 1), date(2020, 1, 1), Kind.MONTH),
        ("2019-B03", date(2019, 1, 1), date(2019, 4, 1), Kind.QUARTER),
        ("2019-B09", date(2019, 7, 1), date(2019, 10, 1), Kind.QUARTER),
        ("2019-B12", date(2019, 10, 1), date(2020, 1, 1), Kind.QUARTER),
        ("2019-S1", date(2019, 1, 1), date(2019, 7, 1), Kind.SEMESTER),
        ("2019-S2", date(2019, 7, 1), date(2020, 1, 1), Kind.SEMESTER),
        ("2020-W53", date(2020, 12, 28), date(2021, 1, 4), Kind.WEEK),
    ],
)
def test_a_code_names_a_half_open_period_and_is_given_back(code, start, end, kind):
    period = parse(code)
    assert (period.start, period.end, period.kind) == (start, end, kind)
    assert period.code == code


@pytest.mark.parametrize(
    "code",
    [
        "",
        "19",
        "2019-13",
        "2019-00",
        "2019-B04",
        "2019-B15",
        "2019-S3",
        "2019-S0",
        "2019-W54",
        "2019-Q1",
        "2019-",
        "0000",
        "9999",
        "٢٠١٩",
    ],
)
def test_a_code_that_is_no_period_is_refused(code):
    with pytest.raises(ValueError, match=r"period|periode"):
        parse(code)


def test_the_last_day_belongs_to_it_and_the_next_first_day_does_not():
    september = parse("2019-09")
    assert september.contains(date(2019, 9, 30))
    assert not september.contains(date(2019, 10, 1))
    assert september.last_day == date(2019, 9, 30)
    assert september.days == 30


def test_neighbours_cross_the_year():
    assert parse("2019-12").next().code == "2020-01"
    assert parse("2019-B03").previous().code == "2018-B12"
    assert parse("2019-S2").next().code == "2020-S1"
    assert parse("2019").previous().code == "2018"
    assert parse("2020-W53").next().code == "2021-W01"


def test_months_of_a_quarter():
    assert [each.code for each in parse("2019-B09").months()] == ["2019-07", "2019-08", "2019-09"]


def test_what_has_passed_of_the_year_up_to_its_end():
    assert parse("2019-01").to_date() == parse("2019-01")
    assert parse("2019-B12").to_date() == parse("2019")
    so_far = parse("2019-B09").to_date()
    assert (so_far.start, so_far.end, so_far.kind, so_far.code) == (
        date(2019, 1, 1),
        date(2019, 10, 1),
        Kind.SPAN,
        "2019-01..09",
    )
    with pytest.raises(ValueError, match="no next"):
        so_far.next()
    week = parse("2021-W01").to_date()
    assert (week.start, week.end) == (date(2021, 1, 1), date(2021, 1, 11))


def test_it_is_over_by_the_clocks_of_the_unit():
    ten_past_midnight_in_jayapura = datetime(2019, 9, 30, 15, 10, tzinfo=UTC)
    september = parse("2019-09")
    assert september.is_over(ten_past_midnight_in_jayapura, "Asia/Jayapura")
    assert not september.is_over(ten_past_midnight_in_jayapura, ZoneInfo("Asia/Jakarta"))
    with pytest.raises(ValueError, match="time zone"):
        september.is_over(datetime(2019, 10, 1), "Asia/Jakarta")


def test_labels_follow_the_language_of_the_page():
    with translation.override("en"):
        assert parse("2019-B09").label == "Quarter III 2019 (B09)"
    with translation.override("id"):
        assert parse("2019-05").label == "Mei 2019"
        assert parse("2019-B09").label == "Triwulan III 2019 (B09)"
        assert parse("2019-S2").label == "Semester II 2019"
        assert parse("2019").label == "Tahun 2019"
        assert parse("2021-W01").label == "Minggu 1 tahun 2021"
        assert parse("2019-B09").to_date().label == "Januari–September 2019"


def test_a_period_runs_forward():
    with pytest.raises(ValueError, match="ends after"):
        periods.Period(date(2019, 1, 1), date(2019, 1, 1), Kind.MONTH)


@given(st.sampled_from(REGULAR), st.dates(date(1950, 1, 1), date(2900, 1, 1)))
def test_periods_of_a_kind_lie_side_by_side_without_gap(kind, day):
    period = periods.containing(kind, day)
    assert period.contains(day)
    assert period.next().start == period.end
    assert period.previous().end == period.start
    assert parse(period.code) == period
    assert period.months()[0].start <= period.start
    assert period.months()[-1].end >= period.end
    assert period.to_date().end == period.end
    assert period.end - period.start >= timedelta(days=7)
