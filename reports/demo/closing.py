"""How satisfied invented clients were when their treatment ended, and what was done about those who fell out of touch."""

from datetime import date, timedelta
from random import Random
from typing import cast

from aftercare.actions.surveys import unit_on
from aftercare.models import SatisfactionSheet, SatisfactionSurvey
from aftercare.models.survey import ELEMENTS
from clients.actions import silence
from clients.enums import Addressee, LetterLevel, Outcome
from clients.models import Treatment
from clients.queries.sessions import out_of_touch
from facilities.models import Facility
from rehab.models import User

ASKED, DECLINED = 0.75, 0.1


def surveys(random: Random, today: date, *, by: User) -> None:
    """Of the treatments completed in the last twelve months."""
    ended = Treatment.objects.filter(outcome=Outcome.COMPLETED, ended_on__gt=today - timedelta(days=365))
    asked, sheets = [], []
    units: dict[tuple[int, date], int] = {}
    for treatment in ended.select_related("facility").order_by("pk"):
        if random.random() > ASKED:
            continue
        place, day = treatment.facility, cast(date, treatment.ended_on)
        given = random.random() > DECLINED
        asked.append(SatisfactionSurvey(treatment=treatment, given=given, asked_on=day, asked_by=by))
        if given:
            unit = units.setdefault((place.pk, day), unit_on(place, day))
            sheets.append(_sheet(random, place, unit, day))
    SatisfactionSurvey.objects.bulk_create(asked, batch_size=1000)
    SatisfactionSheet.objects.bulk_create(random.sample(sheets, len(sheets)), batch_size=1000)


def _sheet(random: Random, place: Facility, unit: int, day: date) -> SatisfactionSheet:
    mood = random.gauss(3.4, 0.35)
    told: dict[str, int | None] = {name: min(4, max(1, round(random.gauss(mood, 0.4)))) for name in ELEMENTS}
    if random.random() < 0.15:
        told[random.choice(ELEMENTS)] = None
    return SatisfactionSheet(id=random.randrange(1, 2**53), facility=place, unit_id=unit, given_on=day, **told)


def letters(facility: Facility, today: date, *, by: User) -> None:
    """Who has been silent longest is written to."""
    for treatment in out_of_touch([facility.pk], today)[:1]:
        silence.write_letter(by=by, treatment=treatment, level=LetterLevel.FIRST, addressee=Addressee.CLIENT)


def delays(facility: Facility, today: date, *, by: User) -> None:
    """Who has been silent longest gets more time."""
    until = today + timedelta(days=14)
    for treatment in out_of_touch([facility.pk], today)[:1]:
        silence.put_off(by=by, treatment=treatment, silent_until=until, reason="Menjaga ibunya di rumah sakit")
