"""Choices of assessments and of joint assessment (TAT)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AssessmentStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    COMPLETED = "completed", _("Completed")
    CORRECTED = "corrected", _("Replaced by a correction")
    DISCARDED = "discarded", _("Discarded")

    @classmethod
    def frozen(cls) -> tuple[str, ...]:
        """In these nobody changes what was answered."""
        return (cls.COMPLETED.value, cls.CORRECTED.value)


class AlertMeasure(models.TextChoices):
    """What was done after a safety alert."""

    TALKED = "talked", _("Talked with the client, safety plan made")
    REFERRED = "referred", _("Referred to a doctor, psychologist or emergency unit")
    FAMILY = "family", _("Family or companion informed, with the client’s consent")
    HEALTH = "health", _("Advice and supplies against harm given")
    NO_DANGER = "no_danger", _("Looked at: no present danger")
    OTHER = "other", _("Other")


class LifeResult(models.TextChoices):
    """Quality of life after a treatment against before it."""

    BETTER = "better", _("Better after")
    NOT_BETTER = "not_better", _("Not better after")


class UseRoute(models.TextChoices):
    """Way of use, as in the ministry's form."""

    ORAL = "oral", _("By mouth")
    NASAL = "nasal", _("Nasal, under the tongue or suppository")
    SMOKED = "smoked", _("Smoked")
    INJECTED_NOT_IV = "injected_not_iv", _("Injected, not into a vein")
    INJECTED_IV = "injected_iv", _("Injected into a vein")


class TreatmentHistory(models.TextChoices):
    NONE = "none", _("No earlier treatment")
    OUTPATIENT = "outpatient", _("Outpatient before")
    INPATIENT = "inpatient", _("Inpatient before")
    BOTH = "both", _("Outpatient and inpatient before")
    UNKNOWN = "unknown", _("The client does not say")


class IcdGroup(models.TextChoices):
    """ICD-10 F10–F19."""

    F10 = "F10", _("F10 alcohol")
    F11 = "F11", _("F11 opioids")
    F12 = "F12", _("F12 cannabinoids")
    F13 = "F13", _("F13 sedatives or hypnotics")
    F14 = "F14", _("F14 cocaine")
    F15 = "F15", _("F15 other stimulants (sabu, ekstasi)")
    F16 = "F16", _("F16 hallucinogens")
    F17 = "F17", _("F17 tobacco")
    F18 = "F18", _("F18 volatile solvents")
    F19 = "F19", _("F19 multiple substances")


class IcdState(models.TextChoices):
    INTOXICATION = "0", _(".0 acute intoxication")
    HARMFUL_USE = "1", _(".1 harmful use")
    DEPENDENCE = "2", _(".2 dependence")
    WITHDRAWAL = "3", _(".3 withdrawal")
    DELIRIUM = "4", _(".4 withdrawal with delirium")
    PSYCHOTIC = "5", _(".5 psychotic disorder")
    AMNESIC = "6", _(".6 amnesic syndrome")
    RESIDUAL = "7", _(".7 residual disorder")
    OTHER = "8", _(".8 other")
    UNSPECIFIED = "9", _(".9 unspecified")


class TatStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted (diajukan)")
    REPAIR = "repair", _("To be completed (perlu perbaikan)")
    SCHEDULED = "scheduled", _("Scheduled (dijadwalkan)")
    ASSESSING = "assessing", _("Being assessed (asesmen)")
    PLENARY = "plenary", _("Plenary held (pleno)")
    RESULT = "result", _("Result issued (hasil terbit)")
    REFUSED = "refused", _("Refused (ditolak)")

    @classmethod
    def running(cls) -> tuple[str, ...]:
        """In these the clock runs."""
        return tuple(status.value for status in cls if status not in {cls.RESULT, cls.REFUSED})


class TatRoute(models.TextChoices):
    """What the request is made on."""

    WITHOUT_EVIDENCE = "without_evidence", _("Without evidence")
    WITH_EVIDENCE = "with_evidence", _("With evidence")
    P19 = "p19", _("File returned by the prosecutor (P19)")
    PROSECUTION = "prosecution", _("Prosecution")
    TRIAL = "trial", _("Trial")


class TatPaper(models.TextChoices):
    """The documents of a request."""

    REQUEST = "request", _("Request letter")
    IDENTITY = "identity", _("ID or family card")
    POLICE_REPORT = "police_report", _("Police report")
    EXAMINATION = "examination", _("Record of the examination")
    ARREST = "arrest", _("Arrest warrant")
    SEIZURE = "seizure", _("Seizure order and record")
    LABORATORY = "laboratory", _("Laboratory result")
    URINE = "urine", _("Urine test result")


class TatPaperState(models.TextChoices):
    MISSING = "missing", pgettext_lazy("document", "not yet")
    RECEIVED = "received", pgettext_lazy("document", "received")
    NOT_APPLICABLE = "not_needed", pgettext_lazy("document", "not applicable")


