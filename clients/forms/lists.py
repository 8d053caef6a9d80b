"""What stands above the list, and what is looked for. The search is posted: identifiers never stand in an address."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.enums import (
    Admission,
    AdmissionGroup,
    AgeGroup,
    EpisodeStatus,
    Programme,
    Setting,
    Substance,
)
from clients.forms.fields import EARLIEST, TextField, bare
from clients.queries.columns import CONTACT, SUMMARY, Column
from clients.queries.finding import OPEN, Wanted
from facilities.access import facility_ids, permissions_of
from facilities.models import Facility
from rehab.enums import Sex
from rehab.models import User
from rehab.numbers import format_date
from rehab.roles import Permission

EVERY = ("", gettext_lazy("All"))
STATES = [EVERY, (OPEN, gettext_lazy("On their way (not closed)")), *EpisodeStatus.choices]
# Orders that cost a page of a million clients no more than of a hundred: those of the list's own key.
ORDERS = {"": "-pk", "oldest": "pk"}
ORDER_WORDS = [("", gettext_lazy("Newest first")), ("oldest", gettext_lazy("Oldest first"))]
MOST_PLACES = 300
FEW_PLACES = 1


@dataclass(frozen=True)
class Chip:
    """One choice that is on: what it is, and the address without it."""

    label: Any
    value: Any
    url: str


def _choice(label: Any, choices: Iterable) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[EVERY, *choices], required=False)


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "min": EARLIEST.isoformat()})
    return forms.DateField(label=label, required=False, widget=widget, input_formats=["%Y-%m-%d", "%d-%m-%Y"])


class ClientFilter(forms.Form):
    """Nonsense in the address filters nothing. Each choice stands in the address under the name of its field."""

    status = _choice(gettext_lazy("Status"), STATES[1:])
    facility = forms.CharField(label=gettext_lazy("Facility"), max_length=150, required=False)
    admission_group = _choice(gettext_lazy("Report group"), AdmissionGroup.choices)
    setting = _choice(gettext_lazy("Setting"), Setting.choices)
    programme = _choice(gettext_lazy("Programme"), Programme.choices)
    main_substance = _choice(gettext_lazy("Main substance"), Substance.choices)
    sex = _choice(gettext_lazy("Sex"), Sex.choices)
    age_group = _choice(gettext_lazy("Age group"), AgeGroup.choices)
    admission = _choice(gettext_lazy("Came by"), Admission.choices)
    opened_from = _day(gettext_lazy("Registered from"))
    opened_to = _day(gettext_lazy("Registered up to"))
    started_from = _day(gettext_lazy("Treatment started from"))
    started_to = _day(gettext_lazy("Treatment started up to"))
    silent = forms.IntegerField(
        label=gettext_lazy("No contact for (days)"), min_value=1, max_value=3650, required=False
    )
    handover = _choice(gettext_lazy("Hand-over"), [("open", gettext_lazy("offered, not answered"))])
    sort = forms.ChoiceField(label=gettext_lazy("Order"), choices=ORDER_WORDS, required=False)

    FIRST = ("status", "facility", "sort")

    def __init__(self, data: Any, *, user: User):
        super().__init__(data)
        self.reach = facility_ids(user, Permission.SEE_CLIENTS)
        held = permissions_of(user)
        if len(self.reach) <= FEW_PLACES:
            del self.fields["facility"]
        else:
            self.fields["facility"].widget.attrs |= {"list": "places", "autocomplete": "off"}
        for name, needed in (("main_substance", SUMMARY), ("silent", CONTACT)):
            if not needed & held:
                del self.fields[name]
        self.places: dict[int, str] = {}
        self.unfolded = bool(data and "more" in data)
        self.is_valid()
        # What could not be understood is passed over, and not shown as if it filtered.
        self.chosen = {name: value for name in self.fields if (value := self.cleaned_data.get(name))}

    def clean_facility(self) -> str:
        """A key, a code, or a part of the name: all facilities of the person's scope that fit."""
        text = self.cleaned_data["facility"].strip()
        if text:
            fitting = Q(name__icontains=text) | Q(code__iexact=text)
            if text.isascii() and text.isdecimal() and len(text) < 19:
                fitting |= Q(pk=int(text))
            found = Facility.objects.filter(fitting, pk__in=self.reach).order_by("name")
            self.places = dict(found.values_list("pk", "name")[:MOST_PLACES])
        return text

    def wanted(self) -> Wanted:
        values = {name: value for name, value in self.chosen.items() if name not in {"facility", "sort", "handover"}}
        places = frozenset(self.places) if "facility" in self.chosen else None
        return Wanted(**values, facilities=places, handover="handover" in self.chosen)

    @property
    def key(self) -> str:
        return ORDERS[self.chosen.get("sort", "")]

    @property
    def narrows(self) -> bool:
        return bool(self.chosen.keys() - {"sort"})

    @property
    def query(self) -> str:
        """The choices as an address carries them, nonsense left out."""
        kept = QueryDict(mutable=True)
        for name in self.chosen:
            kept[name] = self.plain(name)
        return kept.urlencode()

    def plain(self, name: str) -> str:
        value = self.chosen[name]
        return value.isoformat() if isinstance(value, date) else str(value)

    def first(self) -> Iterator[forms.BoundField]:
        return (self[name] for name in self.FIRST if name in self.fields)

    def others(self) -> Iterator[forms.BoundField]:
        return (self[name] for name in self.fields if name not in self.FIRST)

    def folded(self) -> Iterator[tuple[str, str]]:
        """What is on of the choices that are not shown, to go along with the others."""
        return ((name, self.plain(name)) for name in self.chosen if name not in self.FIRST)

    def chips(self, path: str) -> list[Chip]:
        chips = []
        for name in self.chosen:
            if name != "sort":
                rest = QueryDict(self.query, mutable=True)
                del rest[name]
                # An address without anything would open the person's own first filter again.
                url = f"{path}?{rest.urlencode()}" if rest else f"{path}?all=1"
                chips.append(Chip(self.fields[name].label, self.said(name), url))
        return chips

    def said(self, name: str) -> str:
        value = self.chosen[name]
        if name == "facility":
            return next(iter(self.places.values())) if len(self.places) == 1 else f"“{value}” ({len(self.places)})"
        if isinstance(value, date):
            return format_date(value)
        field = self.fields[name]
        return (
            str(dict(cast(Iterable[tuple[str, str]], field.choices))[value])
            if isinstance(field, forms.ChoiceField)
            else str(value)
        )

    def sentence(self) -> str:
        """The filter in words, as a file says it."""
        parts = [f"{self.fields[name].label}: {self.said(name)}" for name in self.chosen if name != "sort"]
        return "; ".join(parts) or _("none: all clients of the scope")


class ColumnsForm(forms.Form):
    columns = forms.MultipleChoiceField(
        label=gettext_lazy("Columns"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, every: Iterable[Column], shown: Iterable[Column] = ()):
        super().__init__(data, initial={"columns": [column.key for column in shown]}, auto_id="col_%s")
        cast(forms.ChoiceField, self.fields["columns"]).choices = [(column.key, column.label) for column in every]


class SaveFilterForm(forms.Form):
    name = TextField(label=gettext_lazy("Name of the filter"), max_length=60)
    is_default = forms.BooleanField(label=gettext_lazy("Open the list with it"), required=False)

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None):
        super().__init__(data, initial=initial, auto_id="saved_%s")
        self.helper = bare()


class SearchForm(forms.Form):
    q = TextField(label=gettext_lazy("Code, name, NIK or phone"), max_length=200)
