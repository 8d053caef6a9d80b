"""Every address, for every role: a person of another unit learns nothing, and nobody sees more than the role allows.

The world has one client of a facility in NTT with something of every kind; the visitors are posted in Bali, or in NTT
with a role that sees no clients. Each address is opened and posted to; no answer may carry what identifies the client.
"""

import json
import re
from dataclasses import dataclass
from datetime import date, time
from functools import cached_property
from html.parser import HTMLParser

import pytest
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from aftercare.models import AftercarePlan, FollowUp
from assessments.enums import AssessmentStatus, TatAgency, TatStatus, TatTeam
from assessments.models import (
    Assessment,
    CaseFacts,
    RandomDraw,
    SafetyAlert,
    TatCase,
    TatDocument,
    TatLegalRecord,
    TatMedicalRecord,
    TatMember,
    TatPlenary,
    UrineTest,
    VctReferral,
)
from clients.actions import documents
from clients.enums import (
    Addressee,
    DocumentKind,
    DoseWay,
    LetterLevel,
    Medicine,
    Presence,
    ProblemArea,
    SessionKind,
    SessionStatus,
)
from clients.models import (
    Attendance,
    Client,
    Dose,
    Episode,
    Handover,
    KeptApart,
    MandatoryReportCard,
    MatchCandidate,
    Placement,
    PlanGoal,
    Prescription,
    Session,
    Treatment,
    TreatmentPlan,
    WaitingListEntry,
    WarningLetter,
)
from clients.queries.letters import content_context, paper
from facilities.models import Bed, Facility, Unit
from rehab import vault
from rehab.models import AuditEvent, User
from rehab.roles import ROLES, Permission, Role
from rehab.uploads import Upload
from reports.enums import FigureScope, PeriodKind
from reports.models import Budget, Report
from tests import factories
from tests.papers import png

OWN = {"facilities", "clients", "assessments", "aftercare", "reports", ""}
NAME, NIK, PHONE = "Rahasia Sekali Contoh", "5371011705959001", "081200001234"
NOTE = "catatan rahasia sekali"
CARE_ROLES = {role for role, rule in ROLES.items() if Permission.SEE_CLIENTS in rule.permissions}
# Where an outsider must get 404 (or 403 where the role has no such page at all).
CLIENT_ROUTES = re.compile(
    r"^(klien/<|asesmen/<|peringatan/<|layanan/<|pasca/<|pasca/tindak/<|tat/<|episode/<|sesi/<|rencana/<|sasaran/<|tes-urine/<|tes-urine/undian/<|resep/<|dosis/<|dokumen/<|kartu/<|surat/<|serah-terima/<|vct/<|tautan-orang/<|tautan-orang/orang/<|tautan-orang/pisah/<|penempatan/<|daftar-tunggu/<)"
)


# The auditor reads who looked at a record, under its code.
OPEN_TO = {(Role.AUDITOR, "klien/<str:code>/pembuka/")}


