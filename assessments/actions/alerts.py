"""Safety alerts: raised when an assessment is completed, taken on, answered by a person. Nothing else ends them."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.enums import AlertMeasure
from assessments.models import Assessment, SafetyAlert
from rehab import audit
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User

LONGEST_NOTE = 2000


@action
def raise_for(*, by: User, assessment: Assessment, codes: Iterable[str]) -> list[SafetyAlert]:
    """One alert for each code. A correction raises none again that the version before had raised already.

    What that one had raised and the correction no longer says stays open: a person looks at it, whatever was mended.
    """
    before = SafetyAlert.objects.filter(assessment__correction=assessment, code__in=codes).values_list(
        "code", flat=True
    )
    told = set(before)
    made = [
        SafetyAlert.objects.create(
            assessment=assessment,
            client=assessment.client,
            facility=assessment.facility,
            code=code,
            raised_by=by,
        )
        for code in codes
        if code not in told
    ]
    for alert in made:
        _record("alert.raised", by, alert)
    return made


@action
def take(*, by: User, alert: SafetyAlert) -> SafetyAlert:
    """Tell the others that one looks after it; whoever had it before is relieved. It stays on everybody's list."""
    found = _open(alert)
    if found.handler_id == by.pk:
        return found
    found.handler, found.taken_at = by, timezone.now()
    found.save(update_fields=["handler", "taken_at"])
    _record("alert.taken", by, found)
    return found


@action
def answer(*, by: User, alert: SafetyAlert, measure: str, note: str) -> SafetyAlert:
    """Say what was done; with that the alert has an end. Raises Refused without a note, and when a colleague was quicker."""
    found = _open(alert)
    note = note.replace("\x00", "").strip()
    if measure not in AlertMeasure.values:
        raise Refused(_("Choose what was done."), field="measure")
    if not note:
        raise Refused(_("Say in a sentence what was done."), field="note")
    if len(note) > LONGEST_NOTE:
        raise Refused(_("Make the note shorter: at most 2,000 characters."), field="note")
    found.answered_at, found.answered_by = timezone.now(), by
    found.measure, found.note = measure, note
    found.save(update_fields=["answered_at", "answered_by", "measure", "note"])
    _record("alert.answered", by, found)
    return found


def _open(alert: SafetyAlert) -> SafetyAlert:
    rows = SafetyAlert.objects.select_for_update(of=("self",)).select_related("client", "facility", "answered_by")
    found = rows.get(pk=alert.pk)
    if not found.is_open:
        told = {"name": found.answered_by.name if found.answered_by else "Titian"}
        raise Refused(gettext("%(name)s has answered this alert already.") % told, code="answered")
    return found


def _record(verb: str, by: User, alert: SafetyAlert) -> None:
    """Without what it is about: the trail is read by people who see nothing clinical."""
    audit.record(verb, by=by, subject=alert, client_code=alert.client.code, place=alert.facility.code)
