"""Fetch and authorise in one call: whoever may not see a client learns nothing of it, not even that it exists (404)."""

from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.utils import timezone

from clients.models import (
    Client,
    Consent,
    Document,
    Dose,
    DropOutDelay,
    Episode,
    Guardian,
    Handover,
    KeptApart,
    MandatoryReportCard,
    MatchCandidate,
    MatchNotice,
    Person,
    Placement,
    PlanGoal,
    Prescription,
    Session,
    Treatment,
    TreatmentPlan,
    WaitingListEntry,
    WarningLetter,
)
from facilities.access import facility_ids, nationwide, reached
from rehab import panels
from rehab.models import User
from rehab.roles import Permission


def client_for(user: User, code: str, permission: Permission = Permission.SEE_CLIENTS) -> Client:
    """The client, for a person who holds `permission` at a facility that is or was responsible, or treated.

    `match_told` says whether a possible match elsewhere waits to be taken care of on this side, `handed_on` whether there
    ever was a hand-over, `has_card` whether the person's facility has given a card of mandatory report, `waited` and
    `placed` whether it ever stood on a waiting list or had a bed, `warned` whether a silence was ever written about or
    decided on; and what the floors above asked for (`panels.client_marks`). One query.
    """
    warned = Exists(WarningLetter.objects.filter(treatment__client=OuterRef("pk")))
    put_off = Exists(DropOutDelay.objects.filter(treatment__client=OuterRef("pk")))
    told = MatchNotice.objects.visible_to(user).filter(client=OuterRef("pk"), seen_by=None)
    rows = Client.objects.visible_to(user, permission).filter(code=code).select_related("region", "identity")
    handed = Handover.objects.filter(episode__client=OuterRef("pk"))
    carded = MandatoryReportCard.objects.visible_to(user).valid().filter(client=OuterRef("pk"))
    waited = WaitingListEntry.objects.filter(episode__client=OuterRef("pk"))
    rows = rows.annotate(match_told=Exists(told), handed_on=Exists(handed))
    placed = Placement.objects.standing().filter(client=OuterRef("pk"))
    marks = dict(panels.client_marks.collect(user)) | {"placed": Exists(placed)}
    rows = rows.annotate(has_card=Exists(carded), waited=Exists(waited), warned=Q(warned) | Q(put_off))
    return reached(rows.annotate(**marks))


def episode_for(user: User, code: str, number: int, permission: Permission = Permission.SEE_CLIENTS) -> Episode:
    """The client's episode of that number, with client and responsible facility."""
    found = Episode.objects.visible_to(user, permission).filter(client__code=code, number=number)
    return reached(found.select_related("client", "responsible_facility__region"))


def treatment_for(user: User, pk: int, permission: Permission = Permission.SEE_CLIENTS) -> Treatment:
    """The treatment, with client, episode and facility."""
    found = Treatment.objects.visible_to(user, permission).filter(pk=pk)
    return reached(found.select_related("client", "episode__client", "facility__region"))


def consent_for(user: User, client: Client, pk: int) -> Consent:
    """A consent of the client that has not been taken back, recorded at a facility of the person's scope."""
    reach = facility_ids(user, Permission.REGISTER)
    held = client.consents.filter(pk=pk, revoked_at=None, facility__in=reach)
    return reached(held.select_related("facility__region", "facility__unit", "only_to", "client"))


def own_consent(user: User, client: Client, pk: str) -> Consent | None:
    """The consent that a scan belongs to, by what an address says; None where it names none of the person's scope."""
    if not (pk.isascii() and pk.isdigit() and len(pk) < 18):
        return None
    return client.consents.filter(pk=int(pk), facility__in=facility_ids(user, Permission.REGISTER)).first()


def guardian_of(client: Client) -> Guardian | None:
    """Of a client that was fetched with a permission; name and phone stay sealed."""
    return Guardian.objects.filter(client=client).first()


def document_for(user: User, pk: int) -> Document:
    """A document that has not been withdrawn, for those who may read its kind at the facility that keeps it."""
    return reached(Document.objects.visible_to(user).kept().filter(pk=pk).select_related("client"))


def card_for(user: User, pk: int) -> MandatoryReportCard:
    """A card of a facility at which the person registers, with client and facility."""
    found = MandatoryReportCard.objects.visible_to(user).filter(pk=pk)
    return reached(found.select_related("client", "facility__region", "facility__unit"))