@dataclass
class World:
    """One client's rows in NTT."""

    unit: Unit
    facility: Facility
    client: Client
    episode: Episode
    treatment: Treatment
    assessment: Assessment
    plan: AftercarePlan
    follow_up: FollowUp
    tat: TatCase
    session: Session
    goal: PlanGoal
    urine: UrineTest
    dose: Dose
    handover: Handover
    placement: Placement
    wait: WaitingListEntry
    report: Report
    budget: Budget
    person: User

    @property
    def secrets(self) -> list[str]:
        return [self.client.code, NAME, "Rahasia", NIK, PHONE, NOTE, self.tat.code]

    @cached_property
    def holes(self) -> dict[str, dict[str, object]]:
        """What stands in the holes of an address, by the beginning of its route; an unknown one must be taught here."""
        return {
            "klien/": {"code": self.client.code, "instrument": "assist", "number": self.episode.number,
                       "pk": self.treatment.pk, "key": "care"},
            "fasilitas/": {"code": self.facility.code, "pk": self.facility.terms.first().pk},
            "asesmen/": {"pk": self.assessment.pk},
            "layanan/": {"pk": self.treatment.pk},
            "sesi/": {"pk": self.session.pk},
            "rencana/": {"pk": self.goal.plan_id},
            "sasaran/": {"pk": self.goal.pk},
            "tes-urine/undian/": {"pk": self.urine.draw_id},
            "tes-urine/": {"pk": self.urine.pk},
            "serah-terima/": {"pk": self.handover.pk, "step": "terima", "number": self.client.documents.get().pk},
            "dokumen/": {"pk": self.client.documents.get().pk},
            "kartu/": {"pk": self.client.cards.get().pk},
            "surat/": {"pk": self.treatment.letters.get().pk},
            "resep/": {"pk": self.dose.prescription_id},
            "dosis/": {"pk": self.dose.pk},
            "tempat-tidur/": {"code": self.facility.code, "pk": self.placement.bed_id},
            "penempatan/": {"pk": self.placement.pk},
            "daftar-tunggu/": {"pk": self.wait.pk, "step": "keluarkan"},
            "pasca/tindak/": {"pk": self.follow_up.pk},
            "pasca/": {"pk": self.plan.pk},
            "teks-instrumen/": {"pk": 1},
            "peringatan/": {"pk": self.assessment.safety_alerts.get().pk},
            "hari-ini/": {"key": "bam"},
            "tat/": {"code": self.tat.code, "pk": self.tat.members.first().pk, "number": 1},
            "vct/": {"pk": VctReferral.objects.get().pk},
            "tautan-orang/orang/": {"pk": self.client.person_id, "code": self.client.code},
            "tautan-orang/pisah/": {"pk": KeptApart.objects.get().pk},
            "tautan-orang/": {"pk": MatchCandidate.objects.get().pk},
            "laporan/": {"pk": self.report.pk, "year": 2019},
            "orang/": {"pk": self.person.pk, "kind": "izin", "number": self.person.qualifications.get().pk},
            "pengaturan/": {"key": "aftercare.window_months"},
            "unit/": {"code": self.unit.code},
            "capaian/": {"code": self.unit.code, "year": 2019, "indicator": "clients_rehabilitated", "key": "alur",
                         "step": "registered"},
            "anggaran/": {"code": self.unit.code, "year": 2019, "pk": self.budget.pk},
            "target/": {"code": self.unit.code, "year": 2019, "indicator": "clients_rehabilitated"},
        }  # fmt: skip

    def hole(self, route: str, name: str) -> object:
        for prefix, holes in self.holes.items():
            if route.startswith(prefix) and name in holes:
                return holes[name]
        raise AssertionError(f"teach the crawler what <{name}> is in {route}")


