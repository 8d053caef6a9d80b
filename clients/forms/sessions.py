"""Arranging a session, and writing down who came."""

from collections.abc import Iterable
from typing import Any, cast

from crispy_forms.layout import Field, Layout
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.actions.attendance import Mark
from clients.actions.sessions import MOST_WEEKS, SessionData
from clients.enums import Presence, SessionKind
from clients.forms.fields import DayField, TextField, bare
from clients.models import Attendance, Session, Treatment
from rehab.models import User

LONGEST_NOTE = 4000


class _Leader(forms.ModelChoiceField):
    def label_from_instance(self, obj: User) -> str:
        return obj.name


class SessionForm(forms.Form):
    """`people`: {treatment: masked name} to choose from; `leaders` by name. The template shows the people itself."""

    kind = forms.ChoiceField(label=_("Kind of session"), choices=SessionKind.choices, widget=forms.RadioSelect)
    held_on = DayField(label=_("Day"), ahead=True)
    starts_at = forms.TimeField(label=_("Begins at"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))
    minutes = forms.IntegerField(label=_("Length in minutes"), min_value=5, max_value=480, initial=60)
    theme = TextField(label=_("Theme"), max_length=150, required=False)
    led_by = _Leader(label=_("Led by"), queryset=User.objects.none(), empty_label=None)
    weeks = forms.IntegerField(
        label=_("Repeat weekly"),
        help_text=_("For how many weeks; 1 is just this once."),
        min_value=1,
        max_value=MOST_WEEKS,
        initial=1,
    )
    treatments = forms.MultipleChoiceField(
        label=_("Clients"),
        error_messages={"required": _("Choose at least one client."), "invalid_choice": _("Choose from the list.")},
    )

    def __init__(self, *args: Any, people: dict[Treatment, str], leaders, again: bool = True, **options: Any):
        super().__init__(*args, **options)
        self.people = {str(row.pk): (row, name) for row, name in people.items()}
        cast(forms.ChoiceField, self.fields["treatments"]).choices = [
            (pk, row.client.code) for pk, (row, _name) in self.people.items()
        ]
        cast(forms.ModelChoiceField, self.fields["led_by"]).queryset = leaders
        if not again:
            del self.fields["weeks"]
        self.helper = bare()
        rows = [Field("kind", wrapper_class="option-buttons in-a-row"), "held_on", "starts_at", "minutes", "theme"]
        self.helper.layout = Layout(*rows, "led_by", *(["weeks"] if again else []))

    def data_of(self) -> SessionData:
        names = ("kind", "held_on", "starts_at", "minutes", "theme", "led_by")
        return SessionData(**{name: self.cleaned_data[name] for name in names})

    def chosen(self) -> list[Treatment]:
        return [self.people[pk][0] for pk in self.cleaned_data["treatments"]]

    def choices(self) -> list[tuple[Treatment, str, bool]]:
        """(treatment, masked name, whether it is chosen), the chosen first."""
        held = {str(pk) for pk in self["treatments"].value() or ()}
        rows = [(row, name, pk in held) for pk, (row, name) in self.people.items()]
        return sorted(rows, key=lambda row: not row[2])


def initial_of(session: Session, rows: Iterable[Attendance]) -> dict[str, Any]:
    names = ("kind", "held_on", "starts_at", "minutes", "theme")
    return {name: getattr(session, name) for name in names} | {
        "led_by": session.led_by_id,
        "treatments": [row.treatment_id for row in rows],
    }


class AttendanceForm(forms.Form):
    """One row for each client; `notes` for those who may read and write what was said."""

    def __init__(self, *args: Any, rows: list[Attendance], notes: bool, ahead: bool, **options: Any):
        super().__init__(*args, **options)
        self.rows = rows
        for row in rows:
            self.fields[_presence(row)] = forms.ChoiceField(
                label=row.client.code, choices=_choices(ahead), widget=forms.RadioSelect, initial=row.presence
            )
            if notes:
                self.fields[_note(row)] = TextField(
                    label=_("Note on %(code)s") % {"code": row.client.code},
                    widget=forms.Textarea(attrs={"rows": 3}),
                    max_length=LONGEST_NOTE,
                    required=False,
                    initial=row.note,
                )

    def people(self) -> list[tuple[Attendance, forms.BoundField, forms.BoundField | None]]:
        return [
            (row, self[_presence(row)], self[_note(row)] if _note(row) in self.fields else None) for row in self.rows
        ]

    def marks(self) -> dict[int, Mark]:
        data = self.cleaned_data
        return {row.treatment_id: Mark(data[_presence(row)], data.get(_note(row))) for row in self.rows}


def _choices(ahead: bool) -> list[tuple[str, Any]]:
    """Ahead of its day only an excuse can be given."""
    wanted = (Presence.EXCUSED, Presence.EXPECTED) if ahead else (
        Presence.PRESENT, Presence.EXCUSED, Presence.ABSENT, Presence.EXPECTED,
    )  # fmt: skip
    labels = {Presence.EXPECTED: pgettext_lazy("attendance", "not yet")}
    return [(one.value, labels.get(one, one.label)) for one in wanted]


def _presence(row: Attendance) -> str:
    return f"presence_{row.treatment_id}"


def _note(row: Attendance) -> str:
    return f"note_{row.treatment_id}"


class CancelForm(forms.Form):
    reason = TextField(label=_("Why is it cancelled?"), max_length=250)

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.helper = bare()
