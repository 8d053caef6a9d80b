"""Puts the demo together, in one transaction: all of it or nothing."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random

from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from facilities.models import Facility, Posting, Unit
from rehab import audit
from rehab.demo import LOGINS, PASSWORD
from rehab.models import User
from reports.demo import care, closing, figures, finding, persons, tat
from reports.demo.intake import intake
from reports.demo.monthly import monthly
from reports.demo.people import People
from reports.demo.sessions import sessions
from reports.demo.stories import Storyteller
from reports.demo.wards import wards
from reports.demo.ways import Batch
from reports.simulation.rebuilt import keeping_later

PUBLISHED = Path(__file__).resolve().parent.parent / "data" / "published_figures.csv"
SINCE = date(2019, 1, 1)
SEED = 53
CLINIC = "Klinik Pratama BNNP Nusa Tenggara Timur"
SESSIONS = {
    CLINIC: "konselor",
    "Klinik Pratama BNNP Bali": "konselor.bali",
    "Lapas Klas II A Pemuda Tangerang": "konselor",
}
REPORTING = ("BNN", "BNNP-53", "BNNP-51", "BNNK-5371")


def is_loaded() -> bool:
    return User.objects.filter(username=LOGINS[0].username).exists()


@transaction.atomic
def load(say: Callable[[str], None]) -> None:
    """`say` is told each step before it is taken."""
    random = Random(SEED)
    say("wilayah, satuan kerja, dan fasilitas")
    for command in ("load_regions", "load_units", "load_facilities"):
        call_command(command, stdout=_Quiet())
    units = {unit.code: unit for unit in Unit.objects.all()}
    facilities = {place.name: place for place in Facility.objects.select_related("unit")}
    _activate()
    say("akun")
    users = _accounts(units, facilities)
    counselor, staff = users["konselor"], users["staf.ntt"]
    today = timezone.localdate()
    figures.qualifications(users, today)
    finding.kept(counselor=counselor, staff=staff)
    say("klien rekaan")
    people = People(random)
    batch = Batch(random, counselor)
    # In the order of their registration, so that the newest of the list of clients are the newest.
    for way in sorted(Storyteller(random, people, facilities, today).all(), key=lambda way: way.registered):
        batch.add(way)
    with keeping_later():
        batch.save()
    say("sesi dan kehadiran")
    for name, leader in SESSIONS.items():
        sessions(random, facilities[name], today, by=users[leader])
    say("survei kepuasan dan surat peringatan")
    closing.surveys(random, today, by=counselor)
    closing.letters(facilities[CLINIC], today, by=counselor)
    closing.delays(facilities["Klinik Pratama BNNP Bali"], today, by=users["konselor.bali"])
    say("rencana terapi, tes urine, serah terima, metadon")
    place, other = facilities[CLINIC], facilities["Klinik Pratama BNNP Bali"]
    care.clinic(place, by=counselor)
    care.on_the_way(place, other, by=counselor, there=users["konselor.bali"])
    care.methadone(random, facilities["Lapas Klas II A Pemuda Tangerang"], by=users["dokter.lapas"])
    say("dokumen dan kartu lapor diri")
    intake(facilities[CLINIC], by=counselor)
    say("orang yang mirip, rujukan VCT, tahap program")
    persons.look_alikes(place, other, by=users["loket"])
    persons.vct_referral(place, by=counselor)
    persons.residents(facilities["Balai Besar Rehabilitasi BNN Lido"], by=users["konselor.lido"])
    say("target, TAT, dan angka terbit")
    figures.targets(units, today.year, staff)
    figures.budgets(units["BNNP-53"], today, staff)
    figures.strengthenings(facilities, today, staff)
    figures.tat_cases(random, people, units, today, users["tat.ntt"])
    tat.cases(people, units["BNNP-53"], facilities[LOGINS[0].place], users)
    say("tempat tidur dan daftar tunggu")
    wards(random, people, facilities, today, by=users["konselor.loka"])
    say("tes urine dan BAM bulanan")
    monthly(random, today, by=counselor)
    call_command("import_figures", str(PUBLISHED), stdout=_Quiet(), stderr=_Quiet())
    audit.record("demo.loaded", by=None, subject="demo")


def _activate() -> None:
    """The units with a story have used Titian since January, so their reports of this year fall due; the others begin now."""
    today = timezone.localdate()
    Unit.objects.update(activated_on=today.replace(day=1))
    Unit.objects.filter(code__in=REPORTING).update(activated_on=date(today.year, 1, 1))


def _accounts(units: dict[str, Unit], facilities: dict[str, Facility]) -> dict[str, User]:
    """All demo logins share one password, so it is hashed once."""
    hashed = make_password(PASSWORD)
    users = User.objects.bulk_create(
        User(
            username=login.username,
            name=login.name,
            email=login.email,
            password=hashed,
            is_staff=login.role == "system_admin",
            is_superuser=login.role == "system_admin",
        )
        for login in LOGINS
    )
    Posting.objects.bulk_create(
        Posting(
            user=user,
            role=login.role,
            unit=units.get(login.place),
            facility=facilities.get(login.place),
            starts_on=SINCE,
            reason="demo",
        )
        for login, user in zip(LOGINS, users, strict=True)
    )
    return {user.username: user for user in users}


class _Quiet:
    """Swallows what the commands called on the way print."""

    def write(self, text: str) -> None: ...

    def flush(self) -> None: ...
