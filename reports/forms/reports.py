"""Asking for a report, finding one, and typing its obstacles and follow-ups."""

from datetime import date
from typing import Any, cast

import django_filters as filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from facilities.access import unit_ids
from facilities.models import Unit
from rehab.http import Request
from rehab.models import User
from rehab.periods import FIRST_YEAR, LAST_YEAR, MONTHS, Kind, Period, containing
from rehab.roles import Permission
from reports.actions import workflow
from reports.actions.notes import LONGEST
from reports.enums import FigureScope, PeriodKind, ReportStatus
from reports.models import Report


class AskForm(forms.Form):
    """Which unit, which period: the month, or the quarter, semester or year that holds it; a week by one of its days."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit"), empty_label=_("Choose…"))
    kind = forms.ChoiceField(label=_("Period"), choices=PeriodKind)
    month = forms.TypedChoiceField(
        label=_("Month"),
        coerce=int,
        choices=list(MONTHS.items()),
        help_text=_("For a quarter or semester any month in it; for a year or a week it does not matter."),
    )
    year = forms.IntegerField(label=_("Year"), min_value=FIRST_YEAR + 1, max_value=LAST_YEAR - 1, localize=False)
    day = forms.DateField(
        label=_("Day"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("Only for a week: any day in it."),
    )
    scope = forms.ChoiceField(
        label=_("Counts"), choices=[("", _("as usual for the unit")), *FigureScope.choices], required=False
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        units = Unit.objects.filter(pk__in=unit_ids(user, Permission.BUILD_REPORTS))
        cast(forms.ModelChoiceField, self.fields["unit"]).queryset = units
        post = getattr(user, "active_post", None)
        first = units.filter(pk=post.unit_id).first() if post and post.unit_id else units.first()
        self.initial.setdefault("unit", first)
        finished = containing(Kind.MONTH, first.local_date() if first else date.today()).previous()
        self.initial.setdefault("kind", PeriodKind.MONTH)
        self.initial.setdefault("year", finished.start.year)
        self.initial.setdefault("month", finished.start.month)
        self.fields["year"].widget.attrs["inputmode"] = "numeric"

    def clean(self) -> dict[str, Any]:
        super().clean()
        chosen = self.cleaned_data
        if chosen.get("kind") == PeriodKind.WEEK and not chosen.get("day") and "day" not in self.errors:
            self.add_error("day", _("For a week choose one of its days."))
        return chosen

    @property
    def period(self) -> Period:
        chosen = self.cleaned_data
        if chosen["kind"] == PeriodKind.WEEK:
            return containing(Kind.WEEK, chosen["day"])
        return containing(Kind(chosen["kind"]), date(chosen["year"], chosen["month"], 1))

    @property
    def chosen_scope(self) -> FigureScope | None:
        return FigureScope(self.cleaned_data["scope"]) if self.cleaned_data["scope"] else None


class NotesForm(forms.Form):
    obstacle = forms.CharField(required=False, max_length=LONGEST)
    follow_up = forms.CharField(required=False, max_length=LONGEST)
    edit = forms.IntegerField(min_value=1)


class StepForm(forms.Form):
    """A step on a report's way: the version of the report that was on the screen, and words to go with the step."""

    comment = forms.CharField(
        label=_("Comment"), required=False, max_length=workflow.LONGEST, widget=forms.Textarea(attrs={"rows": 3})
    )
    report_edit = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_report_edit(self) -> int:
        """What is no version at all is one that nobody has seen: 0."""
        text = self.cleaned_data["report_edit"]
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _units(request: Request) -> QuerySet:
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
