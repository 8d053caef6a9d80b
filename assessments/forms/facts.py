"""The six facts as a form that may stay half empty, and what two people typed at once."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.actions.facts import FIELDS, FactsData
from assessments.enums import IcdGroup, IcdState, TreatmentHistory, UseRoute
from assessments.forms.assessments import bare
from assessments.models import CaseFacts
from clients.enums import Substance
from rehab.conflicts import THEIRS, Conflict

LONGEST_USE = 80


def _select(choices) -> list[tuple[str, str]]:
    return [("", _("not known yet")), *choices]


class FactsForm(forms.Form):
    edit = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    identity_checked = forms.BooleanField(
        label=_("Identity checked against a document, or by interview"), required=False
    )
    substance = forms.ChoiceField(label=_("Main substance"), choices=_select(Substance.choices), required=False)
    substance_note = forms.CharField(
        label=_("Named by the client as"), help_text=_("For example sabu, gele, koplo"), max_length=80, required=False
    )
    years = forms.IntegerField(label=_("Years"), min_value=0, max_value=LONGEST_USE, required=False)
    months = forms.IntegerField(label=_("Months"), min_value=0, max_value=11, required=False)
    route = forms.ChoiceField(label=_("Way of use"), choices=_select(UseRoute.choices), required=False)
    icd_group = forms.ChoiceField(label=_("Group"), choices=_select(IcdGroup.choices), required=False)
    icd_state = forms.ChoiceField(label=_("State"), choices=_select(IcdState.choices), required=False)
    other_diagnoses = forms.CharField(
        label=_("Other diagnoses"),
        help_text=_("Codes with commas between them, for example F10.1, F17.2"),
        max_length=80,
        required=False,
    )
    history = forms.ChoiceField(label=_("Earlier treatment"), choices=_select(TreatmentHistory.choices), required=False)

    helper = bare()

    def facts(self) -> FactsData:
        data = self.cleaned_data
        length = [data["years"], data["months"]]
        months = None if length == [None, None] else (data["years"] or 0) * 12 + (data["months"] or 0)
        named = {name: data[name] for name in FIELDS if name in data}
        return FactsData(**named, months_of_use=months)


def initial(row: CaseFacts | None) -> dict[str, object]:
    if row is None:
        return {"edit": 0}
    years, months = divmod(row.months_of_use, 12) if row.months_of_use is not None else (None, None)
    return {name: getattr(row, name) for name in FIELDS} | {"years": years, "months": months, "edit": row.edit}


def settled(data: QueryDict, row: CaseFacts | None) -> QueryDict:
    """The posted data after the choices of the conflict: a field kept as "theirs" takes what is saved."""
    data = data.copy()
    saved = initial(row)
    for name in FIELDS:
        if data.get(f"keep-{name}") == THEIRS and row is not None:
            for part in ("years", "months") if name == "months_of_use" else (name,):
                value = saved[part]
                data[part] = (
                    ("on" if value else "") if isinstance(value, bool) else ("" if value is None else str(value))
                )
    if data.get("identity_checked") == "":
        del data["identity_checked"]
    return data


@dataclass(frozen=True)
class Conflicts:
    rows: list[Conflict]
    saved_by: str
    saved_at: datetime


def conflicts(base: dict, theirs: CaseFacts, yours: FactsData) -> Conflicts:
    """Where the saved facts differ from the typed ones; `base` are those that the form was opened with."""
    typed = asdict(yours)
    rows = [
        Conflict(
            field=name,
            label=_label(name),
            before=words(name, base.get(name)),
            theirs=words(name, getattr(theirs, name)),
            yours=words(name, typed[name]),
            chosen=THEIRS if typed[name] == base.get(name) else "yours",
        )
        for name in FIELDS
        if getattr(theirs, name) != typed[name]
    ]
    return Conflicts(rows, theirs.recorded_by.name if theirs.recorded_by else "Titian", theirs.recorded_at)


def words(name: str, value: object) -> str:
    if value is None or value == "":
        return ""
    if name == "identity_checked":
        return gettext("Yes") if value else gettext("No")
    if name == "months_of_use":
        return length_in_words(int(str(value)))
    choices = dict(getattr(FactsForm.base_fields[name], "choices", ()))
    return str(choices.get(value, value))


def length_in_words(months: int) -> str:
    years, rest = divmod(months, 12)
    parts = [gettext("%(count)s years") % {"count": years}] if years else []
    if rest or not years:
        parts.append(gettext("%(count)s months") % {"count": rest})
    return " ".join(parts)


def _label(name: str) -> str:
    if name == "months_of_use":
        return gettext("Length of use")
    return str(FactsForm.base_fields[name].label)


def checklist(row: CaseFacts | None) -> list[dict[str, object]]:
    """The checklist: each fact with its name and whether it stands."""
    known = (
        row.known if row else dict.fromkeys(("identity", "substance", "length", "route", "diagnosis", "history"), False)
    )
    titles = {
        "identity": gettext("Identity"),
        "substance": gettext("Substance"),
        "length": gettext("Length of use"),
        "route": gettext("Way of use"),
        "diagnosis": gettext("Diagnosis (ICD-10)"),
        "history": gettext("Treatment history"),
    }
    return [{"key": key, "title": titles[key], "known": stands} for key, stands in known.items()]
