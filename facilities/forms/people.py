"""Accounts and posts."""

from typing import cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from facilities import places
from facilities.access import nationwide
from facilities.actions.postings import NATIONAL
from facilities.forms.fields import DateField, LastDayField, ReasonField, bare
from facilities.models import Facility, Unit
from rehab.models import User
from rehab.roles import ROLES, Permission, Role


def role_choices(user: User) -> list[tuple[str, str]]:
    """Each role with its sentence; those that look over the nation for BNN only."""
    national = nationwide(user, Permission.MANAGE_PEOPLE)
    roles = [role for role in Role if national or role not in NATIONAL]
    return [(role.value, f"{role.label}: {ROLES[role].sentence}") for role in roles]


class PostForm(forms.Form):
    """A role at a place from a day on."""

    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)
    place = forms.ChoiceField(label=_("Place"))
    starts_on = DateField(label=_("From"))
    ends_on = LastDayField(label=_("Last day"), required=False, help_text=_("Leave empty when it is not known."))

    def __init__(self, data=None, *, user: User, **options):
        super().__init__(data, **options)
        cast(forms.ChoiceField, self.fields["role"]).choices = role_choices(user)
        every = places.choices(user, _("Units"), _("Facilities"))
        cast(forms.ChoiceField, self.fields["place"]).choices = places.AsTheyAre([("", _("Choose…")), *every])
        self.fields["starts_on"].initial = timezone.localdate
        self.helper = bare()

    def clean_place(self) -> Unit | Facility | None:
        return places.place_of(self.cleaned_data["place"])


class NewPersonForm(PostForm):
    name = forms.CharField(label=_("Name"), max_length=150)
    email = forms.EmailField(label=_("E-mail"), help_text=_("The link to choose a password goes there."))
    username = forms.CharField(label=_("Username"), max_length=150, help_text=_("Letters, digits and @ . + - _ only."))
    field_order = ["name", "email", "username", "role", "place", "starts_on", "ends_on"]


class ExistingPersonForm(PostForm):
    email = forms.EmailField(label=_("E-mail of the account"))
    field_order = ["email", "role", "place", "starts_on", "ends_on"]

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].strip().lower()
        person = User.objects.filter(email__iexact=email).first()
        if person is None:
            raise forms.ValidationError(_("No account has this e-mail address."))
        self.person = person
        return email


class EndPostForm(forms.Form):
    ends_on = LastDayField(label=_("Last day"), help_text=_("Choose yesterday to take the access away at once."))
    reason = ReasonField(required=False)
    helper = bare()


class DecisionForm(forms.Form):
    """Consent to a colleague's request, or say why not."""

    approve = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("yes", _("Consent: reset it now")), ("no", _("Decline"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
    )
    reason = ReasonField(required=False, help_text=_("Needed when you decline."))
    helper = bare()


class PeopleFilter(forms.Form):
    """Stays in the address; a name of staff, never of a client."""

    STATES = [
        ("", _("with a post today")),
        ("ended", _("without a post today")),
        ("off", _("switched off")),
        ("all", _("all")),
    ]
    name = forms.CharField(label=_("Name"), max_length=100, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=[("", _("All")), *Role.choices], required=False)
    place = forms.ChoiceField(label=_("Place"), required=False)
    state = forms.ChoiceField(label=_("Account"), choices=STATES, required=False)

    def __init__(self, data=None, *, user: User, **options):
        super().__init__(data, **options)
        every = places.choices(user, _("Units"), _("Facilities"))
        cast(forms.ChoiceField, self.fields["place"]).choices = places.AsTheyAre([("", _("All")), *every])
        self.helper = bare()
