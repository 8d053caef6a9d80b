"""Clients known not to have relapsed: of every completed way, what is known at the end of its window.

What that is, is defined and kept by `aftercare.RelapseWindow`; here it is only counted.
"""

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from aftercare.enums import Relapse
from aftercare.models import RelapseWindow
from rehab.periods import Period
from reports.indicators.clients import ADMISSION, SETTING, SEX
from reports.indicators.definition import Breakdown, Consolidation, Indicator, Ratio, Rules, number


def _windows(period: Period, rules: Rules) -> QuerySet:
    # Only columns of the covering index: the count reads no table.
    return RelapseWindow.objects.filter(ends_on__gte=period.start, ends_on__lt=period.end).annotate(
        on=F("ends_on"),
        for_unit=number("unit_id"),
        at_facility=number("facility_id"),
        by_relapse=F("relapse"),
        by_admission=F("admission_group"),
        by_setting=F("setting"),
        by_sex=F("sex"),
    )


RELAPSE = Breakdown("by_relapse", _("Known about relapse"), Relapse)

NOT_RELAPSED = Indicator(
    key="not_relapsed_pct",
    version=1,
    title=_("Clients known not to have relapsed"),
    measure="%",
    consolidation=Consolidation.RATIO,
    source_note=_(
        "Of all completed ways whose window ends in the period, those known not to have relapsed; unknown is not success"
    ),
    breakdowns=(ADMISSION, SETTING, SEX),
    ratio=Ratio(RELAPSE, Relapse.NO),
    counted=_windows,
    date_field="ends_on",
    # Kept as the treatment whose window it is; the window has the treatment's own id.
    source="clients.treatment",
    places=2,
    code_path="client__code",
    person_path="client__person_id",
)
