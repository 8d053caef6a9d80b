"""Choices of the client's way, with their groups."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Admission(models.TextChoices):
    """The door a person comes through."""

    VOLUNTARY = "voluntary", _("Voluntary")
    MANDATORY_REPORT = "mandatory_report", _("Mandatory report (wajib lapor)")
    COMMUNITY = "community", _("Community intervention (IBM/SIL)")
    TAT = "tat", _("Integrated assessment (TAT)")
    RAID = "raid", _("Raid")
    INVESTIGATOR = "investigator", _("Investigator")
    PROSECUTOR = "prosecutor", _("Prosecutor")
    COURT = "court", _("Court order")
    PRISON = "prison", _("Prison inmate (lapas, rutan, LPKA)")
    PROBATION = "probation", _("Probation (bapas)")
    TRANSFER = "transfer", _("Transfer from a place outside Titian")


class AdmissionGroup(models.TextChoices):
    """The four groups of the national report."""

    VOLUNTARY = "voluntary", _("Voluntary")
    LEGAL = "legal", _("Legal process")
    INMATE = "inmate", _("Prison inmates (WBP)")
    VERDICT = "verdict", _("Court verdict")


GROUP_OF = {
    Admission.VOLUNTARY: AdmissionGroup.VOLUNTARY,
    Admission.MANDATORY_REPORT: AdmissionGroup.VOLUNTARY,
    Admission.COMMUNITY: AdmissionGroup.VOLUNTARY,
    Admission.TRANSFER: AdmissionGroup.VOLUNTARY,
    Admission.TAT: AdmissionGroup.LEGAL,
    Admission.RAID: AdmissionGroup.LEGAL,
    Admission.INVESTIGATOR: AdmissionGroup.LEGAL,
    Admission.PROSECUTOR: AdmissionGroup.LEGAL,
    Admission.PROBATION: AdmissionGroup.LEGAL,
    Admission.COURT: AdmissionGroup.VERDICT,
    Admission.PRISON: AdmissionGroup.INMATE,
}


# Doors where somebody sent the client: who it was is asked for.
SENT_BY_SOMEBODY = frozenset(
    {
        Admission.TAT,
        Admission.INVESTIGATOR,
        Admission.PROSECUTOR,
        Admission.COURT,
        Admission.PRISON,
        Admission.PROBATION,
        Admission.TRANSFER,
    }
)

ADULT_AGE = 18


class NoNikReason(models.TextChoices):
    NOT_RECORDED = "not_recorded", _("Not yet recorded in the population register")
    NOT_BROUGHT = "not_brought", _("ID card not brought")
    FOREIGNER = "foreigner", _("Foreigner")
    UNKNOWN = "unknown", _("Unknown")
    ALIAS = "alias", _("Alias in field work")


class RevealReason(models.TextChoices):
    """Why an identity is opened; kept with the record of the look."""

    SERVE = "serve", _("To serve the client")
    CONTACT = "contact", _("To contact the client or the family")
    CHECK = "check", _("To check the data")
    LETTER = "letter", _("For a letter or a referral")


class EpisodeStatus(models.TextChoices):
    REGISTERED = "registered", _("Registered")
    ASSESSED = "assessed", _("Assessed")
    PLANNED = "planned", _("Treatment planned")
    IN_TREATMENT = "in_treatment", _("In treatment")
    CLOSED = "closed", _("Closed")


class Setting(models.TextChoices):
    OUTPATIENT = "outpatient", _("Outpatient (rawat jalan)")
    INPATIENT = "inpatient", _("Inpatient (rawat inap)")
    IN_PRISON = "in_prison", _("In prison (di lapas)")
    COMMUNITY = "community", _("Community")


# Settings in which the client lies in a bed of the facility, where it keeps beds.
BEDDED = frozenset({Setting.INPATIENT, Setting.IN_PRISON})


class Programme(models.TextChoices):
    TC = "tc", _("Therapeutic Community (TC)")
    NON_TC = "non_tc", _("Non-TC")


class ProgrammeStage(models.TextChoices):
    """How far an inpatient has come in the programme, in its order."""

    DETOX = "detox", _("Detoxification")
    ENTRY_UNIT = "entry_unit", _("Entry unit")
    PRIMARY = "primary", _("Primary")
    RE_ENTRY = "re_entry", _("Re-entry")


class Outcome(models.TextChoices):
    COMPLETED = "completed", _("Completed (selesai)")
    DROP_OUT = "drop_out", _("Drop-out")
    FORCED_HOME = "forced_home", _("Taken home (pulang paksa)")
    ABSCONDED = "absconded", _("Absconded (kabur)")
    REFERRED = "referred", _("Referred (dirujuk)")
    MOVED = "moved", _("Moved (pindah)")
    DIED = "died", _("Died (meninggal)")


class AgeGroup(models.TextChoices):
    UNDER_15 = "under_15", _("under 15")
    FROM_15 = "15_19", "15–19"
    FROM_20 = "20_24", "20–24"
    FROM_25 = "25_29", "25–29"
    FROM_30 = "30_39", "30–39"
    FROM_40 = "40_49", "40–49"
    FROM_50 = "50_plus", _("50 and over")
    UNKNOWN = "unknown", _("unknown")


_AGE_LIMITS = (
    (15, AgeGroup.UNDER_15),
    (20, AgeGroup.FROM_15),
    (25, AgeGroup.FROM_20),
    (30, AgeGroup.FROM_25),
    (40, AgeGroup.FROM_30),
    (50, AgeGroup.FROM_40),
)


def age_group(age: int | None) -> AgeGroup:
    if age is None:
        return AgeGroup.UNKNOWN
    return next((group for limit, group in _AGE_LIMITS if age < limit), AgeGroup.FROM_50)


def years_of(group: AgeGroup) -> tuple[int, int | None]:
    """The ages of a group: from, and up to but not with; None where it has no end."""
    limits = [0, *(limit for limit, _group in _AGE_LIMITS)]
    groups = [*(each for _limit, each in _AGE_LIMITS), AgeGroup.FROM_50]
    place = groups.index(group)
    return limits[place], limits[place + 1] if place + 1 < len(limits) else None


class Substance(models.TextChoices):
    """Main substance of a treatment, in the groups of ICD-10 F10–F19."""

    ALCOHOL = "alcohol", _("Alcohol")
    OPIOIDS = "opioids", _("Opioids (heroin, tramadol)")
    CANNABIS = "cannabis", _("Cannabis (ganja, gorila)")
    SEDATIVES = "sedatives", _("Sedatives")
    COCAINE = "cocaine", _("Cocaine")
    STIMULANTS = "stimulants", _("Amphetamine-type stimulants (sabu, ekstasi)")
    HALLUCINOGENS = "hallucinogens", _("Hallucinogens")
    TOBACCO = "tobacco", _("Tobacco")
    SOLVENTS = "solvents", _("Volatile solvents (glue)")
    MULTIPLE = "multiple", _("Multiple or other")


class ConsentScope(models.TextChoices):
    CARE = "care", _("Care at this facility")
    REFERRAL = "referral", _("Care, and handing over to the next facility")
    FAMILY = "family", _("Care, handing over, and informing the family")


# Consents that let the next facility read.
SHARING = frozenset({ConsentScope.REFERRAL, ConsentScope.FAMILY})


class ConsentState(models.TextChoices):
    """How a consent stands today."""

    IN_FORCE = "in_force", pgettext_lazy("consent", "in force")
    ENDS_SOON = "ends_soon", pgettext_lazy("consent", "ends soon")
    ENDED = "ended", pgettext_lazy("consent", "ended")
    TAKEN_BACK = "taken_back", _("taken back")


class GuardianRelation(models.TextChoices):
    PARENT = "parent", _("Parent")
    SPOUSE = "spouse", _("Spouse")
    SIBLING = "sibling", _("Sibling")
    RELATIVE = "relative", _("Other relative")
    COURT_GUARDIAN = "court_guardian", _("Guardian appointed by a court")


class SessionKind(models.TextChoices):
    INDIVIDUAL = "individual", _("Individual counselling")
    GROUP = "group", _("Group")
    FAMILY = "family", _("Family")
    EDUCATION = "education", _("Psycho-education")
    ACTIVITY = "activity", _("Activity")


class SessionStatus(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("session", "planned")
    HELD = "held", pgettext_lazy("session", "recorded")
    CANCELLED = "cancelled", _("cancelled")


class ExportPurpose(models.TextChoices):
    """What a list of clients leaves the house for."""

    CARE = "care", _("Planning care and visits")
    CHECK = "check", _("Checking and mending the data")
    REPORT = "report", _("Monitoring and reporting")
    SUPERVISION = "supervision", _("Supervision or audit")
    RESEARCH = "research", _("Research with an approval")


class Presence(models.TextChoices):
    EXPECTED = "expected", _("expected")
    PRESENT = "present", _("present")
    EXCUSED = "excused", _("excused")
    ABSENT = "absent", _("did not come")


# Who came, or said why not, was in touch; only an absence without a word is a missed session.
IN_TOUCH = frozenset({Presence.PRESENT, Presence.EXCUSED})


class PlanStatus(models.TextChoices):
    """Of one version of a treatment plan: written, agreed by the client and in force, replaced by the next."""

    DRAFT = "draft", pgettext_lazy("treatment plan", "draft")
    AGREED = "agreed", pgettext_lazy("treatment plan", "in force")
    REPLACED = "replaced", pgettext_lazy("treatment plan", "replaced")


class ProblemArea(models.TextChoices):
    """The areas of ASI and of the ministry's form, in which a plan sets its goals."""

    MEDICAL = "medical", _("Physical health")
    WORK = "work", _("Work and livelihood")
    SUBSTANCE = "substance", _("Substance use")
    LEGAL = "legal", _("Legal matters")
    FAMILY = "family", _("Family and friends")
    PSYCHIATRIC = "psychiatric", _("Mental health")
    OTHER = "other", _("Other")


