"""Makers of rows for tests: invented people, real units. Each takes what the test is about and fills in the rest."""

import itertools
from datetime import date

from clients.enums import GROUP_OF, Admission, AgeGroup, NoNikReason, Programme, Setting
from clients.models import Client, Episode, Identity, LinkGround, Person, PersonLink, Treatment
from facilities.enums import CertificateResult, FacilityKind, Owner, Ownership, Qualifying, RegionLevel, UnitKind
from facilities.models import Facility, FacilityTerm, Posting, Qualification, Region, Unit, UnitTerm
from rehab import vault
from rehab.enums import Sex, zone_of_province
from rehab.identity.tokens import phone_digits
from rehab.models import User
from rehab.roles import Role

_number = itertools.count(1)
LONG_AGO = date(2002, 3, 22)
PASSWORD = "kata-sandi-contoh"


def region(code: str = "5371", name: str = "Kota Kupang") -> Region:
    parent = None
    if len(code) > 2:
        parent = region(
            code[:2], {"53": "Nusa Tenggara Timur", "51": "Bali", "36": "Banten"}.get(code[:2], f"Provinsi {code[:2]}")
        )
    level = {2: RegionLevel.PROVINCE, 4: RegionLevel.REGENCY, 6: RegionLevel.DISTRICT}[len(code)]
    return Region.objects.get_or_create(code=code, defaults={"name": name, "level": level, "parent": parent})[0]


def unit(code: str = "BNNP-53", *, parent: Unit | None = None, name: str = "") -> Unit:
    """A unit under its natural parent: BNNK under BNNP under BNN, all made when they are missing."""
    found = Unit.objects.filter(code=code).first()
    if found:
        return found
    kind, _, area = code.partition("-")
    if parent is None and kind == "BNNP":
        parent = unit("BNN")
    if parent is None and kind == "BNNK":
        parent = unit(f"BNNP-{area[:2]}")
    made = Unit.objects.create(
        code=code,
        kind=UnitKind(kind.lower()),
        name=name or code,
        parent=parent,
        region=region(area, f"Wilayah {area}") if area else None,
        zone=zone_of_province(area) if area else zone_of_province("31"),
        starts_on=LONG_AGO,
        activated_on=date(2019, 1, 1),
    )
    UnitTerm.objects.create(unit=made, name=made.name, parent=parent, starts_on=LONG_AGO)
    return made


def facility(name: str = "", *, of: Unit | None = None, region_code: str = "", **fields) -> Facility:
    number = next(_number)
    of = of or unit()
    where = region(
        region_code or (of.region_id if of.region_id and len(of.region_id) == 4 else f"{of.region_id or '31'}71")
    )
    values = {
        "code": f"F{number:05d}",
        "name": name or f"Klinik Contoh {number}",
        "kind": FacilityKind.KLINIK_PRATAMA,
        "owner": Owner.BNN,
        "ownership": Ownership.GOVERNMENT,
        "unit": of,
        "region": where,
        "opened_on": LONG_AGO,
    }
    made = Facility.objects.create(**(values | fields))
    FacilityTerm.objects.create(
        facility=made,
        unit=made.unit,
        ownership=made.ownership,
        is_operational=made.is_operational,
        offers_aftercare=made.offers_aftercare,
        starts_on=LONG_AGO,
    )
    return made


def user(role: Role | None = None, at: Unit | Facility | None = None, *, name: str = "", **fields) -> User:
    """A person, with a post when `role` is given."""
    number = next(_number)
    made = User.objects.create_user(
        username=fields.pop("username", f"orang{number}"),
        email=fields.pop("email", f"orang{number}@contoh.test"),
        password=PASSWORD,
        name=name or f"Petugas Contoh {number}",
        **fields,
    )
    if role:
        post(made, role, at)
    return made


def post(
    holder: User, role: Role, at: Unit | Facility, *, starts_on: date = LONG_AGO, ends_on: date | None = None
) -> Posting:
    place = {"unit": at} if isinstance(at, Unit) else {"facility": at}
    return Posting.objects.create(user=holder, role=role, starts_on=starts_on, ends_on=ends_on, **place)


def client(
    name: str = "Andi Contoh",
    *,
    sex: str = Sex.MALE,
    birth_date: date | None = date(1995, 5, 17),
    nik: str = "",
    phone: str = "",
) -> Client:
    """A client with an encrypted identity and without an episode; visible to nobody yet."""
    person = Person.objects.create()
    key = vault.new_key()
    made = Client.objects.create(
        code=f"K-{next(_number):07d}",
        person=person,
        sex=sex,
        birth_year=birth_date.year if birth_date else None,
        data_key=key,
    )
    PersonLink.objects.create(client=made, person=person, ground=LinkGround.REGISTRATION)

    def sealed(field: str, value: str) -> bytes:
        return vault.encrypt(key, value, f"clients.identity.{field}:{made.code}")

    Identity.objects.create(
        client=made,
        name=sealed("name", name),
        birth_date=sealed("birth_date", birth_date.isoformat() if birth_date else ""),
        nik=sealed("nik", nik),
        phone=sealed("phone", phone),
        address=b"",
        mother_name=b"",
        no_nik_reason="" if nik else NoNikReason.NOT_BROUGHT,
        nik_index=vault.blind("nik", nik),
        phone_index=vault.blind("phone", phone_digits(phone)),
        birth_index=vault.blind("birth_date", birth_date.isoformat()) if birth_date else None,
        name_tokens=vault.name_tokens(name),
    )
    return made


def episode(of: Client | None = None, at: Facility | None = None, **fields) -> Episode:
    of = of or client()
    values = {
        "client": of,
        "number": of.episodes.count() + 1,
        "admission": Admission.VOLUNTARY,
        "responsible_facility": at or facility(),
        "opened_on": date(2019, 2, 1),
    } | fields
    values.setdefault("admission_group", GROUP_OF[Admission(values["admission"])])
    return Episode.objects.create(**values)


def treatment(of: Episode | None = None, **fields) -> Treatment:
    of = of or episode()
    at = fields.get("facility", of.responsible_facility)
    values = {
        "client": of.client,
        "episode": of,
        "facility": at,
        "programme": Programme.NON_TC,
        "setting": Setting.OUTPATIENT,
        "planned_on": of.opened_on,
        "unit": at.unit,
        "admission_group": of.admission_group,
        "sex": of.client.sex,
        "age_group": AgeGroup.FROM_20,
        "ownership": at.ownership,
    }
    return Treatment.objects.create(**(values | fields))


def qualification(of: User, what: str = Qualifying.COUNSELOR, **fields) -> Qualification:
    """A licence, or a certificate with the result competent, valid since long ago."""
    certificate = {"result": CertificateResult.COMPETENT} if what in Qualifying.certificates() else {}
    values = {"number": f"N-{next(_number)}", "starts_on": LONG_AGO} | certificate
    return Qualification.objects.create(user=of, what=what, **(values | fields))
