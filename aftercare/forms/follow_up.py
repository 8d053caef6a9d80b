"""What a follow-up found. Without contact only date, kind and note are asked for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftercare.enums import ContactWay, FollowUpKind, Productive, Relapse, Urine
from aftercare.forms.fields import AttemptForm, DateField, Radio
from aftercare.models import AftercarePlan, FollowUp

YES, NO = "yes", "no"
ONLY_WITH_CONTACT = ("way", "relapse", "productive", "urine")


class FollowUpForm(AttemptForm):
    contact_made = Radio(label=_("Was the client met or spoken to?"), choices=[(YES, _("Yes")), (NO, _("No"))])
    done_on = DateField(label=_("Date"))
    way = Radio(label=_("How"), choices=ContactWay, required=False)
    relapse = Radio(
        label=_("Relapse"),
        choices=Relapse,
        required=False,
        initial=Relapse.UNKNOWN,
        help_text=_("Unknown is an honest answer; it is never counted as success."),
    )
    productive = Radio(
        label=_("Activity"),
        choices=Productive,
        required=False,
        initial=Productive.UNKNOWN,
        help_text=_("Productive: works, studies or keeps the household."),
    )
    urine = Radio(label=_("Urine test"), choices=Urine, required=False, initial=Urine.NOT_DONE)
    kind = forms.ChoiceField(label=_("Kind"), choices=FollowUpKind, initial=FollowUpKind.MONITORING)
    note = forms.CharField(label=_("Note"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
    edit = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, plan: AftercarePlan, follow_up: FollowUp | None = None):
        today = plan.place.local_date()
        super().__init__(
            data, initial=_initial(follow_up) | ({} if follow_up and follow_up.done_on else {"done_on": today})
        )
        limits = {"min": f"{plan.starts_on:%Y-%m-%d}", "max": f"{today:%Y-%m-%d}"}
        self.fields["done_on"].widget.attrs |= limits

    def clean_contact_made(self) -> bool:
        return self.cleaned_data["contact_made"] == YES

    def clean_relapse(self) -> str:
        return self.cleaned_data["relapse"] or Relapse.UNKNOWN

    def clean_productive(self) -> str:
        return self.cleaned_data["productive"] or Productive.UNKNOWN

    def clean_urine(self) -> str:
        return self.cleaned_data["urine"] or Urine.NOT_DONE

    def clean_note(self) -> str:
        return self.cleaned_data["note"].replace("\r\n", "\n")


def _initial(follow_up: FollowUp | None) -> dict[str, Any]:
    if follow_up is None:
        return {"edit": 0}
    kept = {"kind": follow_up.kind, "edit": follow_up.edit}
    if follow_up.done_on is None:
        return kept
    names = ("done_on", "way", "relapse", "productive", "urine", "note")
    return (
        kept
        | {name: getattr(follow_up, name) for name in names}
        | {"contact_made": YES if follow_up.contact_made else NO}
    )
