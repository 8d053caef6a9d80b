"""Care at the demo's clinic as it looks on a working day: plans, cups, hand-overs of every status; methadone at a prison."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import cast
from zoneinfo import ZoneInfo

from django.utils import timezone

from assessments.actions import draws, urine
from assessments.models.urine import UrineTest
from clients.actions import handovers, plans
from clients.actions.plans import GoalData
from clients.enums import ConsentScope, DoseWay, Medicine, ProblemArea
from clients.models import Dose, Handover, Prescription, Treatment, TreatmentPlan
from facilities.models import Facility
from rehab.models import User

GOALS = (
    (ProblemArea.SUBSTANCE, "Masih memakai pada akhir pekan", "Tidak memakai sampai akhir layanan", "Konseling tiap minggu"),
    (ProblemArea.FAMILY, "Istri belum tahu tentang layanan", "Keluarga ikut mendampingi", "Sesi keluarga dua kali"),
    (ProblemArea.WORK, "Kehilangan pekerjaan", "Mengikuti pelatihan kerja", "Rujuk ke BLK setempat"),
)  # fmt: skip
# As read: the first two of every five cups find something.
POSITIVE = ("met", "thc")
STRIPS = ("amp", "met", "thc", "bzo", "mop")
DOSED, DOSE_DAYS = 4, 12


def clinic(facility: Facility, *, by: User) -> None:
    """Plans of ten clients in treatment, a few of them to be looked at again; a draw with cups on their way."""
    held = list(facility.treatments.open().exclude(started_on=None).select_related("client", "episode").order_by("pk"))
    today = facility.local_date()
    adults = [row for row in held if today.year - (row.client.birth_year or 0) > 18]
    for number, treatment in enumerate(adults[:10]):
        _plan(treatment, by=by, agreed=number < 8, review_in=(number - 2) * 9)
    draws.draw(by=by, facility=facility, size=min(5, len(held)))
    for number, test in enumerate(UrineTest.objects.filter(facility=facility).order_by("pk")[:4]):
        urine.collect(by=by, test=test, observed=number % 2 == 0)
        if number < 3:
            found = {name: "positive" if number < 2 and name == POSITIVE[number] else "negative" for name in STRIPS}
            urine.read(by=by, test=test, results=found)


def _plan(treatment: Treatment, *, by: User, agreed: bool, review_in: int) -> TreatmentPlan:
    today = treatment.facility.local_date()
    goals = [GoalData(*words, due_on=today + timedelta(days=30 + 20 * place)) for place, words in enumerate(GOALS)]
    plan = plans.draft(by=by, treatment=treatment, goals=goals)
    plan = plans.write(by=by, plan=plan, edit=plan.edit, goals=goals, review_on=today + timedelta(days=review_in))
    return plans.agree(by=by, plan=plan, edit=plan.edit, agreed_on=today) if agreed else plan


def on_the_way(facility: Facility, other: Facility, *, by: User, there: User) -> None:
    """Between the clinic and another facility, in both directions: one hand-over of each status."""
    ours, theirs = _who_may_go(facility), _who_may_go(other)
    _offer(theirs.pop(), facility, there, hours=30)
    _offer(ours.pop(), other, by, hours=50)
    handovers.decline(by=there, handover=_offer(ours.pop(), other, by), reason="Tempat penuh sampai bulan depan")
    handovers.recall(by=by, handover=_offer(ours.pop(), other, by), reason="Klien memilih tetap di klinik")
    handovers.receive(by=by, handover=_offer(theirs.pop(), facility, there))
    taken = handovers.receive(by=there, handover=_offer(ours.pop(), other, by))
    handovers.first_contact(by=there, handover=taken, contacted_on=other.local_date())
    handovers.leave(by=by, handover=_offer(ours.pop(), None, by))


def _who_may_go(facility: Facility) -> list[Treatment]:
    """The longest in treatment last, of those whose consent covers it."""
    rows = facility.treatments.open().exclude(started_on=None).filter(
        client__consents__facility=facility, client__consents__revoked_at=None,
        client__consents__scope=ConsentScope.REFERRAL, client__consents__ends_on=None, plans=None, urine_tests=None,
    ).select_related("episode__client")  # fmt: skip
    return list(rows.order_by("-started_on", "-pk").distinct())


def _offer(treatment: Treatment, to: Facility | None, by: User, hours: int = 0) -> Handover:
    """`hours`: so long ago."""
    made = handovers.offer(
        by=by,
        episode=treatment.episode,
        to_facility=to,
        outside="" if to else "RS Contoh Mataram",
        setting=treatment.setting,
        programme=treatment.programme,
        reason="Pindah domisili; perlu layanan dekat keluarga",
        summary="Klien teratur hadir. Pemicu utama: pergaulan lama. Belum ada keluhan fisik.",
    )
    if hours:
        made.offered_at = timezone.now() - timedelta(hours=hours)
        made.save(update_fields=["offered_at"])
    return made


def methadone(random: Random, facility: Facility, *, by: User) -> None:
    """A few clients on methadone since two weeks; one of them has not come for two days."""
    held = facility.treatments.open().exclude(started_on=None).select_related("client", "facility__region")
    today, rows = facility.local_date(), []
    for number, treatment in enumerate(held.order_by("pk")[:DOSED]):
        row = Prescription.objects.create(
            treatment=treatment,
            medicine=Medicine.METHADONE,
            mg=Decimal(40 + 10 * number),
            take_home_most=2,
            starts_on=max(today - timedelta(days=DOSE_DAYS), cast(date, treatment.started_on)),
            prescribed_by=by,
        )
        last = today - timedelta(days=3 if number == 1 else 1)
        days = (row.starts_on + timedelta(days=each) for each in range(max(0, (last - row.starts_on).days + 1)))
        rows += [_dose(random, row, day, by) for day in days]
    Dose.objects.bulk_create(rows)


def _dose(random: Random, row: Prescription, day, by: User) -> Dose:
    given = datetime.combine(day, time(8, random.randrange(60)), ZoneInfo(row.treatment.facility.zone))
    return Dose(
        prescription=row, client=row.treatment.client, for_day=day, way=DoseWay.WITNESSED, mg=row.mg,
        given_at=min(given, timezone.now()), given_by=by,
    )  # fmt: skip
