"""Indicators of people served: rehabilitated, assessed by a joint team (TAT), in aftercare."""

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from aftercare.models import AftercarePlan
from assessments.enums import TatRecommendation
from assessments.models import TatCase
from clients.enums import AdmissionGroup, AgeGroup, Setting, Substance
from clients.models import Client, Treatment
from facilities.enums import Ownership
from rehab.enums import Sex
from rehab.periods import Period
from reports.indicators.definition import Breakdown, Indicator, MemberKind, Rules, no_facility, number

SETTING = Breakdown("by_setting", _("Setting"), Setting)
ADMISSION = Breakdown("by_admission", _("Came by"), AdmissionGroup)
SEX = Breakdown("by_sex", _("Sex"), Sex)
AGE = Breakdown("by_age", _("Age group"), AgeGroup)
OWNERSHIP = Breakdown("by_ownership", _("Ownership of the facility"), Ownership)
SUBSTANCE = Breakdown("by_substance", _("Main substance"), Substance)
RECOMMENDATION = Breakdown("by_recommendation", _("Recommendation"), TatRecommendation)


def _treatments(period: Period, rules: Rules) -> QuerySet:
    # Only columns of the covering index: the count reads no table.
    return Treatment.objects.counted(period.start, period.end).annotate(
        on=F("counted_on"),
        for_unit=number("unit_id"),
        at_facility=number("facility_id"),
        by_setting=F("setting"),
        by_admission=F("admission_group"),
        by_sex=F("sex"),
        by_age=F("age_group"),
        by_ownership=F("ownership"),
        by_substance=F("main_substance"),
    )


def _tat_cases(period: Period, rules: Rules) -> QuerySet:
    return TatCase.objects.filter(letter_on__gte=period.start, letter_on__lt=period.end).annotate(
        on=F("letter_on"), for_unit=number("unit_id"), at_facility=no_facility(), by_recommendation=F("recommendation")
    )


def _plans(period: Period, rules: Rules) -> QuerySet:
    met = AftercarePlan.objects.filter(first_contact_on__gte=period.start, first_contact_on__lt=period.end)
    return met.annotate(
        on=F("first_contact_on"),
        for_unit=number("counted_unit_id"),
        at_facility=number("facility_id"),
        # Not a join, which would be made even where nobody asks for it.
        by_sex=Subquery(Client.objects.filter(pk=OuterRef("client_id")).values("sex")),
    )


CLIENTS_REHABILITATED = Indicator(
    key="clients_rehabilitated",
    version=1,
    title=_("Clients rehabilitated"),
    measure=_("people"),
    source_note=_(
        "A treatment with its first service, six facts (PP 25/2011) and a completed instrument; counts on the first service"
    ),
    breakdowns=(ADMISSION, SETTING, SEX, AGE, OWNERSHIP, SUBSTANCE),
    counted=_treatments,
    date_field="counted_on",
    source="clients.treatment",
    code_path="client__code",
    person_path="client__person_id",
)
TAT_CLIENTS = Indicator(
    key="tat_clients",
    version=1,
    title=_("Clients of joint assessment (TAT)"),
    measure=_("people"),
    source_note=_("A TAT case with a result letter; counts on the date of the letter"),
    breakdowns=(RECOMMENDATION,),
    counted=_tat_cases,
    date_field="letter_on",
    source="assessments.tatcase",
    member_kind=MemberKind.TAT_CASE,
    code_path="code",
    person_path="client__person_id",
    at_facilities=False,
)
AFTERCARE_CLIENTS = Indicator(
    key="aftercare_clients",
    version=1,
    title=_("Clients in aftercare"),
    measure=_("people"),
    source_note=_("An aftercare plan with its first contact made; counts on the date of that contact"),
    breakdowns=(SEX,),
    counted=_plans,
    date_field="first_contact_on",
    source="aftercare.aftercareplan",
    code_path="client__code",
    person_path="client__person_id",
)
