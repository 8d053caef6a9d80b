"""One cup: collecting it, handing it on, reading its strips; and the size of a draw."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.enums import UrineResult
from assessments.models.urine import PANEL, UrineTest

REMARK = 250


class CollectForm(forms.Form):
    observed = forms.BooleanField(label=_("Collected under observation"), required=False)
    remark = forms.CharField(label=_("Remark"), max_length=REMARK, required=False)


class RemarkForm(forms.Form):
    remark = forms.CharField(label=_("Remark"), max_length=REMARK, required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=REMARK, required=False)


class ReadForm(forms.Form):
    """A field for each strip; `reason` where a reading is corrected."""

    note = forms.CharField(label=_("Note"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    reason = forms.CharField(label=_("Why the reading is corrected"), max_length=REMARK, required=False)

    def __init__(self, data: Any = None, *, test: UrineTest, correcting: bool):
        super().__init__(data, initial={"note": test.note})
        for name in PANEL:
            self.fields[name] = forms.ChoiceField(
                label=name.upper(), choices=UrineResult.choices, widget=forms.RadioSelect, initial=getattr(test, name)
            )
        if not correcting:
            del self.fields["reason"]

    def strips(self) -> list[forms.BoundField]:
        return [self[name] for name in PANEL]

    def results(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in PANEL}


class DrawForm(forms.Form):
    size = forms.IntegerField(label=_("How many clients"), min_value=1, max_value=500, initial=5)
