"""Warning letters in their order, and the decision that it is not a drop-out yet."""

import threading
from datetime import date, timedelta

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, connection, transaction

from clients.actions import attendance, silence
from clients.actions.attendance import Mark
from clients.enums import Addressee, LetterLevel, Outcome, Presence
from clients.letter_paper import letter_pdf
from clients.models import DropOutDelay, WarningLetter
from clients.queries.letters import content_of
from clients.queries.sessions import out_of_touch
from clients.queries.silence import silence_of
from rehab.errors import Refused
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories
from tests.clients import meetings

pytestmark = pytest.mark.django_db
# Thirty days after the first service of `meetings.in_treatment`.
SILENT = date(2019, 3, 31)
FIRST, SECOND, THIRD = LetterLevel


@pytest.fixture
def clinic():
    return factories.facility(of=factories.unit("BNNP-53"), phone="0380 000111", address="Jalan Contoh 1, Kupang")


@pytest.fixture
def sri(clinic):
    return factories.user(Role.COUNSELOR, clinic, name="Sri Contoh")


@pytest.fixture
def on():
    """Travels to noon of a day at the clinic."""
    with time_machine.travel("2019-03-31 04:00", tick=False) as clock:
        yield lambda day: clock.move_to(f"{day} 04:00")


def write(by, treatment, level=FIRST, addressee=Addressee.CLIENT):
    return silence.write_letter(by=by, treatment=treatment, level=level, addressee=addressee)


def delay(by, treatment, until, reason="Sedang dirawat di RSUD"):
    return silence.put_off(by=by, treatment=treatment, silent_until=until, reason=reason)


def test_letters_come_in_order_with_days_between_and_a_number_of_the_year(clinic, sri, on):
    andi, bela = meetings.in_treatment(clinic), meetings.in_treatment(clinic, "Bela Contoh")
    with pytest.raises(Refused, match="SP-1"):
        write(sri, andi, SECOND)
    first = write(sri, andi)
    assert (first.number, first.year, first.come_by, first.missed) == (1, 2019, date(2019, 4, 7), 0)
    assert first.reference == f"001/SP-1/{clinic.code}/2019"
    with pytest.raises(Refused, match="SP-1"):
        write(sri, andi)
    assert write(sri, bela).number == 2
    with pytest.raises(Refused, match="7 April 2019"):
        write(sri, andi, SECOND)
    on("2019-04-07")
    assert write(sri, andi, SECOND).number == 3
    with pytest.raises(Refused, match="14 April 2019"):
        write(sri, andi, THIRD)
    on("2019-04-14")
    write(sri, andi, THIRD)
    with pytest.raises(Refused):
        write(sri, andi, THIRD)
    assert silence_of(andi).next_level is None
    # Another facility counts by itself.
    there = factories.facility(of=clinic.unit)
    assert write(factories.user(Role.COUNSELOR, there), meetings.in_treatment(there, "Citra Contoh")).number == 1


def test_who_was_in_touch_is_warned_anew(clinic, sri, on):
    andi = meetings.in_treatment(clinic)
    write(sri, andi)
    came = meetings.planned(sri, clinic, andi, held_on=date(2019, 4, 2))
    on("2019-04-02")
    attendance.record(by=sri, session=came, edit=came.edit, marks={andi.pk: Mark(Presence.PRESENT, None)})
    with pytest.raises(Refused):
        write(sri, andi, SECOND)
    on("2019-05-03")
    found = silence_of(andi)
    assert (found.next_level, found.series, len(found.letters)) == (FIRST, [], 1)
    write(sri, andi)


def test_nobody_is_warned_who_is_in_touch_or_not_under_way(clinic, sri, on):
    on("2019-03-20")
    andi = meetings.in_treatment(clinic)
    with pytest.raises(Refused):
        write(sri, andi)
    planned = factories.treatment(factories.episode(at=clinic))
    with pytest.raises(Refused):
        write(sri, planned)
    ended = meetings.in_treatment(clinic, "Bela Contoh", ended_on=date(2019, 3, 2), outcome=Outcome.MOVED)
    with pytest.raises(Refused):
        write(sri, ended)


