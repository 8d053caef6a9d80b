"""Clients known not to have relapsed: of every completed way, what is known at the end of its window.

Relapsed: a follow-up in the window says so. Not relapsed: the follow-up nearest the window's end, within the tolerance,
says so (of two equally near the later one, which knows more). Else unknown, which is never counted as success.
"""

import calendar
from datetime import date, timedelta

from django.db.models import (
    Case,
    CharField,
    DateField,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.utils.translation import gettext_lazy as _

from aftercare.enums import Relapse
from aftercare.models import FollowUp
from clients.enums import Outcome
from clients.models import Treatment
from rehab.periods import Period
from reports.indicators.clients import ADMISSION, SETTING, SEX
from reports.indicators.definition import Breakdown, Consolidation, Indicator, Ratio, Rules, number

# A month's end is cut short by shorter months, never by more than this.
MONTH_END = timedelta(days=4)


class AddMonths(Func):
    """The date that many months later; 31 August + 6 months is the last day of February."""

    template = "(%(expressions)s + make_interval(months => %(months)s))::date"
    output_field = DateField()

    def __init__(self, day: str, *, months: int):
        super().__init__(F(day), months=int(months))


class DaysBetween(Func):
    template = "ABS(%(expressions)s)"
    arg_joiner = " - "
    output_field = IntegerField()


def months_before(day: date, months: int) -> date:
    """The same day that many months earlier, cut to the end of its month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _completed(period: Period, rules: Rules) -> QuerySet:
    """Completed treatments after which none came in their episode, whose window ends in the period."""
    later = Treatment.objects.filter(episode=OuterRef("episode"), started_on__isnull=False).filter(
        Q(ended_on=None)
        | Q(ended_on__gt=OuterRef("ended_on"))
        | Q(ended_on=OuterRef("ended_on"), pk__gt=OuterRef("pk"))
    )
    return (
        Treatment.objects.filter(
            ~Exists(later),
            outcome=Outcome.COMPLETED,
            ended_on__gte=months_before(period.start, rules.window_months),
            ended_on__lt=months_before(period.end, rules.window_months) + MONTH_END,
        )
        .annotate(on=AddMonths("ended_on", months=rules.window_months))
        .filter(on__gte=period.start, on__lt=period.end)
    )


def _members(period: Period, rules: Rules) -> QuerySet:
    followed = FollowUp.objects.filter(plan__client=OuterRef("client"), done_on__isnull=False)
    in_window = followed.filter(done_on__gte=OuterRef("ended_on"), done_on__lte=OuterRef("on"))
    nearest = (
        followed.filter(done_on__gte=OuterRef("ended_on"))
        .annotate(away=DaysBetween(F("done_on"), OuterRef("on")))
        .filter(away__lte=rules.tolerance_days)
        .order_by("away", "-done_on", "-pk")
    )
    return _completed(period, rules).annotate(
        says=Subquery(nearest.values("relapse")[:1]),
        for_unit=number("unit_id"),
        at_facility=number("facility_id"),
        by_admission=F("admission_group"),
        by_setting=F("setting"),
        by_sex=F("sex"),
        by_relapse=Case(
            When(Exists(in_window.filter(relapse=Relapse.YES)), then=Value(Relapse.YES.value)),
            When(says=Relapse.NO, then=Value(Relapse.NO.value)),
            default=Value(Relapse.UNKNOWN.value),
            output_field=CharField(),
        ),
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
    counted=_members,
    date_field="ended_on",
    source="clients.treatment",
    places=2,
    code_path="client__code",
    person_path="client__person_id",
)