@pytest.fixture
def world(db) -> World:
    unit = factories.unit("BNNP-53")
    facility = factories.facility(of=unit)
    counselor = factories.user(Role.COUNSELOR, facility)
    client = factories.client(NAME, nik=NIK, phone=PHONE)
    episode = factories.episode(client, facility)
    treatment = factories.treatment(episode, started_on=date(2019, 3, 1))
    CaseFacts.objects.create(episode=episode, substance_note=NOTE)
    assessment = Assessment.objects.create(
        client=client,
        episode=episode,
        facility=facility,
        instrument="assist",
        version="3.1",
        status=AssessmentStatus.COMPLETED,
        answers={"q1_j": True, "q1_j_text": NOTE},
        administered_on=date(2019, 2, 2),
        completed_at=timezone.now(),
        completed_by=counselor,
    )
    SafetyAlert.objects.create(assessment=assessment, client=client, facility=facility, code="injecting")
    plan = AftercarePlan.objects.create(
        client=client,
        treatment=treatment,
        facility=facility,
        starts_on=date(2019, 6, 1),
        window_ends_on=date(2019, 12, 1),
    )
    follow_up = FollowUp.objects.create(plan=plan, due_on=date(2019, 7, 1), note=NOTE)
    tat = TatCase.objects.create(
        client=client,
        unit=unit,
        code="TAT-53-2019-001",
        status=TatStatus.SUBMITTED,
        requested_by=NOTE,
        request_number=NOTE,
        request_on=date(2019, 1, 2),
        received_on=date(2019, 1, 2),
    )
    doctor = factories.user(Role.DOCTOR, facility)
    TatMember.objects.create(
        case=tat,
        user=doctor,
        team=TatTeam.MEDICAL,
        agency=TatAgency.DOCTOR,
        assigned_by=doctor,
        assigned_at=timezone.now(),
    )
    signed = {
        "case": tat,
        "version": 1,
        "signed_by": doctor,
        "signed_at": timezone.now(),
        "examined_on": date(2019, 1, 3),
    }
    TatMedicalRecord.objects.create(**signed, notes=NOTE, conclusion=NOTE)
    TatLegalRecord.objects.create(**signed, notes=NOTE, conclusion=NOTE)
    report = Report.objects.create(
        unit=unit,
        scope=FigureScope.OWN,
        kind=PeriodKind.MONTH,
        starts_on=date(2019, 3, 1),
        ends_on=date(2019, 4, 1),
    )
    session = Session.objects.create(
        facility=facility,
        kind=SessionKind.INDIVIDUAL,
        held_on=date(2019, 3, 4),
        starts_at=time(9),
        theme=NOTE,
        led_by=counselor,
        status=SessionStatus.HELD,
    )
    Attendance.objects.create(
        session=session,
        treatment=treatment,
        client=client,
        held_on=session.held_on,
        presence=Presence.PRESENT,
        note=NOTE,
        recorded_at=timezone.now(),
        recorded_by=counselor,
    )
    drafted = TreatmentPlan.objects.create(treatment=treatment, version=1, written_by=counselor, source="ASSIST")
    goal = PlanGoal.objects.create(plan=drafted, position=1, area=ProblemArea.WORK, problem=NOTE, goal=NOTE)
    draw = RandomDraw.objects.create(
        facility=facility,
        drawn_on=date(2019, 3, 4),
        drawn_at=timezone.now(),
        drawn_by=counselor,
        seed="benih",
        pool=[client.code],
        size=1,
    )
    urine = UrineTest.objects.create(
        client=client, treatment=treatment, facility=facility, draw=draw, wanted_on=draw.drawn_on, note=NOTE
    )
    VctReferral.objects.create(
        client=client, treatment=treatment, kind="hiv", referred_on=date(2019, 3, 4), consented_on=date(2019, 3, 4),
        to_place=NOTE, referred_by=counselor,
    )  # fmt: skip
    alike, steward = factories.client(NAME), factories.user(Role.DATA_STEWARD, factories.unit("BNN"))
    MatchCandidate.objects.create(first=client, second=alike, strength=60)
    KeptApart.objects.create(first=client, second=alike, reason="alasan", kept_by=steward)
    prescription = Prescription.objects.create(
        treatment=treatment, medicine=Medicine.METHADONE, mg=60, starts_on=date(2019, 3, 4), prescribed_by=counselor
    )
    dose = Dose.objects.create(
        prescription=prescription,
        client=client,
        for_day=date(2019, 3, 4),
        way=DoseWay.WITNESSED,
        mg=60,
        given_at=timezone.now(),
        given_by=counselor,
        void_reason=NOTE,
    )
    placement = Placement.objects.create(
        treatment=treatment,
        client=client,
        bed=Bed.objects.create(facility=facility, room="Melati", label="1", sex=client.sex, starts_on=date(2019, 1, 1)),
        starts_on=date(2019, 3, 1),
        placed_by=counselor,
    )
    wait = WaitingListEntry.objects.create(
        episode=episode,
        facility=facility,
        setting="inpatient",
        sex=client.sex,
        priority="risk",
        priority_reason=NOTE,
        entered_on=date(2019, 3, 1),
        entered_by=counselor,
    )
    handover = Handover.objects.create(
        episode=episode,
        from_facility=facility,
        to_facility=factories.facility(of=unit),
        setting=treatment.setting,
        programme=treatment.programme,
        reason=NOTE,
        summary=NOTE,
        offered_at=timezone.now(),
        offered_by=counselor,
    )
    letter = WarningLetter(
        treatment=treatment,
        facility=facility,
        level=LetterLevel.FIRST,
        year=2019,
        number=1,
        addressee=Addressee.CLIENT,
        contact_on=date(2019, 3, 4),
        missed=3,
        issued_on=date(2019, 4, 4),
        come_by=date(2019, 4, 11),
        issued_by=counselor,
    )
    said = json.dumps(paper(letter, missed_on=None, before=[]))
    letter.content = vault.encrypt(client.data_key, said, content_context(letter))
    letter.save()
    with Upload.holding(png(), f"{NOTE}.png") as upload:
        documents.store(
            by=counselor, client=client, facility=facility, kind=DocumentKind.LAB_RESULT, title=NOTE, upload=upload
        )
    MandatoryReportCard.objects.create(
        client=client, facility=facility, number=NOTE, issued_on=date(2019, 3, 4), issued_by=counselor
    )
    person = factories.user(Role.CLERK, facility)
    factories.qualification(person)
    budget = Budget.objects.create(unit=unit, year=2019, code="3260.AEA", activity="Kegiatan contoh")
    return World(
        unit, facility, client, episode, treatment, assessment, plan, follow_up, tat, session, goal, urine, dose, handover, placement, wait, report, budget,
        person,
    )  # fmt: skip


