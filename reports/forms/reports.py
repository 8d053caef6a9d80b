"""Asking for a report, finding one, and typing its obstacles and follow-ups."""

from datetime import date
from typing import Any

import django_filters as filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from facilities.access import unit_ids
from facilities.models import Unit
from rehab.models import User
from rehab.periods import FIRST_YEAR, LAST_YEAR, MONTHS, Kind, Period, containing
from rehab.roles import Permission
from reports.actions.notes import LONGEST
from reports.enums import FigureScope, PeriodKind, ReportStatus
from reports.models import Report


class AskForm(forms.Form):
    """Which unit, which period: the month, or the quarter, semester or year that holds it."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit"), empty_label=_("Choose…"))
    kind = forms.ChoiceField(label=_("Period"), choices=PeriodKind)
    month = forms.TypedChoiceField(
        label=_("Month"),
        coerce=int,
        choices=list(MONTHS.items()),
        help_text=_("For a quarter or semester any month in it; for a year it does not matter."),
    )
    year = forms.IntegerField(label=_("Year"), min_value=FIRST_YEAR + 1, max_value=LAST_YEAR - 1, localize=False)
    scope = forms.ChoiceField(
        label=_("Counts"), choices=[("", _("as usual for the unit")), *FigureScope.choices], required=False
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        units = Unit.objects.filter(pk__in=unit_ids(user, Permission.BUILD_REPORTS))
        self.fields["unit"].queryset = units
        post = getattr(user, "active_post", None)
        first = units.filter(pk=post.unit_id).first() if post and post.unit_id else units.first()
        self.initial.setdefault("unit", first)
        finished = containing(Kind.MONTH, first.local_date() if first else date.today()).previous()
        self.initial.setdefault("year", finished.start.year)
        self.initial.setdefault("month", finished.start.month)
        self.fields["year"].widget.attrs["inputmode"] = "numeric"

    @property
    def period(self) -> Period:
        chosen = self.cleaned_data
        return containing(Kind(chosen["kind"]), date(chosen["year"], chosen["month"], 1))

    @property
    def chosen_scope(self) -> FigureScope | None:
        return FigureScope(self.cleaned_data["scope"]) if self.cleaned_data["scope"] else None


class NotesForm(forms.Form):
    obstacle = forms.CharField(required=False, max_length=LONGEST)
    follow_up = forms.CharField(required=False, max_length=LONGEST)
    edit = forms.IntegerField(min_value=1)


def _units(request: HttpRequest) -> QuerySet:
    return Unit.objects.filter(pk__in=unit_ids(request.user, Permission.SEE_FIGURES))


class ReportFilter(filters.FilterSet):
    unit = filters.ModelChoiceFilter(label=_("Unit"), queryset=_units, empty_label=_("All"))
    kind = filters.ChoiceFilter(label=_("Period"), choices=PeriodKind, empty_label=_("All"))
    year = filters.NumberFilter(
        label=_("Year"), field_name="starts_on", lookup_expr="year", min_value=FIRST_YEAR, max_value=LAST_YEAR
    )
    status = filters.ChoiceFilter(label=_("Status"), choices=ReportStatus, empty_label=_("All"))

    class Meta:
        model = Report
        fields = ["unit", "kind", "year", "status"]
