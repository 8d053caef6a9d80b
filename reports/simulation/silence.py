"""Warning letters to some of the clients who fell out of touch, and decisions that it is not a drop-out yet."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from django.db.models import Max
from django.utils import translation

from clients.enums import Addressee, LetterLevel
from clients.models import DropOutDelay, WarningLetter
from clients.queries.letters import content_context, paper
from clients.queries.sessions import COMES_AND_GOES, Limits, limits, under_way
from clients.queries.silence import LETTER_DAYS, LETTER_GAP, LONGEST_DELAY
from rehab import tunables, vault
from rehab.models import User
from reports.simulation.nation import Nation
from reports.simulation.plan import Plan

# One of four silent clients is written to, but no more of them than this in the whole nation: each letter is sealed.
WRITTEN_TO, MOST = 0.25, 1500
PUT_OFF = 0.15
TABLES = ("clients_warningletter", "clients_dropoutdelay")


# A treatment with contact, misses and setting of the day, as `under_way` gives it.
Row = Any


@dataclass(frozen=True)
class _Due:
    issued_on: date
    level: LetterLevel
    row: Row
    to: Addressee


def build(plan: Plan, nation: Nation) -> None:
    """As of today, of the silences that last; needs the indexes of treatments and attendances."""
    by = {place.id: place.by for place in nation.places}
    held, settings = limits(), tunables.values(LETTER_GAP, LETTER_DAYS, LONGEST_DELAY)
    random = Random(f"{plan.seed}:silence")
    rows = under_way(by, plan.today).select_related("client__identity", "facility__unit", "facility__region")
    quiet = [row for row in rows.order_by("pk") if _silent_since(row, held) < plan.today]
    users = User.objects.in_bulk(by.values())
    share = min(WRITTEN_TO, MOST / max(len(quiet), 1))
    due: list[_Due] = []
    delays: list[DropOutDelay] = []
    for row in quiet:
        if random.random() < share:
            due += _letters(row, _silent_since(row, held), settings[LETTER_GAP], plan.today, random)
        if held.is_silent(row, plan.today) and random.random() < PUT_OFF * share / WRITTEN_TO:
            delays.append(_delay(row, plan.today, settings[LONGEST_DELAY], users[by[row.facility_id]], random))
    WarningLetter.objects.bulk_create(_written(due, settings[LETTER_DAYS], by, users), batch_size=500)
    DropOutDelay.objects.bulk_create(delays, batch_size=500)


def _silent_since(row: Row, held: Limits) -> date:
    """From this day on there is something to write about; the last day of all for who is in touch."""
    if row.missed and row.missed_on:
        return row.missed_on
    return row.contact_on + timedelta(days=held.days) if row.setting_now in COMES_AND_GOES else date.max


def _letters(row: Row, since: date, gap: int, today: date, random: Random) -> Iterator[_Due]:
    """Up to three, each a while after the one before."""
    to = Addressee.FAMILY if random.random() < 0.3 else Addressee.CLIENT
    day = since + timedelta(days=1 + random.randrange(5))
    for level in LetterLevel:
        if day > today:
            return
        yield _Due(day, level, row, to)
        day += timedelta(days=gap + random.randrange(4))


def _written(due: Iterable[_Due], days: int, by: dict[int, int], users: dict[int, User]) -> list[WarningLetter]:
    """Numbered in the order of their days at each facility and year."""
    held = WarningLetter.objects.order_by().values_list("facility", "year").annotate(last=Max("number"))
    numbers = defaultdict(int, {(facility, year): last for facility, year, last in held})
    before: dict[int, list[WarningLetter]] = defaultdict(list)
    for each in sorted(due, key=lambda each: (each.issued_on, each.row.pk)):
        row, place = each.row, (each.row.facility_id, each.issued_on.year)
        numbers[place] += 1
        letter = WarningLetter(
            treatment=row,
            facility=row.facility,
            level=each.level,
            year=each.issued_on.year,
            number=numbers[place],
            addressee=each.to,
            contact_on=row.contact_on,
            missed=row.missed,
            issued_on=each.issued_on,
            come_by=each.issued_on + timedelta(days=days),
            issued_by=users[by[row.facility_id]],
        )
        _seal(letter, row, before[row.pk])
        before[row.pk].append(letter)
    return [letter for letters in before.values() for letter in letters]


def _seal(letter: WarningLetter, row: Row, before: list[WarningLetter]) -> None:
    """As `clients.actions.silence` seals what is printed."""
    with translation.override("id"):
        said = paper(letter, missed_on=row.missed_on, before=before)
    letter.digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    said["hash"] = letter.digest
    letter.content = vault.encrypt(row.client.data_key, json.dumps(said), content_context(letter))


def _delay(row: Row, today: date, longest: int, by: User, random: Random) -> DropOutDelay:
    return DropOutDelay(
        treatment=row,
        decided_on=today,
        silent_until=today + timedelta(days=1 + random.randrange(longest)),
        reason="Keluarga memberi kabar (rekaan)",
        missed=row.missed,
        contact_on=row.contact_on,
        decided_by=by,
    )