class GoalResult(models.TextChoices):
    OPEN = "open", _("under way")
    REACHED = "reached", _("reached")
    PARTLY = "partly", _("partly reached")
    MISSED = "missed", _("not reached")


class HandoverStatus(models.TextChoices):
    """`LEFT` is the outcome of its own for a place outside Titian, which cannot answer here."""

    OFFERED = "offered", pgettext_lazy("hand-over", "offered")
    RECEIVED = "received", pgettext_lazy("hand-over", "received")
    CONTACTED = "contacted", _("first contact made")
    LEFT = "left", _("handed over to a place outside Titian")
    DECLINED = "declined", pgettext_lazy("hand-over", "declined")
    RECALLED = "recalled", _("taken back")


# The client is with the receiver.
TAKEN_OVER = frozenset({HandoverStatus.RECEIVED, HandoverStatus.CONTACTED})


class Medicine(models.TextChoices):
    """Given day by day under the eyes of staff. The keys are those of the facility's services."""

    METHADONE = "methadone", _("Methadone")
    BUPRENORPHINE = "buprenorphine", _("Buprenorphine")


class DoseWay(models.TextChoices):
    WITNESSED = "witnessed", _("taken before staff")
    TAKE_HOME = "take_home", _("taken home")


class QueuePriority(models.TextChoices):
    """Why somebody goes before others on a waiting list; in which order the classes stand is a setting."""

    PREGNANT = "pregnant", _("Pregnant")
    RISK = "risk", _("Risk of dangerous withdrawal or of harm")
    MINOR = "minor", _("Under 18")
    COURT_ORDER = "court_order", _("Court order")
    HANDOVER = "handover", _("Handed over from another facility")
    ORDINARY = "ordinary", pgettext_lazy("waiting list", "No priority")


