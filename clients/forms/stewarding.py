"""What a data steward decides on two clients, and the code by which a person is looked up."""

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.codes import as_code
from clients.forms.fields import TextField

LINK, APART = "link", "apart"


class DecisionForm(forms.Form):
    """The button that was pressed says which of the two it is."""

    reason = TextField(label=_("Reason"), max_length=250)
    decision = forms.ChoiceField(choices=[(LINK, LINK), (APART, APART)])


class CodeForm(forms.Form):
    code = forms.CharField(label=_("Client code"), max_length=30)

    def clean_code(self) -> str:
        code = as_code(self.cleaned_data["code"])
        if not code:
            raise forms.ValidationError(_("This is not the code of a client."))
        return code
