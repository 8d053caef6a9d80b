"""The records of the two teams. What is saved is signed."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessments.actions.tat_records import Evidence, LegalFacts, MedicalFacts
from assessments.enums import EvidenceUnit, IcdGroup, IcdState, SemaSubstance, TatRole
from assessments.forms.assessments import DateField, bare
from assessments.models import TatLegalRecord, TatMedicalRecord
from clients.enums import Substance

NOTES, CONCLUSION, SHORT = 10_000, 4_000, 2_000
LINES = 6


def _select(choices: list) -> list[tuple[str, Any]]:
    return [("", "–"), *choices]


def _text(label: Any, longest: int, rows: int, hint: Any = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, help_text=hint, widget=forms.Textarea(attrs={"rows": rows}))


class AmountField(forms.DecimalField):
    """A comma is decimal. One dot before exactly three digits is refused: it may be meant as thousands or as decimals."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # typed as its parent, IntegerField
        text = str(value or "").strip()
        if re.fullmatch(r"\d+\.\d{3}", text):
            raise ValidationError(_("Write decimals with a comma, for example 0,125."))
        return super().to_python(text.replace(",", ".") if "." not in text else text)


class RecordForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    examined_on = DateField(label=_("Day of the examination"))

    helper = bare()


class MedicalForm(RecordForm):
    icd_group = forms.ChoiceField(label=_("Diagnosis (ICD-10): group"), choices=_select(IcdGroup.choices))
    icd_state = forms.ChoiceField(label=_("State"), choices=_select(IcdState.choices))
    substance = forms.ChoiceField(label=_("Main substance"), choices=_select(Substance.choices))
    urine = forms.CharField(
        label=_("Urine test"), max_length=250, required=False, help_text=_("For example: MET +, AMP +, THC −")
    )
    pattern = _text(_("Pattern of use"), SHORT, 3, _("How often, how much, how long, in which way."))
    need = _text(_("Need of treatment"), SHORT, 3)
    notes = _text(_("Notes of the medical team"), NOTES, 8, _("Nobody outside the medical team reads them."))
    conclusion = _text(
        _("Conclusion of the medical team"),
        CONCLUSION,
        4,
        _("The legal team and the secretariat read it; it stands in the letter."),
    )

    fields_kept = ("icd_group", "icd_state", "substance", "urine", "pattern", "need", "notes", "conclusion")

    def facts(self) -> MedicalFacts:
        data = self.cleaned_data
        return MedicalFacts(data["examined_on"], **{name: data[name] for name in self.fields_kept})


class LegalForm(RecordForm):
    """Up to six lines of evidence; an empty line is none."""

    role = forms.ChoiceField(label=_("Role in the case"), choices=TatRole.choices, widget=forms.RadioSelect)
    notes = _text(_("Notes of the legal team"), NOTES, 8, _("Nobody outside the legal team reads them."))
    conclusion = _text(
        _("Conclusion of the legal team"),
        CONCLUSION,
        4,
        _("The medical team and the secretariat read it; it stands in the letter."),
    )

    fields_kept = ("role", "notes", "conclusion")

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        for number in range(1, LINES + 1):
            for part, field in _evidence_fields(number).items():
                self.fields[f"{part}_{number}"] = field

    def lines(self) -> list[list[forms.BoundField]]:
        parts = _evidence_fields(0)
        return [[self[f"{part}_{number}"] for part in parts] for number in range(1, LINES + 1)]

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        for number in range(1, LINES + 1):
            substance, amount, name = (data.get(f"{part}_{number}") for part in ("substance", "amount", "name"))
            if (amount or name) and not substance and f"substance_{number}" not in self.errors:
                self.add_error(f"substance_{number}", _("Choose the substance of this line."))
            if substance and not amount and f"amount_{number}" not in self.errors:
                self.add_error(f"amount_{number}", _("Give the amount of this line."))
            if substance == SemaSubstance.OTHER and not name and f"name_{number}" not in self.errors:
                self.add_error(f"name_{number}", _("Say what the other substance is."))
        return data

    def facts(self) -> LegalFacts:
        data = self.cleaned_data
        return LegalFacts(data["examined_on"], **{name: data[name] for name in self.fields_kept})

    def evidence(self) -> list[Evidence]:
        data = self.cleaned_data
        return [
            Evidence(
                data[f"substance_{number}"],
                data[f"amount_{number}"],
                data[f"unit_{number}"] or EvidenceUnit.GRAM,
                data[f"name_{number}"],
            )
            for number in range(1, LINES + 1)
            if data[f"substance_{number}"]
        ]


def _evidence_fields(number: int) -> dict[str, forms.Field]:
    evidence = _("Evidence")

    def label(what: Any) -> str:
        return f"{evidence} {number}: {what}"

    return {
        "substance": forms.ChoiceField(
            label=label(_("substance")), choices=_select(SemaSubstance.choices), required=False
        ),
        "amount": AmountField(label=label(_("amount")), min_value=0, max_digits=11, decimal_places=4, required=False),
        "unit": forms.ChoiceField(label=label(_("measure")), choices=EvidenceUnit.choices, required=False),
        "name": forms.CharField(label=label(_("what it is")), max_length=80, required=False),
    }


def medical_values(record: TatMedicalRecord | None) -> dict[str, str]:
    """As the form posts them; empty without a record."""
    return _values(record, MedicalForm.fields_kept) if record else {}


def legal_values(record: TatLegalRecord | None) -> dict[str, str]:
    """As the form posts them, the lines of evidence among them; empty without a record."""
    if record is None:
        return {}
    found = _values(record, LegalForm.fields_kept)
    lines = {line.position: line for line in record.evidence.all()}
    for number in range(1, LINES + 1):
        line = lines.get(number)
        for part in ("substance", "amount", "unit", "name"):
            value = getattr(line, part) if line else EvidenceUnit.GRAM if part == "unit" else ""
            found[f"{part}_{number}"] = (
                f"{value.normalize():f}".replace(".", ",") if isinstance(value, Decimal) else str(value)
            )
    return found


def _values(record: Any, names: tuple[str, ...]) -> dict[str, str]:
    return {"examined_on": record.examined_on.isoformat()} | {name: str(getattr(record, name)) for name in names}
