"""What stands above the list, and what is looked for. The search is posted: identifiers never stand in an address."""

from typing import Any

from crispy_forms.layout import Field, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from clients.enums import Admission, ConsentScope, EpisodeStatus
from clients.forms.fields import TextField, bare
from facilities.models import Facility

OPEN = "open"
STATES = [("", _("All")), (OPEN, _("On their way (not closed)")), *EpisodeStatus.choices]


class ClientFilter(forms.Form):
    """Nonsense in the address filters nothing."""

    status = forms.ChoiceField(label=_("Status"), choices=STATES, required=False)
    admission = forms.ChoiceField(label=_("Came by"), choices=[("", _("All")), *Admission.choices], required=False)
    facility = forms.ModelChoiceField(
        label=_("Facility"), queryset=Facility.objects.none(), required=False, empty_label=_("All")
    )

    def __init__(self, data: Any, *, reach: frozenset[int]):
        super().__init__(data)
        if len(reach) > 1:
            self.fields["facility"].queryset = Facility.objects.filter(pk__in=reach)
        else:
            del self.fields["facility"]

    def chosen(self) -> dict:
        self.is_valid()
        return {key: value for key, value in self.cleaned_data.items() if value}


class SearchForm(forms.Form):
    q = TextField(label=_("Code, name, NIK or phone"), max_length=200)


class ConsentForm(forms.Form):
    scope = forms.ChoiceField(label=_("The client agrees to"), choices=ConsentScope.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.helper = bare()
        self.helper.layout = Layout(Field("scope", wrapper_class="option-buttons"))
