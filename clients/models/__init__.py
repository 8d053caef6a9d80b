from clients.models.client import Client, LinkGround, Person, PersonLink
from clients.models.consent import Consent, Guardian
from clients.models.dose import Dose, Prescription
from clients.models.episode import Episode
from clients.models.handover import Handover
from clients.models.identity import Identity
from clients.models.match import MatchNotice
from clients.models.plan import PlanGoal, TreatmentPlan
from clients.models.session import Attendance, Session
from clients.models.treatment import Treatment, TreatmentPhase

__all__ = [
    "Attendance",
    "Client",
    "Consent",
    "Dose",
    "Episode",
    "Guardian",
    "Handover",
    "Identity",
    "LinkGround",
    "MatchNotice",
    "Person",
    "PersonLink",
    "PlanGoal",
    "Prescription",
    "Session",
    "Treatment",
    "TreatmentPhase",
    "TreatmentPlan",
]
