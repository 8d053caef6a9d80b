"""Choices of the register."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class UnitKind(models.TextChoices):
    BNN = "bnn", "BNN"
    BNNP = "bnnp", "BNNP"
    BNNK = "bnnk", "BNNK"


class RegionLevel(models.TextChoices):
    PROVINCE = "province", _("Province")
    REGENCY = "regency", _("Regency or city")
    DISTRICT = "district", _("District")


class FacilityKind(models.TextChoices):
    BALAI_BESAR = "balai_besar", _("BNN main rehabilitation centre (balai besar)")
    BALAI = "balai", _("BNN rehabilitation centre (balai)")
    LOKA = "loka", _("BNN rehabilitation centre (loka)")
    KLINIK_PRATAMA = "klinik_pratama", _("BNN primary clinic")
    RUMAH_DAMPING = "rumah_damping", _("Half-way house")
    KEMENSOS_CENTRE = "kemensos_centre", _("Ministry of Social Affairs centre")
    PUSKESMAS = "puskesmas", _("Community health centre (puskesmas)")
    RSUD = "rsud", _("Regional general hospital (RSUD)")
    RSJ = "rsj", _("Psychiatric hospital (RSJ)")
    RSKO = "rsko", _("Drug dependence hospital (RSKO)")
    PRIVATE_HOSPITAL = "private_hospital", _("Private hospital")
    LAPAS = "lapas", _("Prison (lapas)")
    RUTAN = "rutan", _("Remand prison (rutan)")
    LPKA = "lpka", _("Juvenile institution (LPKA)")
    BAPAS = "bapas", _("Probation office (bapas)")
    YAYASAN = "yayasan", _("Foundation (yayasan)")
    PRIVATE_CLINIC = "private_clinic", _("Private clinic")
    PESANTREN = "pesantren", _("Islamic boarding school (pesantren)")

    @property
    def client_word(self):
        """The word for a person served follows the owner of the place (DOMAIN section 1)."""
        return CLIENT_WORDS.get(self, _("Client"))


CORRECTIONS = frozenset({FacilityKind.LAPAS, FacilityKind.RUTAN, FacilityKind.LPKA})
CLIENT_WORDS = {
    **dict.fromkeys(CORRECTIONS | {FacilityKind.BAPAS}, _("Inmate (WBP)")),
    **dict.fromkeys(
        {FacilityKind.RSUD, FacilityKind.RSJ, FacilityKind.RSKO, FacilityKind.PUSKESMAS, FacilityKind.PRIVATE_HOSPITAL},
        _("Patient"),
    ),
    **dict.fromkeys({FacilityKind.BALAI_BESAR, FacilityKind.BALAI, FacilityKind.LOKA}, _("Resident")),
    FacilityKind.KEMENSOS_CENTRE: _("Beneficiary (PM)"),
}


class Owner(models.TextChoices):
    BNN = "bnn", "BNN"
    KEMENKES = "kemenkes", _("Ministry of Health")
    KEMENSOS = "kemensos", _("Ministry of Social Affairs")
    PEMASYARAKATAN = "pemasyarakatan", _("Corrections (Pemasyarakatan)")
    LOCAL_GOVERNMENT = "local_government", _("Local government")
    COMMUNITY = "community", _("Community")
    PRIVATE = "private", _("Private")


class Ownership(models.TextChoices):
    """LRIP is owned by the government, LRKM by the community."""

    GOVERNMENT = "government", _("Government (LRIP)")
    COMMUNITY = "community", _("Community (LRKM)")


class Service(models.TextChoices):
    DETOX = "detox", _("Detoxification")
    INPATIENT = "inpatient", _("Inpatient")
    OUTPATIENT = "outpatient", _("Outpatient")
    METHADONE = "methadone", _("Methadone")
    BUPRENORPHINE = "buprenorphine", _("Buprenorphine")
    VCT = "vct", _("HIV testing and counselling (VCT)")
    COUNSELLING = "counselling", _("Counselling")
    AFTERCARE = "aftercare", _("Aftercare")


class Approach(models.TextChoices):
    TC = "tc", _("Therapeutic Community")
    NON_TC = "non_tc", _("Non-TC")
    MEDICAL = "medical", _("Medical")
    RELIGIOUS = "religious", _("Religious")
    SOCIAL = "social", _("Social")


class Payer(models.TextChoices):
    STATE_BUDGET = "state_budget", _("State budget")
    MINISTRY_CLAIM = "ministry_claim", _("Ministry claim")
    BPJS = "bpjs", "BPJS"
    LOCAL_BUDGET = "local_budget", _("Local budget")
    FAMILY = "family", _("Family")
    FREE = "free", _("Free of charge")


class CapacityKind(models.TextChoices):
    BEDS_MALE = "beds_male", _("Beds for men")
    BEDS_FEMALE = "beds_female", _("Beds for women")
    OUTPATIENT = "outpatient", _("Outpatient places per month")


class StrengtheningKind(models.TextChoices):
    BIMTEK = "bimtek", _("Technical guidance (bimtek)")
    TRAINING = "training", _("Training")
    MONITORING = "monitoring", _("Monitoring and supervision")
    SUPPORT = "support", _("Operational support")
    OTHER = "other", _("Other")


class Recounting(models.TextChoices):
    """Rows of floors above that carry columns of a facility's term. The value is the task that counts them again."""

    TREATMENTS = "clients.recount", _("treatments")
    AFTERCARE = "aftercare.recount", _("aftercare plans")


class ResetStatus(models.TextChoices):
    WAITING = "waiting", _("waiting for consent")
    APPROVED = "approved", pgettext_lazy("reset", "approved")
    DECLINED = "declined", pgettext_lazy("reset", "declined")
    EXPIRED = "expired", pgettext_lazy("reset", "expired")

    @classmethod
    def decided(cls) -> list["ResetStatus"]:
        return [cls.APPROVED, cls.DECLINED]


class Qualifying(models.TextChoices):
    """What a person may hold that lets them administer an instrument: professions with a licence, and certificates."""

    DOCTOR = "doctor", _("Doctor")
    PSYCHIATRIST = "psychiatrist", _("Psychiatrist")
    PSYCHOLOGIST = "psychologist", _("Psychologist")
    NURSE = "nurse", _("Nurse")
    SOCIAL_WORKER = "social_worker", _("Social worker")
    COUNSELOR = "counselor", _("Addiction counselor")
    OTHER_PROFESSION = "other_profession", _("Other profession")
    CERT_ASSESSOR = "cert_assessor", _("Certificate: assessor (ASI, mandatory report)")
    CERT_SCREENING = "cert_screening", _("Certificate: screening (ASSIST)")
    CERT_COUNSELING = "cert_counseling", _("Certificate: addiction counselling")
    CERT_OTHER = "cert_other", _("Certificate: other")

    @classmethod
    def certificates(cls) -> list[str]:
        return [each.value for each in cls if each.value.startswith("cert_")]

    @classmethod
    def professions(cls) -> list[str]:
        return [each.value for each in cls if not each.value.startswith("cert_")]


class CertificateResult(models.TextChoices):
    COMPETENT = "competent", _("Competent (kompeten)")
    NOT_COMPETENT = "not_competent", _("Not yet competent (belum kompeten)")


# What the address says: is it about certificates?
QUALIFICATION_KINDS = {"izin": False, "sertifikat": True}
