"""Indicators of institutions: strengthened, and offering aftercare."""

from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncYear
from django.utils.translation import gettext_lazy as _

from facilities.enums import Ownership
from facilities.models import FacilityTerm, Strengthening
from rehab.periods import Period
from reports.indicators.clients import OWNERSHIP
from reports.indicators.definition import FACILITY, Consolidation, Indicator, MemberKind, Rules, State, number


def _strengthened(period: Period, rules: Rules) -> QuerySet:
    """The first activity of each institution in its year; whoever gave it counts it, so no institution counts twice."""
    earlier = Strengthening.objects.filter(
        Q(held_on__lt=OuterRef("held_on")) | Q(held_on=OuterRef("held_on"), pk__lt=OuterRef("pk")),
        facility=OuterRef("facility"),
        held_on__gte=OuterRef("year_began"),
        # Said of all at once as well, so that other years are not read.
        held_on__range=(period.start.replace(month=1, day=1), period.last_day),
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


def _terms() -> QuerySet:
    return FacilityTerm.objects.annotate(for_unit=number("unit_id"), at_facility=number("facility_id"))


def _offering_aftercare(day: date) -> Q:
    """Government facilities whose flag holds on that day, for the unit that supervises them then."""
    return (
        Q(starts_on__lte=day, ownership=Ownership.GOVERNMENT, offers_aftercare=True)
        & (Q(ends_on=None) | Q(ends_on__gt=day))
        & (Q(facility__closed_on=None) | Q(facility__closed_on__gt=day))
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
    state=State(_terms, _offering_aftercare),
    date_field="starts_on",
    source="facilities.facility",
    source_path=FACILITY,
    member_kind=MemberKind.FACILITY,
    code_path="facility__code",
)
