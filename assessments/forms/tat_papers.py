"""The checklist of documents: a line for each, and what the lines said when the form was opened."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from assessments.actions.tat_team import Paper
from assessments.enums import TatPaper, TatPaperState
from assessments.forms.assessments import DateField, bare

PARTS = ("state", "number", "dated")


class PapersForm(forms.Form):
    """Fields state_<kind>, number_<kind>, dated_<kind>. The page posts each once more as `was-…`, unchanged."""

    def __init__(self, data: Any = None, *, current: Mapping[str, Paper]):
        super().__init__(data, initial=as_posted(current))
        self.current = current
        number, day = _("number"), _("date")
        for kind, label in TatPaper.choices:
            self.fields[f"state_{kind}"] = forms.ChoiceField(label=label, choices=TatPaperState.choices)
            self.fields[f"number_{kind}"] = forms.CharField(label=f"{label}: {number}", max_length=80, required=False)
            self.fields[f"dated_{kind}"] = DateField(label=f"{label}: {day}", required=False)
        self.helper = bare()

    def lines(self) -> list[tuple[str, str, BoundField, BoundField, BoundField]]:
        """(kind, label, and the three fields) of each document."""
        return [
            (kind, str(label), self[f"state_{kind}"], self[f"number_{kind}"], self[f"dated_{kind}"])
            for kind, label in TatPaper.choices
        ]

    def opened_with(self) -> dict[str, str]:
        """What the page sends along unchanged."""
        if self.is_bound:
            return {name: str(self.data.get(f"was-{name}", "")) for name in as_posted(self.current)}
        return as_posted(self.current)

    def typed(self) -> dict[str, Paper]:
        data = self.cleaned_data
        return {
            kind: Paper(data[f"state_{kind}"], data[f"number_{kind}"], data[f"dated_{kind}"])
            for kind in TatPaper.values
        }

    def was(self) -> dict[str, Paper]:
        told = self.opened_with()
        return {
            kind: Paper(
                told[f"state_{kind}"] or TatPaperState.MISSING, told[f"number_{kind}"], _day(told[f"dated_{kind}"])
            )
            for kind in TatPaper.values
        }


def as_posted(papers: Mapping[str, Paper]) -> dict[str, str]:
    found = {}
    for kind, line in papers.items():
        found[f"state_{kind}"] = str(line.state)
        found[f"number_{kind}"] = line.number
        found[f"dated_{kind}"] = line.dated.isoformat() if line.dated else ""
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
