"""Referrals for a test of HIV or hepatitis C. What came out is opened by `findings_of` alone, after the look was recorded."""

import json
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from assessments.enums import FollowUpCare, VctResult
from assessments.models.vct import VctReferral
from clients.models import Client
from facilities.enums import Service
from facilities.models import Facility
from rehab import vault
from rehab.models import User

# Longer than the longest findings: what is stored is as long for one result as for another.
LENGTH = 128


@dataclass(frozen=True, repr=False)
class Findings:
    """Result, when the client was told (None: not yet), and whether treatment follows. Has no repr, so that it never ends up
    in a log."""

    result: str
    told_on: date | None = None
    care: str = ""

    @property
    def result_words(self):
        return VctResult(self.result).label

    @property
    def care_words(self):
        return FollowUpCare(self.care).label if self.care else ""


def sealed(client: Client, referral_id: int, findings: Findings) -> bytes:
    told = findings.told_on.isoformat() if findings.told_on else ""
    text = json.dumps([findings.result, told, findings.care]).ljust(LENGTH)
    return vault.encrypt(client.data_key, text, _context(referral_id))


def findings_of(referral: VctReferral) -> Findings | None:
    """None while nothing has been recorded. For who came in through `access.vct_result_for` only."""
    if not referral.findings:
        return None
    text = vault.decrypt(referral.client.data_key, referral.findings, _context(referral.pk))
    result, told, care = json.loads(text)
    return Findings(result, date.fromisoformat(told) if told else None, care)


def _context(referral_id: int) -> str:
    return f"assessments.vct.findings:{referral_id}"


def referrals_of(user: User, client: Client) -> QuerySet[VctReferral]:
    """With `opens`: whether the person may open the result."""
    rows = VctReferral.objects.visible_to(user).filter(client=client).defer("findings")
    opens = VctReferral.objects.open_to(user).filter(pk=OuterRef("pk"))
    return rows.annotate(opens=Exists(opens)).select_related("to_facility", "referred_by", "treatment__facility")


def places_for(facility: Facility) -> QuerySet[Facility]:
    """Facilities of the same province that offer VCT, one's own among them."""
    offering = Facility.objects.filter(services__contains=[Service.VCT], closed_on=None)
    return offering.filter(region__code__startswith=facility.region_id[:2]).order_by("name")
