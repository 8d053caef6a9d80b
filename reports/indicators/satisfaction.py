"""Satisfaction of those served: the mean of the anonymous sheets that clients gave at the end of a treatment."""

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from aftercare.models import SatisfactionSheet
from clients.models import Treatment
from rehab.periods import Period
from reports.indicators.definition import Consolidation, Indicator, Mean, MemberKind, Rules, number

SCORE = "by_score"


def _sheets(period: Period, rules: Rules) -> QuerySet:
    # Only columns of the covering index: the count reads no table.
    return SatisfactionSheet.objects.filter(given_on__gte=period.start, given_on__lt=period.end).annotate(
        on=F("given_on"),
        for_unit=number("unit_id"),
        at_facility=number("facility_id"),
        by_score=F("score"),
    )


def _unasked(treatments: QuerySet[Treatment], period: Period) -> int:
    """Treatments that ended in the period without an answer: declined, or never asked."""
    ended = treatments.filter(ended_on__gte=period.start, ended_on__lt=period.end, started_on__isnull=False)
    return ended.exclude(satisfaction__given=True).count()


IKM = Indicator(
    key="ikm",
    version=1,
    title=_("Satisfaction index (IKM)"),
    measure=_("index"),
    consolidation=Consolidation.RATIO,
    source_note=_(
        "Mean of the sheets of the satisfaction survey (nine elements, 1 to 4, at least five answered), each by the mean of its"
        " answers; counts on the day it was given; none of fewer than five sheets"
    ),
    mean=Mean(SCORE),
    counted=_sheets,
    date_field="given_on",
    source="aftercare.satisfactionsheet",
    places=2,
    member_kind=MemberKind.SHEET,
    missing=_unasked,
    missing_words=_("ended without a survey"),
)