def test_a_letter_names_the_appointment_and_nothing_clinical(clinic, sri, on):
    andi = meetings.in_treatment(clinic, main_substance="opioids")
    said = content_of(write(sri, andi))
    assert said["to"] == "Andi Contoh"
    words = " ".join(said["said"])
    assert all(each in words for each in ("Jumat, 1 Maret 2019", "Minggu, 7 April 2019", "0380 000111"))
    whole = str(said).lower()
    assert not any(word in whole for word in ("sabu", "narkotika", "diagnos", "adiksi", "pecandu", "opioid"))
    to_family = write(sri, meetings.in_treatment(clinic, "Bela Contoh"), addressee=Addressee.FAMILY)
    assert content_of(to_family)["to"] == "Keluarga dari Bela Contoh"


def test_a_letter_is_printed_again_as_it_was_whatever_was_corrected_since(clinic, sri, on):
    letter = write(sri, meetings.in_treatment(clinic))
    before = letter_pdf(letter)
    clinic.name, clinic.phone = "Nama Baru", ""
    clinic.save()
    sri.name = "Orang Lain"
    sri.save()
    again = WarningLetter.objects.select_related("treatment__client", "facility").get()
    assert letter_pdf(again) == before
    assert b"Andi" not in bytes(again.content)


def test_letters_and_decisions_never_change(clinic, sri, on):
    andi = meetings.in_treatment(clinic)
    write(sri, andi)
    delay(sri, andi, date(2019, 4, 10))
    for change in (
        lambda: WarningLetter.objects.update(level=SECOND),
        lambda: WarningLetter.objects.all().delete(),
        lambda: DropOutDelay.objects.update(reason="lain"),
        lambda: DropOutDelay.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_not_yet_keeps_the_proposal_silent_until_its_day(clinic, sri, on):
    andi = meetings.in_treatment(clinic)
    assert list(out_of_touch([clinic.pk], SILENT)) == [andi]
    made = delay(sri, andi, date(2019, 4, 10))
    assert (made.contact_on, made.missed, made.decided_by) == (date(2019, 3, 1), 0, sri)
    assert AuditEvent.objects.get(verb="drop_out.put_off").reason == "Sedang dirawat di RSUD"
    assert not out_of_touch([clinic.pk], date(2019, 4, 9)).exists()
    assert list(out_of_touch([clinic.pk], date(2019, 4, 10))) == [andi]
    with pytest.raises(Refused, match="Sri Contoh"):
        delay(sri, andi, date(2019, 4, 20))
    on("2019-04-10")
    assert silence_of(andi).is_proposed
    delay(sri, andi, date(2019, 4, 20))


@pytest.mark.parametrize(
    ("until", "reason", "field"),
    [
        (SILENT, "Sakit", "silent_until"),
        (SILENT + timedelta(days=31), "Sakit", "silent_until"),
        (SILENT + timedelta(days=3), "  ", "reason"),
    ],
)
def test_a_decision_needs_a_reason_and_a_day_that_is_not_too_far(clinic, sri, on, until, reason, field):
    with pytest.raises(Refused) as refusal:
        delay(sri, meetings.in_treatment(clinic), until, reason)
    assert refusal.value.field == field


def test_nothing_is_put_off_where_nothing_is_proposed(clinic, sri, on):
    on("2019-03-10")
    with pytest.raises(Refused):
        delay(sri, meetings.in_treatment(clinic), date(2019, 3, 20))


def test_a_letter_before_the_last_contact_is_refused_by_the_database(clinic, sri):
    with pytest.raises(IntegrityError), transaction.atomic():
        WarningLetter.objects.create(
            treatment=meetings.in_treatment(clinic), facility=clinic, level=1, year=2019, number=1, addressee="client",
            contact_on=SILENT, missed=0, issued_on=SILENT, come_by=SILENT, issued_by=sri,
        )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_two_who_write_at_once_get_one_letter_each_number_once():
    clinic = factories.facility()
    sri = factories.user(Role.COUNSELOR, clinic)
    long_ago = clinic.local_date() - timedelta(days=60)
    treatments = [meetings.in_treatment(clinic, name, started_on=long_ago) for name in ("Andi Contoh", "Bela Contoh")]
    start, told = threading.Barrier(4, timeout=20), []

    def run(treatment):
        try:
            start.wait()
            write(sri, treatment)
            told.append("written")
        except Refused:
            told.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(treatment,), daemon=True) for treatment in treatments * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(told) == ["refused", "refused", "written", "written"]
    assert sorted(WarningLetter.objects.values_list("number", flat=True)) == [1, 2]
