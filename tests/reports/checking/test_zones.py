"""What was done at 23.59 and at 00.00 counts on the day of the place where it was done, and the parts make the whole."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients.actions import treatments
from clients.enums import EpisodeStatus
from clients.models import Treatment, TreatmentPhase
from facilities.models import Unit
from rehab import periods
from rehab.errors import Refused
from reports.checking.compare import Check
from reports.enums import FigureScope
from reports.queries import Units, figures
from tests import factories

pytestmark = pytest.mark.django_db
# Jakarta, Kupang, Jayapura: seven, eight and nine hours ahead of UTC.
PLACES = {"BNNP-36": "Asia/Jakarta", "BNNP-53": "Asia/Makassar", "BNNP-91": "Asia/Jayapura"}
MIDNIGHTS = [datetime(2024, month, day) for month, day in ((1, 1), (2, 29), (3, 1), (7, 1), (12, 31))]
CLIENTS = "clients_rehabilitated"


def moments():
    """One minute before, at and after a midnight of one of the zones, as a moment of all."""
    return st.builds(
        lambda zone, midnight, minutes: (midnight.replace(tzinfo=ZoneInfo(zone)) + timedelta(minutes=minutes)).astimezone(UTC),
        st.sampled_from(sorted(PLACES.values())), st.sampled_from([*MIDNIGHTS, datetime(2025, 1, 1)]), st.sampled_from([-1, 0, 1]),
    )  # fmt: skip


def started(clinic, moment: datetime, by) -> Treatment:
    """First service today, by the clock of the place; tomorrow is refused there."""
    local = moment.astimezone(ZoneInfo(clinic.zone)).date()
    long_ago = date(2023, 1, 2)
    episode = factories.episode(
        at=clinic, status=EpisodeStatus.PLANNED, opened_on=long_ago, facts_on=long_ago, assessed_on=long_ago
    )
    with time_machine.travel(moment, tick=False):
        treatment = factories.treatment(episode, facility=clinic)
        assert clinic.local_date() == local
        with pytest.raises(Refused):
            treatments.start(by=by, treatment=treatment, started_on=local + timedelta(days=1))
        return treatments.start(by=by, treatment=treatment, started_on=local)


@pytest.mark.long
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(sorted(PLACES)), moments()), min_size=1, max_size=6))
def test_every_moment_counts_once_and_on_its_own_day(db, drawn):
    by = factories.user()
    clinics = {code: factories.facility(of=factories.unit(code)) for code in PLACES}
    expected = []
    for code, moment in drawn:
        counted = started(clinics[code], moment, by).counted_on
        assert counted == moment.astimezone(ZoneInfo(PLACES[code])).date()
        expected.append((code, counted))
    nation, units = Unit.objects.get(code="BNN"), Units()
    for year in (2023, 2024, 2025):
        here = [(code, on) for code, on in expected if on.year == year]
        whole = figures(nation, periods.year(year), today=date(2026, 1, 1), units=units)
        row = whole.row(CLIENTS)
        assert row.realised == len(here)
        assert [month.value for month in row.months] == [
            sum(on.month == month for _code, on in here) for month in range(1, 13)
        ]
        assert {table.total for table in row.breakdowns} <= {len(here)}
        told = {part.node.code: part.values[CLIENTS] for part in whole.parts if part.values[CLIENTS]}
        assert told == {code: sum(at == code for at, _on in here) for code in {at for at, _on in here}}
        weeks = [
            figures(nation, periods.containing(periods.Kind.WEEK, on), today=date(2026, 1, 1), units=units)
            for _code, on in here
        ]
        assert all(week.row(CLIENTS).realised > 0 for week in weeks)
    code, on = expected[0]
    for scope, place in ((FigureScope.TREE, nation), (FigureScope.OWN, clinics[code].unit)):
        check = Check(place, on.year, scope)
        check.run(units)
        assert check.differences == []
    TreatmentPhase.objects.all().delete()
    Treatment.objects.all().delete()