def routes() -> list[str]:
    found = []
    for entry in get_resolver().url_patterns:
        if isinstance(entry, URLPattern):
            found.append(str(entry.pattern))
        elif isinstance(entry, URLResolver) and entry.app_name in OWN:
            found += [
                str(entry.pattern) + str(pattern.pattern)
                for pattern in entry.url_patterns
                if isinstance(pattern, URLPattern)
            ]
    return [route for route in found if not route.startswith("bahasa/")]


def address(world: World, route: str) -> str:
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda hole: str(world.hole(route, hole.group(1))), route)


def answers(world: World, visitor: User):
    """(route, method, status, text) of every address for the visitor."""
    browser = Browser(raise_request_exception=True)
    browser.force_login(visitor)
    for route in routes():
        where = address(world, route)
        for method in (browser.get, browser.post):
            response = method(where)
            content = b"".join(response) if response.streaming else response.content
            yield route, method.__name__, response.status_code, content.decode(errors="replace") + str(response.headers)


def place_of(role: Role, unit: Unit) -> Unit | Facility:
    return factories.facility(of=unit) if ROLES[role].at_facility else unit


def leaks(world: World, visitor: User, secrets: list[str]) -> list[str]:
    """The address itself carries the code that was asked for, so an echo of the path alone is no leak."""
    found = []
    for route, method, status, text in answers(world, visitor):
        assert status < 500, f"{method} {route}: {status}"
        text = text.replace(address(world, route), "")
        found += [f"{method} {route} ({status}) shows {secret}" for secret in secrets if secret in text]
        if (
            CLIENT_ROUTES.match(route)
            and status not in {403, 404, 405}
            and (visitor.postings.get().role, route) not in OPEN_TO
        ):
            found.append(f"{method} {route} answers {status}")
    return found


FAST = [Role.COUNSELOR, Role.UNIT_STAFF, Role.TAT_SECRETARIAT]


@pytest.mark.parametrize("role", FAST)
def test_a_person_of_another_unit_learns_nothing(world, role):
    visitor = factories.user(role, place_of(role, factories.unit("BNNP-51")))
    assert leaks(world, visitor, world.secrets) == []


@pytest.mark.long
@pytest.mark.parametrize("role", [role for role in Role if role not in FAST])
def test_a_person_of_another_unit_learns_nothing_in_any_role(world, role):
    visitor = factories.user(role, place_of(role, factories.unit("BNNP-51")))
    assert leaks(world, visitor, world.secrets) == []