def session_for(user: User, pk: int, *permissions: Permission) -> Session:
    """The session, with facility and leader, for those who hold one of the permissions there."""
    found = Session.objects.visible_to(user, *permissions).filter(pk=pk)
    return reached(found.select_related("facility__region", "led_by"))


def plan_for(user: User, pk: int, permission: Permission = Permission.SEE_CLINICAL) -> TreatmentPlan:
    """The version of a plan, with treatment, client and episode, for those who hold the permission at its facility."""
    found = TreatmentPlan.objects.visible_to(user, permission).filter(pk=pk)
    return reached(found.select_related("treatment__client", "treatment__episode", "treatment__facility__region"))


def goal_for(user: User, pk: int, permission: Permission = Permission.SEE_CLINICAL) -> PlanGoal:
    found = PlanGoal.objects.visible_to(user, permission).filter(pk=pk)
    return reached(found.select_related("plan__treatment__client", "plan__treatment__facility__region"))


def prescription_for(user: User, pk: int, permission: Permission = Permission.SEE_CLINICAL) -> Prescription:
    found = Prescription.objects.visible_to(user, permission).filter(pk=pk)
    return reached(found.select_related("treatment__client", "treatment__facility__region"))


def dose_for(user: User, pk: int, permission: Permission = Permission.SEE_CLINICAL) -> Dose:
    found = Dose.objects.visible_to(user, permission).filter(pk=pk)
    return reached(found.select_related("client", "prescription__treatment__facility__region"))


def letter_for(user: User, pk: int) -> WarningLetter:
    """The warning letter, for those who treat at its facility and may see who the client is."""
    reach = facility_ids(user, Permission.TREAT) & facility_ids(user, Permission.SEE_IDENTITY)
    found = WarningLetter.objects.visible_to(user).filter(pk=pk, facility__in=reach)
    return reached(found.select_related("treatment__client", "facility"))


def handover_for(user: User, pk: int, permission: Permission = Permission.SEE_CLINICAL) -> Handover:
    """The hand-over, for care staff of its two sides, with all that its page names; `shared` tells of the consent."""
    found = Handover.objects.visible_to(user, permission).filter(pk=pk).with_consent(timezone.localdate())
    places = ("from_facility__region", "from_facility__unit", "to_facility__region", "to_facility__unit")
    people = ("offered_by", "decided_by", "contacted_by")
    return reached(found.select_related("episode__client__identity", *places, *people))


def candidate_for(user: User, pk: int) -> MatchCandidate:
    """Two clients who may be one human being, with both identities, for the data steward of BNN."""
    found = MatchCandidate.objects.visible_to(user).filter(pk=pk)
    return reached(found.select_related("first__identity", "second__identity", "decided_by"))


def kept_apart_for(user: User, pk: int) -> KeptApart:
    """What still holds, for the data steward of BNN."""
    return reached(KeptApart.objects.visible_to(user).filter(pk=pk, ended_at=None).select_related("first", "second"))


def bare_person_for(user: User, pk: int) -> Person:
    """The bare number behind clients, for the data steward of BNN. Who has clients with an episode only: others are suspects."""
    found = Person.objects.filter(pk=pk, clients__episodes__isnull=False).first()
    if found is None or not nationwide(user, Permission.LINK_PERSONS):
        raise Http404
    return found


def standing_for(user: User, person: Person, code: str) -> Client:
    """A client of the person, whom the data steward may let go."""
    found = Client.objects.filter(person=person, code=code, episodes__isnull=False).first()
    if found is None or not nationwide(user, Permission.LINK_PERSONS):
        raise Http404
    return found


def placement_for(user: User, pk: int) -> Placement:
    """The placement, for those who treat at its facility."""
    found = Placement.objects.visible_to(user, Permission.TREAT).filter(pk=pk)
    return reached(found.select_related("bed", "treatment__client", "treatment__facility__region"))


def wait_for(user: User, pk: int) -> WaitingListEntry:
    """The entry of a waiting list, with episode, client and facility, for those who treat there."""
    found = WaitingListEntry.objects.visible_to(user).filter(pk=pk)
    return reached(found.select_related("episode__client", "facility__region", "entered_by", "ended_by"))