class WaitingStatus(models.TextChoices):
    """`OFFERED`: the client was told of a free place and has not come yet; the rank stays."""

    WAITING = "waiting", pgettext_lazy("waiting list", "waiting")
    OFFERED = "offered", pgettext_lazy("waiting list", "place offered")
    PLACED = "placed", pgettext_lazy("waiting list", "has a place")
    WITHDRAWN = "withdrawn", pgettext_lazy("waiting list", "taken off")


STILL_WAITING = frozenset({WaitingStatus.WAITING, WaitingStatus.OFFERED})


class DocumentKind(models.TextChoices):
    ID_CARD = "id_card", _("Identity card (KTP)")
    FAMILY_CARD = "family_card", _("Family card (KK)")
    REFERRAL = "referral", _("Letter of referral")
    STATEMENT = "statement", _("Statement or consent, signed")
    INVESTIGATOR = "investigator", _("Letter of an investigator, prosecutor or court")
    LAB_RESULT = "lab_result", _("Laboratory result")
    MEDICAL = "medical", _("Other medical paper")
    PHOTO = "photo", _("Photograph")
    OTHER = "other", _("Other paper")


# Read by those who see clinical data; all others by those who see identity.
MEDICAL_KINDS = frozenset({DocumentKind.REFERRAL, DocumentKind.LAB_RESULT, DocumentKind.MEDICAL})
# What goes along with a hand-over, as far as the consent covers it: medical papers, nothing that tells who the client is.
HANDED_ALONG = MEDICAL_KINDS


class FileKind(models.TextChoices):
    """What a file is, read from its bytes."""

    PDF = "pdf", "PDF"
    JPEG = "jpeg", "JPEG"
    PNG = "png", "PNG"
    WEBP = "webp", "WebP"


class CardEnd(models.TextChoices):
    LOST = "lost", pgettext_lazy("card", "lost")
    DAMAGED = "damaged", pgettext_lazy("card", "damaged")
    MISPRINT = "misprint", pgettext_lazy("card", "printed wrongly")


class CandidateStatus(models.TextChoices):
    """Of two clients who may be one human being: to be decided, one person, two people."""

    OPEN = "open", pgettext_lazy("possible duplicate", "to be decided")
    LINKED = "linked", pgettext_lazy("possible duplicate", "linked")
    APART = "apart", pgettext_lazy("possible duplicate", "kept apart")


class LetterLevel(models.IntegerChoices):
    """Warning letters, in their order."""

    FIRST = 1, "SP-1"
    SECOND = 2, "SP-2"
    THIRD = 3, "SP-3"


class Addressee(models.TextChoices):
    CLIENT = "client", _("The client")
    FAMILY = "family", _("The family or guardian")
