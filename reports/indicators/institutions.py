"""Indicators of institutions: strengthened, and offering aftercare."""

from django.db.models import DateField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import TruncYear
from django.utils.translation import gettext_lazy as _

from facilities.enums import Ownership
from facilities.models import FacilityTerm, Strengthening
from rehab.periods import Period
from reports.indicators.clients import OWNERSHIP
from reports.indicators.definition import FACILITY, Consolidation, Indicator, MemberKind, Rules, number


def _strengthened(period: Period, rules: Rules) -> QuerySet:
    """The first activity of each institution in its year; whoever gave it counts it, so no institution counts twice."""
    earlier = Strengthening.objects.filter(
        Q(held_on__lt=OuterRef("held_on")) | Q(held_on=OuterRef("held_on"), pk__lt=OuterRef("pk")),
        facility=OuterRef("facility"),
        held_on__gte=OuterRef("year_began"),
    )
    term = FacilityTerm.objects.filter(facility=OuterRef("facility"), starts_on__lte=OuterRef("held_on")).filter(
        Q(ends_on=None) | Q(ends_on__gt=OuterRef("held_on"))
    )
    given = Strengthening.objects.filter(held_on__gte=period.start, held_on__lt=period.end)
    return (
        given.annotate(year_began=TruncYear("held_on"))
        .filter(~Exists(earlier))
        .annotate(
            on=F("held_on"),
            for_unit=number("unit_id"),
            at_facility=number("facility_id"),
            by_ownership=Subquery(term.values("ownership")[:1]),
        )
    )


def _offering_aftercare(period: Period, rules: Rules) -> QuerySet:
    """Government facilities whose flag holds on the last day of the period, for the unit that supervises them then."""
    day = period.last_day
    return (
        FacilityTerm.objects.filter(
            Q(ends_on=None) | Q(ends_on__gt=day),
            starts_on__lte=day,
            ownership=Ownership.GOVERNMENT,
            offers_aftercare=True,
        )
        .exclude(facility__closed_on__lte=day)
        .annotate(
            on=Value(day, output_field=DateField()), for_unit=number("unit_id"), at_facility=number("facility_id")
        )
    )


INSTITUTIONS_STRENGTHENED = Indicator(
    key="institutions_strengthened",
    version=1,
    title=_("Institutions strengthened"),
    measure=_("institutions"),
    source_note=_(
        "An institution with at least one strengthening activity in the year; once a year, on the date of the first"
    ),
    breakdowns=(OWNERSHIP,),
    counted=_strengthened,
    date_field="held_on",
    source="facilities.facility",
    source_path=FACILITY,
    member_kind=MemberKind.FACILITY,
    code_path="facility__code",
)
AFTERCARE_FACILITIES = Indicator(
    key="aftercare_facilities",
    version=1,
    title=_("Government institutions offering aftercare"),
    measure=_("institutions"),
    consolidation=Consolidation.LAST,
    source_note=_("Government facilities whose mark “offers aftercare” holds on the last day of the period"),
    counted=_offering_aftercare,
    date_field="starts_on",
    source="facilities.facility",
    source_path=FACILITY,
    member_kind=MemberKind.FACILITY,
    code_path="facility__code",
)
