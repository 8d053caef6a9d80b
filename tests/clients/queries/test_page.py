"""The order of a client's timeline."""

from datetime import UTC, date, datetime

from clients.queries.page import _moment
from rehab.panels import Stage, TimelineEntry

DAY = date(2026, 11, 22)


def test_of_one_day_what_comes_later_on_the_way_counts_as_later():
    ended = TimelineEntry(DAY, "treatment", "", "ended", stage=Stage.ENDED)
    started = TimelineEntry(DAY, "treatment", "", "started", stage=Stage.STARTED)
    registered = TimelineEntry(DAY, "episode", "", "registered", stage=Stage.REGISTERED)
    morning = TimelineEntry(datetime(2026, 11, 22, 1, tzinfo=UTC), "assessment", "", "assessed", stage=Stage.ASSESSED)
    day_before = TimelineEntry(date(2026, 11, 21), "aftercare", "", "before", stage=Stage.AFTERCARE)
    ordered = sorted([ended, registered, started, day_before, morning], key=_moment)
    assert [entry.title for entry in ordered] == ["before", "registered", "assessed", "started", "ended"]