class TatTeam(models.TextChoices):
    MEDICAL = "medical", _("Medical team")
    LEGAL = "legal", _("Legal team")


class TatAgency(models.TextChoices):
    DOCTOR = "doctor", _("Doctor")
    PSYCHOLOGIST = "psychologist", _("Psychologist")
    POLICE = "police", _("Police")
    BNN = "bnn", "BNN"
    PROSECUTOR = "prosecutor", _("Prosecutor’s office")
    CORRECTIONS = "corrections", _("Corrections")


TEAM_OF = {
    TatAgency.DOCTOR: TatTeam.MEDICAL,
    TatAgency.PSYCHOLOGIST: TatTeam.MEDICAL,
    TatAgency.POLICE: TatTeam.LEGAL,
    TatAgency.BNN: TatTeam.LEGAL,
    TatAgency.PROSECUTOR: TatTeam.LEGAL,
    TatAgency.CORRECTIONS: TatTeam.LEGAL,
}


class TatRole(models.TextChoices):
    """The part of the suspect, as the legal team sees it."""

    USER = "user", _("Indication of a user")
    DEALER = "dealer", _("Indication of a dealer")
    BOTH = "both", _("Indication of a user who also deals")
    UNCLEAR = "unclear", _("Not clear")


class SemaSubstance(models.TextChoices):
    """Substances of SEMA 4/2010, for evidence alone; the lists of ASSIST, ICD-10 and the urine panel are others."""

    METHAMPHETAMINE = "methamphetamine", _("Methamphetamine (sabu)")
    MDMA = "mdma", _("MDMA (ekstasi)")
    HEROIN = "heroin", _("Heroin")
    COCAINE = "cocaine", _("Cocaine")
    CANNABIS = "cannabis", _("Cannabis (ganja)")
    COCA_LEAF = "coca_leaf", _("Coca leaf")
    MESCALINE = "mescaline", _("Mescaline")
    PSILOCYBIN = "psilocybin", _("Psilocybin")
    LSD = "lsd", "LSD"
    PCP = "pcp", "PCP"
    FENTANYL = "fentanyl", _("Fentanyl")
    METHADONE = "methadone", _("Methadone")
    MORPHINE = "morphine", _("Morphine")
    PETHIDINE = "pethidine", _("Pethidine")
    CODEINE = "codeine", _("Codeine")
    BUPRENORPHINE = "buprenorphine", _("Buprenorphine")
    OTHER = "other", _("Another substance")


class EvidenceUnit(models.TextChoices):
    GRAM = "g", pgettext_lazy("evidence", "gram")
    MILLIGRAM = "mg", pgettext_lazy("evidence", "milligram")
    TABLET = "tablet", pgettext_lazy("evidence", "tablets")


class TatRecommendation(models.TextChoices):
    INPATIENT = "inpatient", _("Inpatient rehabilitation")
    OUTPATIENT = "outpatient", _("Outpatient rehabilitation")
    CONTINUE_LEGAL = "continue_legal", _("Continue the legal process")
    EXAMINE_FURTHER = "examine_further", _("Further examination")


class UrineResult(models.TextChoices):
    POSITIVE = "positive", _("positive (+)")
    NEGATIVE = "negative", _("negative (−)")
    NOT_DONE = "not_done", pgettext_lazy("urine", "not done")


class UrineStatus(models.TextChoices):
    WANTED = "wanted", _("to be collected")
    COLLECTED = "collected", _("collected, not read")
    READ = "read", _("read")
    CANCELLED = "cancelled", _("not carried out")


class CustodyStep(models.TextChoices):
    """From hand to hand."""

    COLLECTED = "collected", _("Cup collected and labelled")
    HANDED = "handed", _("Handed over")
    RECEIVED = "received", _("Received")
    READ = "read", _("Strips read")
    CORRECTED = "corrected", _("Reading corrected")
    CANCELLED = "cancelled", _("Not carried out")


class VctKind(models.TextChoices):
    """What a client is referred for: a test on which a person decides, with counselling before and after."""

    HIV = "hiv", _("HIV (VCT)")
    HEPATITIS_C = "hepatitis_c", _("Hepatitis C")


class VctVisit(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("referral", "not known yet")
    CAME = "came", pgettext_lazy("referral", "came")
    MISSED = "missed", pgettext_lazy("referral", "did not come")


class VctResult(models.TextChoices):
    """Stored encrypted only."""

    REACTIVE = "reactive", _("Reactive")
    NON_REACTIVE = "non_reactive", _("Non-reactive")
    INDETERMINATE = "indeterminate", _("Indeterminate")
    NOT_TOLD = "not_told", _("Not told to us")


class FollowUpCare(models.TextChoices):
    """Whether the client was referred on to treatment (ARV, or against hepatitis). Stored encrypted only: it tells the result."""

    YES = "yes", pgettext_lazy("further care", "yes")
    NO = "no", pgettext_lazy("further care", "no")
