from clients.models.candidate import KeptApart, MatchCandidate, MatchKeys
from clients.models.card import MandatoryReportCard
from clients.models.client import Client, LinkGround, Person, PersonLink
from clients.models.consent import Consent, Guardian
from clients.models.document import Document
from clients.models.dose import Dose, Prescription
from clients.models.drop_out import DropOutDelay
from clients.models.episode import Episode
from clients.models.handover import Handover
from clients.models.identity import Identity
from clients.models.letter import WarningLetter
from clients.models.listing import ChosenColumns, SavedFilter
from clients.models.match import MatchNotice
from clients.models.placement import Placement
from clients.models.plan import PlanGoal, TreatmentPlan
from clients.models.session import Attendance, Session
from clients.models.treatment import Treatment, TreatmentPhase
from clients.models.waiting import WaitingListEntry

__all__ = [
    "Attendance",
    "ChosenColumns",
    "Client",
    "Consent",
    "Document",
    "Dose",
    "DropOutDelay",
    "Episode",
    "Guardian",
    "Handover",
    "Identity",
    "KeptApart",
    "LinkGround",
    "MandatoryReportCard",
    "MatchCandidate",
    "MatchKeys",
    "MatchNotice",
    "Person",
    "PersonLink",
    "Placement",
    "PlanGoal",
    "Prescription",
    "SavedFilter",
    "Session",
    "Treatment",
    "TreatmentPhase",
    "TreatmentPlan",
    "WaitingListEntry",
    "WarningLetter",
]
