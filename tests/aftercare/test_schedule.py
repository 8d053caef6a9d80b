from datetime import date

import pytest

from aftercare.schedule import due_dates, months_later


@pytest.mark.parametrize("months", [3, 6, 12])
def test_one_follow_up_a_month_and_the_last_on_the_end_of_the_window(months):
    found = due_dates(date(2019, 1, 15), months)
    assert len(found) == months
    assert (found[0], found[-1]) == (date(2019, 2, 15), months_later(date(2019, 1, 15), months))


def test_a_shorter_month_cuts_the_day_and_the_next_one_has_it_again():
    assert due_dates(date(2019, 8, 31), 6) == [
        date(2019, 9, 30), date(2019, 10, 31), date(2019, 11, 30),
        date(2019, 12, 31), date(2020, 1, 31), date(2020, 2, 29),
    ]  # fmt: skip
