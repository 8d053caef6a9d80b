"""Two pairs for the data steward, a VCT referral with its result, and a resident of a TC in the primary stage."""

from datetime import date, timedelta
from typing import cast

from assessments.actions import vct
from assessments.enums import FollowUpCare, VctKind, VctResult, VctVisit
from assessments.queries.vct import Findings
from clients.actions import stages
from clients.actions.people import ConsentData, IdentityData
from clients.actions.registration import register
from clients.enums import Admission, ConsentScope, NoNikReason, Programme, ProgrammeStage, Setting
from clients.models import Treatment
from facilities.models import Facility
from rehab.models import User

_STAGES = ((ProgrammeStage.DETOX, 0), (ProgrammeStage.ENTRY_UNIT, 14), (ProgrammeStage.PRIMARY, 28))


def look_alikes(here: Facility, there: Facility, *, by: User) -> None:
    """The same woman under two spellings, and a man whose birth date was typed with day and month turned."""
    mother, phone = "Mariana Contoh", "081200000321"
    for place, name in ((here, "Yuliana Soeryo Contoh"), (there, "Juliana Suryo Contoh")):
        _register(place, by, name, "F", date(1993, 4, 12), mother=mother)
    for place, born in ((here, date(1988, 3, 7)), (there, date(1988, 7, 3))):
        _register(place, by, "Stefanus Bria Contoh", "M", born, phone=phone)


def _register(place: Facility, by: User, name: str, sex: str, born: date, *, mother: str = "", phone: str = "") -> None:
    register(
        by=by,
        facility=place,
        identity=IdentityData(
            name, sex, born, no_nik_reason=NoNikReason.NOT_BROUGHT, mother_name=mother, phone=phone, region=place.region
        ),
        admission=Admission.VOLUNTARY,
        opened_on=place.local_date(),
        consent=ConsentData(ConsentScope.CARE),
    )


def vct_referral(facility: Facility, *, by: User) -> None:
    """For whoever has been in treatment there the longest."""
    treatment = facility.treatments.open().exclude(started_on=None).order_by("started_on", "pk").first()
    if treatment is None:
        return
    today = facility.local_date()
    sent = max(cast(date, treatment.started_on), today - timedelta(days=9))
    made = vct.refer(
        by=by, treatment=treatment, kind=VctKind.HIV, referred_on=sent, consented_on=sent, to_place="RSUD Contoh Kupang"
    )
    came = vct.note_visit(by=by, referral=made, visit=VctVisit.CAME, came_on=sent, edit=made.edit)
    findings = Findings(VctResult.NON_REACTIVE, told_on=today, care=FollowUpCare.NO)
    vct.record_findings(by=by, referral=came, findings=findings, edit=came.edit)


def residents(facility: Facility, *, by: User) -> None:
    """Each in the stage that the days since the start lead to."""
    today = facility.local_date()
    held = Treatment.objects.open().filter(
        facility=facility, setting=Setting.INPATIENT, programme=Programme.TC, started_on__isnull=False
    )
    for treatment in held:
        for stage, after in _STAGES:
            day = cast(date, treatment.started_on) + timedelta(days=after)
            if day <= today:
                stages.move_on(by=by, treatment=treatment, stage=stage, starts_on=day)
