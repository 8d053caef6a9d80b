from datetime import date

import pytest

from reports.simulation.seasons import Seasons, split

YEARS = Seasons(date(2018, 1, 1), date(2026, 3, 31))


def test_shares_run_from_the_first_day_to_the_last():
    days = [YEARS.day(number / 10_000) for number in range(10_000)]
    assert days == sorted(days)
    assert date.fromordinal(days[0]) == date(2018, 1, 1)
    assert date.fromordinal(days[-1]) == date(2026, 3, 31)


def test_fewer_come_in_the_pandemic_and_more_in_the_end():
    days = [date.fromordinal(YEARS.day(number / 50_000)) for number in range(50_000)]
    by_year = {year: sum(day.year == year for day in days) for year in range(2018, 2027)}
    assert by_year[2020] < by_year[2019] < by_year[2022] < by_year[2025]
    assert sum(day.weekday() > 4 for day in days) < 0.15 * len(days)


def test_a_target_splits_without_a_rest():
    for value in (0, 1, 7, 60, 13_320):
        months = split(value)
        assert len(months) == 12
        assert sum(months) == value
        assert min(months) >= 0


def test_the_share_that_comes_from_a_day_on_goes_from_all_to_nothing():
    seasons = Seasons(date(2024, 1, 1), date(2025, 12, 31))
    last = date(2025, 12, 31).toordinal()
    assert seasons.share_since(seasons.first) == 1
    assert 0.2 < seasons.share_since(last - 180) < 0.3
    assert seasons.share_since(last + 1) == pytest.approx(0)
