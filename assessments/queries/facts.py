"""What stands beside the six facts: hints from an instrument, and what they said before."""

from django.utils.translation import gettext

from assessments.models import CaseFacts
from assessments.queries.results import completed_of, result_of
from clients.models import Episode
from rehab.numbers import format_date


def hints_for_facts(episode: Episode) -> dict[str, str]:
    """What the latest ASSIST suggests for the six facts, as sentences by fact. A hint, never filled in."""
    latest = completed_of([episode.client_id]).filter(instrument="assist").first()
    if latest is None:
        return {}
    hints = {}
    top = max((line for line in result_of(latest).lines if line.value), key=lambda line: line.value or 0, default=None)
    if top:
        told = {"day": format_date(latest.administered_on), "substance": top.title, "score": top.shown}
        hints["substance"] = gettext("ASSIST of %(day)s: highest score %(substance)s (%(score)s)") % told
    if "injecting" in latest.alerts:
        hints["route"] = gettext("ASSIST: injected in the past 3 months")
    return hints


def facts_at_edit(row: CaseFacts, edit: int) -> dict[str, object]:
    """What the six facts said at an earlier edit, from their history; empty where there was nothing."""
    history = row.events  # type: ignore[attr-defined]  # made by the decorator of rehab.history
    return history.filter(edit=edit).order_by("-pgh_id").values().first() or {}
