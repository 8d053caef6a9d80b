"""Beds: a room of them, out of use and back, and the bed of a client."""

from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.forms.fields import DayField, TextField, bare
from facilities.models import Bed
from rehab.enums import Sex


class BedField(forms.ModelChoiceField):
    """One of the free beds. Who is too late reads so, in place of a remark about choices."""

    def __init__(self, **options: Any):
        options.setdefault("label", _("Bed"))
        options.setdefault("queryset", Bed.objects.none())
        messages = {
            "invalid_choice": _("This bed was taken in the meantime. Choose another one."),
            "required": _("Choose a bed, or put the client on the waiting list."),
        }
        super().__init__(empty_label=_("Choose…"), error_messages=messages, **options)

    def label_from_instance(self, bed: Bed) -> str:
        return f"{bed.room} · {bed.label}"


class RoomForm(forms.Form):
    room = TextField(label=_("Room"), max_length=40)
    sex = forms.ChoiceField(label=_("For"), choices=Sex.choices)
    beds = forms.IntegerField(label=_("Number of beds"), min_value=1, max_value=100)
    first = forms.IntegerField(
        label=_("Number of the first bed"),
        min_value=1,
        max_value=9000,
        initial=1,
        help_text=_("Beds of one room are numbered on from here."),
    )
    starts_on = DayField(label=_("In use from"), ahead=True)

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.fields["starts_on"].initial = timezone.localdate
        self.helper = bare()


class TakeOutForm(forms.Form):
    ends_on = DayField(label=_("Out of use from"), ahead=True)
    reason = TextField(label=_("Reason"), max_length=250)

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.fields["ends_on"].initial = timezone.localdate
        self.helper = bare()


class UseAgainForm(forms.Form):
    starts_on = DayField(label=_("In use again from"), ahead=True)

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.fields["starts_on"].initial = timezone.localdate
        self.helper = bare()


class PlaceForm(forms.Form):
    """`moving`: the client lies in a bed already, and the reason is asked."""

    bed = BedField()
    starts_on = DayField(label=_("From"))
    reason = TextField(label=_("Reason"), max_length=250)

    def __init__(self, *args: Any, beds, moving: bool, **options: Any):
        super().__init__(*args, **options)
        cast(forms.ModelChoiceField, self.fields["bed"]).queryset = beds
        self.fields["starts_on"].initial = timezone.localdate
        if not moving:
            del self.fields["reason"]
        self.helper = bare()
