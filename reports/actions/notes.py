"""Obstacles and follow-ups, typed on the report's page while it is with its builders; two people may type at once."""

from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from rehab import audit
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User
from reports.actions.checks import locked, not_now, require_builder
from reports.lifecycle import takes_notes
from reports.models import Report, ReportLine

FIELDS = ("obstacle", "follow_up")
LONGEST = 4000


class NotesConflict(Refused):
    """Both people changed the same words. `line` is what is saved, `before` what this person had opened."""

    def __init__(self, line: ReportLine, before: dict[str, str]):
        super().__init__(_("Someone saved other words here while you were typing."), code="outdated")
        self.line = line
        self.before = before


@action
def type_notes(*, by: User, line: ReportLine, obstacle: str, follow_up: str, edit: int) -> ReportLine:
    """Keep what was typed. `edit` is the version the person started from: what the other one changed meanwhile in a field
    that this person left alone is kept; where both changed the same field NotesConflict is raised and nothing is lost."""
    report = locked(line.report)
    require_builder(by, report)
    if not takes_notes(report.status):
        raise not_now(report)
    held = ReportLine.objects.select_for_update().get(pk=line.pk)
    held.report = report
    typed = {"obstacle": obstacle.strip(), "follow_up": follow_up.strip()}
    if any(len(words) > LONGEST for words in typed.values()):
        raise Refused(_("At most %(count)s characters.") % {"count": LONGEST})
    merged = _merged(held, typed, _opened(held, edit))
    changed = [name for name in FIELDS if getattr(held, name) != merged[name]]
    if not changed:
        return held
    for name in changed:
        setattr(held, name, merged[name])
    held.edit += 1
    held.save(update_fields=[*changed, "edit"])
    Report.objects.filter(pk=report.pk).update(edit=F("edit") + 1)
    report.edit += 1
    audit.record(
        "report.notes_typed", by=by, subject=held, place=report.unit.code, data={"report": report.pk, "fields": changed}
    )
    return held


def _opened(held: ReportLine, edit: int) -> dict[str, str]:
    """The words as this person had them on the screen, from the row's history."""
    if edit == held.edit:
        return {name: getattr(held, name) for name in FIELDS}
    kept: Any = held  # pghistory adds the events
    past = kept.events.filter(edit=edit).order_by("-pgh_id").values(*FIELDS).first()
    return past or dict.fromkeys(FIELDS, "")


def _merged(held: ReportLine, typed: dict[str, str], before: dict[str, str]) -> dict[str, str]:
    saved = {name: getattr(held, name) for name in FIELDS}
    both = [name for name in FIELDS if before[name] not in (saved[name], typed[name]) and saved[name] != typed[name]]
    if both:
        raise NotesConflict(held, before)
    return {name: typed[name] if typed[name] != before[name] else saved[name] for name in FIELDS}
