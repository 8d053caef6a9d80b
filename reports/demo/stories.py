"""Which clients the demo has: the published figures of 2019, and a current year that is alive today."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from clients.enums import Admission, Outcome, Setting, Substance
from facilities.enums import CORRECTIONS, FacilityKind
from facilities.models import Facility
from reports.demo.people import People
from reports.demo.ways import Way

_SUBSTANCES = (
    [Substance.STIMULANTS] * 11
    + [Substance.CANNABIS] * 5
    + [Substance.MULTIPLE] * 2
    + [Substance.ALCOHOL, Substance.SEDATIVES, Substance.OPIOIDS, Substance.SOLVENTS]
)
_INPATIENT = {FacilityKind.BALAI_BESAR, FacilityKind.BALAI, FacilityKind.LOKA, FacilityKind.KEMENSOS_CENTRE}
# A client stands still somewhere for so long at most: nobody waits on the first page since last year.
_STUCK_DAYS = 30
_VOLUNTARY = [Admission.VOLUNTARY] * 5 + [Admission.MANDATORY_REPORT] * 3 + [Admission.COMMUNITY]
_LEGAL = [Admission.TAT, Admission.INVESTIGATOR, Admission.RAID, Admission.PROSECUTOR]

# As published: NTT had 58 clients in government facilities by 12 November 2019, Bali 85 in 2019, 60 of them voluntary.
NTT_2019 = {
    "Klinik Pratama BNNP Nusa Tenggara Timur": 40,
    "RSUD Naibonat": 8,
    "Puskesmas Sikumana": 6,
    "RSUD SoE": 4,
}
BALI_2019 = {"voluntary": 60, "compulsory": 25}
# Clients registered in the current year up to today, and in the year before it.
LIVELY = {
    "Klinik Pratama BNNP Nusa Tenggara Timur": (64, 38),
    "Klinik Pratama BNN Kota Kupang": (18, 9),
    "Klinik Pratama BNNK Belu": (10, 6),
    "RSUD Naibonat": (6, 4),
    "Puskesmas Sikumana": (8, 5),
    "Yayasan Warna Kasih": (7, 3),
    "Klinik Pratama BNNP Bali": (34, 28),
    "Klinik Pratama BNN Kota Palangka Raya": (20, 14),
    "Balai Besar Rehabilitasi BNN Lido": (28, 20),
    "Balai Rehabilitasi BNN Baddoka": (14, 8),
    "Loka Rehabilitasi BNN Kalianda": (12, 8),
    "Balai Napza Galih Pakuan": (10, 6),
    "Balai Napza Bambu Apus": (6, 4),
    "Balai Napza Satria": (6, 4),
    "Balai Napza Insyaf": (6, 4),
    "Loka Napza Pangurangi": (4, 3),
    "Lapas Klas II A Pemuda Tangerang": (16, 10),
    "Lapas Klas I Pria Tangerang": (10, 6),
    "Lapas Klas II A Wanita Tangerang": (6, 4),
    "Bapas Klas II Serang": (5, 3),
    "Puskesmas Gondrong": (5, 3),
    "Puskesmas Ciledug": (4, 2),
    "Puskesmas Cipondoh": (4, 2),
}


@dataclass(frozen=True)
class Storyteller:
    """Makes ways at real facilities for invented people; `today` is the day the demo is loaded."""

    random: Random
    people: People
    facilities: dict[str, Facility]
    today: date

    def all(self) -> Iterator[Way]:
        yield from self._published()
        for name, (this_year, last_year) in LIVELY.items():
            place = self.facilities[name]
            january = date(self.today.year, 1, 1)
            for _ in range(last_year):
                yield self._lively(place, self._between(date(self.today.year - 1, 1, 5), january - timedelta(days=20)))
            # The last weeks weigh more, so that there is work to do on the first page.
            for number in range(this_year):
                earliest = max(january, self.today - timedelta(days=24)) if number % 4 == 0 else january
                yield self._lively(place, self._between(earliest, self.today))

    def _published(self) -> Iterator[Way]:
        for name, clients in NTT_2019.items():
            for _ in range(clients):
                yield self._done(self.facilities[name], self._admission(legal=0.25), date(2019, 10, 28))
        bali = self.facilities["Klinik Pratama BNNP Bali"]
        for kind, clients in BALI_2019.items():
            doors = _VOLUNTARY if kind == "voluntary" else _LEGAL
            for _ in range(clients):
                yield self._done(bali, self.random.choice(doors), date(2019, 12, 6))

    def _done(self, place: Facility, admission: Admission, latest: date) -> Way:
        """A way of 2019 that was counted that year and is over now."""
        registered = self._between(date(2019, 1, 7), latest)
        started = registered + timedelta(days=self.random.randrange(3, 12))
        ended = started + timedelta(days=self.random.randrange(75, 120))
        outcome = self.random.choices([Outcome.COMPLETED, Outcome.DROP_OUT, Outcome.MOVED], [8, 2, 1])[0]
        return self._way(place, admission, registered, started=started, ended=ended, outcome=outcome)

    def _lively(self, place: Facility, registered: date) -> Way:
        """How far a client has come by today follows from the day of registration; some stand still somewhere."""
        admission = self._door(place)
        waits = self.random.random()
        if registered + timedelta(days=_STUCK_DAYS) < self.today:
            waits = 1.0
        if waits < 0.06 or registered + timedelta(days=2) > self.today:
            return self._way(place, admission, registered)
        if waits < 0.11 or registered + timedelta(days=5) > self.today:
            return self._way(place, admission, registered, assessed_only=True)
        started = registered + timedelta(days=self.random.randrange(4, 14))
        if started >= self.today:
            return self._way(place, admission, registered, planned_only=True)
        ended = started + timedelta(days=self.random.randrange(80, 150))
        if ended >= self.today:
            return self._way(place, admission, registered, started=started)
        outcome = self.random.choices(
            [Outcome.COMPLETED, Outcome.DROP_OUT, Outcome.FORCED_HOME, Outcome.ABSCONDED, Outcome.REFERRED],
            [14, 4, 1, 1, 1],
        )[0]
        return self._way(place, admission, registered, started=started, ended=ended, outcome=outcome)

    def _way(
        self,
        place: Facility,
        admission: Admission,
        registered: date,
        *,
        started: date | None = None,
        ended: date | None = None,
        outcome: Outcome | None = None,
        assessed_only: bool = False,
        planned_only: bool = False,
    ) -> Way:
        assessed = min(registered + timedelta(days=self.random.randrange(0, 3)), self.today)
        planned = bool(started) or planned_only
        women = 0.9 if "Wanita" in place.name else 0.0 if place.kind in CORRECTIONS else 0.12
        return Way(
            facility=place,
            person=self.people.one(region=place.region_id, on=registered, women=women, youngest=self._youngest(place)),
            admission=admission,
            substance=self.random.choice(_SUBSTANCES),
            setting=self._setting(place),
            registered=registered,
            assessed=assessed if planned or assessed_only else None,
            facts=assessed if planned else None,
            planned=assessed if planned else None,
            started=started,
            ended=ended,
            outcome=outcome,
        )

    def _youngest(self, place: Facility) -> int:
        return 19 if place.kind in CORRECTIONS or place.kind == FacilityKind.BAPAS else 14

    def _door(self, place: Facility) -> Admission:
        if place.kind in CORRECTIONS:
            return Admission.PRISON
        return Admission.PROBATION if place.kind == FacilityKind.BAPAS else self._admission(legal=0.22)

    def _admission(self, *, legal: float) -> Admission:
        if self.random.random() < legal:
            return self.random.choice([*_LEGAL, Admission.COURT])
        return self.random.choice(_VOLUNTARY)

    def _setting(self, place: Facility) -> Setting:
        if place.kind in CORRECTIONS:
            return Setting.IN_PRISON
        return Setting.INPATIENT if place.kind in _INPATIENT else Setting.OUTPATIENT

    def _between(self, first: date, last: date) -> date:
        return first + timedelta(days=self.random.randrange(max(1, (last - first).days + 1)))
