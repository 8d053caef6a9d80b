"""Accounts of the simulated nation: one known login for each role and level, and one person at each place."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from django.contrib.auth.hashers import make_password

from facilities.enums import FacilityKind
from facilities.models import Facility, Posting, Unit
from rehab.demo import PASSWORD
from rehab.models import User
from rehab.roles import Role
from reports.simulation.plan import Plan
from reports.simulation.register import simulated

NATION, PROVINCE, REGENCY = "BNN", "BNNP-53", "BNNK-5371"
STEWARD = "sim.steward"
CLINIC, PRISON = FacilityKind.KLINIK_PRATAMA, FacilityKind.LAPAS


@dataclass(frozen=True)
class Login:
    """`place` is the code of a unit, or a kind of facility, of which the first is meant."""

    username: str
    role: Role
    place: str


LOGINS = (
    Login("sim.konselor", Role.COUNSELOR, CLINIC),
    Login("sim.loket", Role.CLERK, CLINIC),
    Login("sim.dokter", Role.DOCTOR, CLINIC),
    Login("sim.perawat", Role.NURSE, CLINIC),
    Login("sim.admin.fasilitas", Role.FACILITY_ADMIN, CLINIC),
    Login("sim.lapas", Role.CORRECTIONS, PRISON),
    Login("sim.staf.kota", Role.UNIT_STAFF, REGENCY),
    Login("sim.kepala.kota", Role.SIGNATORY, REGENCY),
    Login("sim.admin.kota", Role.UNIT_ADMIN, REGENCY),
    Login("sim.staf.prov", Role.UNIT_STAFF, PROVINCE),
    Login("sim.kepala.prov", Role.SIGNATORY, PROVINCE),
    Login("sim.admin.prov", Role.UNIT_ADMIN, PROVINCE),
    Login("sim.tat", Role.TAT_SECRETARIAT, PROVINCE),
    Login("sim.tat.medis", Role.TAT_MEDICAL, PROVINCE),
    Login("sim.tat.hukum", Role.TAT_LEGAL, PROVINCE),
    Login("sim.agen", Role.RECOVERY_AGENT, REGENCY),
    Login("sim.staf.bnn", Role.UNIT_STAFF, NATION),
    Login("sim.kepala.bnn", Role.SIGNATORY, NATION),
    Login("sim.admin.bnn", Role.UNIT_ADMIN, NATION),
    Login("sim.analis", Role.ANALYST, NATION),
    Login("sim.auditor", Role.AUDITOR, NATION),
    Login(STEWARD, Role.DATA_STEWARD, NATION),
    Login("sim.sistem", Role.SYSTEM_ADMIN, NATION),
)


def build(plan: Plan) -> None:
    """All of them share the demo's password, so it is hashed once. Those that are there already stay."""
    if User.objects.filter(username=LOGINS[0].username).exists():
        return
    hashed = make_password(PASSWORD)
    posts = list(_known()) + list(_everywhere())
    users = User.objects.bulk_create(
        User(
            username=username,
            name=_name(username),
            email=f"{username}@contoh.test",
            password=hashed,
            is_staff=role == Role.SYSTEM_ADMIN,
            is_superuser=role == Role.SYSTEM_ADMIN,
        )
        for username, role, _ in posts
    )
    Posting.objects.bulk_create(
        Posting(
            user=user,
            role=role,
            unit=place if isinstance(place, Unit) else None,
            facility=place if isinstance(place, Facility) else None,
            starts_on=plan.since,
            reason="rekaan",
        )
        for user, (_, role, place) in zip(users, posts, strict=True)
    )


def _known() -> Iterator[tuple[str, Role, Unit | Facility]]:
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=(NATION, PROVINCE, REGENCY))}
    for login in LOGINS:
        place = units.get(login.place) or simulated().filter(kind=login.place).order_by("code").first()
        yield login.username, login.role, cast("Unit | Facility", place)


def _everywhere() -> Iterator[tuple[str, Role, Unit | Facility]]:
    """A counselor at each facility, and a member of staff at each unit."""
    for facility in simulated().order_by("code"):
        yield f"sim.{facility.code.lower()}", Role.COUNSELOR, facility
    for unit in Unit.objects.order_by("code"):
        yield f"sim.{unit.code.lower()}", Role.UNIT_STAFF, unit


def _name(username: str) -> str:
    return f"{username.removeprefix('sim.').replace('.', ' ').title()} Contoh"