@pytest.mark.long
@pytest.mark.parametrize("role", [role for role in Role if role not in CARE_ROLES and role != Role.TAT_SECRETARIAT])
def test_a_role_without_clients_sees_none_at_their_own_unit(world, role):
    visitor = factories.user(role, world.facility if ROLES[role].at_facility else world.unit)
    assert leaks(world, visitor, [NAME, "Rahasia", NIK, PHONE, NOTE]) == []


@pytest.mark.long
def test_the_nations_analyst_sees_no_identity(world):
    visitor = factories.user(Role.ANALYST, factories.unit("BNN"))
    assert leaks(world, visitor, [NAME, "Rahasia", NIK, PHONE, NOTE]) == []


@pytest.mark.long
def test_the_nations_data_steward_sees_masked_factors_only(world):
    visitor = factories.user(Role.DATA_STEWARD, factories.unit("BNN"))
    shown = [
        f"{method} {route} shows {secret}"
        for route, method, _status, text in answers(world, visitor)
        for secret in (NAME, "Rahasia", NIK, PHONE, NOTE, world.facility.name)
        if secret in text
    ]
    assert shown == []


class Fields(HTMLParser):
    """The forms of a page that are posted: address (empty: the page's own) and what a browser would send unchanged."""

    def __init__(self, page: str):
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self.inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = known.get("method", "").lower() == "post"
            if self.inside:
                self.forms.append((known.get("action", ""), {}))
        elif self.inside and known.get("name") and tag in {"input", "select", "textarea", "button"}:
            self.forms[-1][1].setdefault(known["name"], known.get("value") or "1")

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "form"


def changes_of(world: World) -> list[int]:
    """How much has ever happened to the client's rows; a row that changes, comes or goes makes one number grow."""
    kept = [
        model.pgh_event_model.objects.count()
        for model in (
            Client,
            Episode,
            Treatment,
            Session,
            Attendance,
            Handover,
            TreatmentPlan,
            PlanGoal,
            UrineTest,
            VctReferral,
            MatchCandidate,
            KeptApart,
            Prescription,
            Dose,
            Assessment,
            AftercarePlan,
            FollowUp,
            TatCase,
            TatDocument,
            TatMember,
            TatPlenary,
            CaseFacts,
        )
    ]
    return [*kept, AuditEvent.objects.filter(client_code=world.client.code).count()]


@pytest.mark.parametrize(
    ("insider", "stranger"), [(Role.COUNSELOR, Role.DOCTOR), (Role.TAT_SECRETARIAT, Role.TAT_SECRETARIAT)]
)
def test_what_an_insider_could_post_a_stranger_cannot(world, insider, stranger):
    """With the real fields and values of each form, so that nothing is refused only because a field was missing."""
    inside, outside = Browser(), Browser(raise_request_exception=False)
    inside.force_login(factories.user(insider, world.facility if ROLES[insider].at_facility else world.unit))
    outside.force_login(factories.user(stranger, place_of(stranger, factories.unit("BNNP-51"))))
    posted = {}
    for route in (route for route in routes() if CLIENT_ROUTES.match(route)):
        page = inside.get(address(world, route))
        if page.status_code == 200 and "html" in page["Content-Type"]:
            for action, fields in Fields(page.content.decode()).forms:
                posted[action or address(world, route)] = fields | {"form_token": ""}
    own = {f"/{route}" for route in routes()} | {
        "/bahasa/",
        reverse("account_logout"),
        reverse("account_login"),
        reverse("mfa_authenticate"),
    }  # the frame's: search, posts, sign-out, signing in again over the page
    theirs = {where: fields for where, fields in posted.items() if where not in own}
    assert len(theirs) > 2
    before = changes_of(world)
    answers = {where: outside.post(where, fields).status_code for where, fields in theirs.items()}
    assert {where: status for where, status in answers.items() if status not in {403, 404}} == {}
    assert changes_of(world) == before
