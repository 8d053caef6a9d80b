"""Clients whose quality of life improved: of the treatments that ended with a measure before and after, those that ended better.

What that is, is defined and kept by `assessments.LifeChange`; here it is only counted.
"""

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from assessments.enums import LifeResult
from assessments.models import LifeChange
from rehab.periods import Period
from reports.indicators.clients import ADMISSION, SETTING, SEX
from reports.indicators.definition import Breakdown, Consolidation, Indicator, Ratio, Rules, number


def _changes(period: Period, rules: Rules) -> QuerySet:
    # Only columns of the covering index: the count reads no table.
    return LifeChange.objects.filter(ended_on__gte=period.start, ended_on__lt=period.end).annotate(
        on=F("ended_on"),
        for_unit=number("unit_id"),
        at_facility=number("facility_id"),
        by_life=F("result"),
        by_admission=F("admission_group"),
        by_setting=F("setting"),
        by_sex=F("sex"),
    )


def _unmeasured(treatments: QuerySet, period: Period) -> int:
    """Treatments that ended in the period without both measures."""
    ended = treatments.filter(ended_on__gte=period.start, ended_on__lt=period.end, started_on__isnull=False)
    return ended.filter(life_change=None).count()


LIFE = Breakdown("by_life", _("Quality of life"), LifeResult)

QUALITY_OF_LIFE = Indicator(
    key="quality_of_life_pct",
    version=1,
    title=_("Clients whose quality of life improved"),
    measure="%",
    consolidation=Consolidation.RATIO,
    source_note=_(
        "Of treatments that ended with WHOQOL-BREF both before (at the latest 14 days after the first service) and after (until 30"
        " days after the end), those whose mean of the four domains is higher after; without both measures a treatment is"
        " no member"
    ),
    breakdowns=(ADMISSION, SETTING, SEX),
    ratio=Ratio(LIFE, LifeResult.BETTER),
    counted=_changes,
    date_field="ended_on",
    # Kept as the treatment itself; the change has the treatment's own id.
    source="clients.treatment",
    places=2,
    code_path="client__code",
    person_path="client__person_id",
    missing=_unmeasured,
    missing_words=_("ended without both measures"),
)
