"""What the form's script sends on each change, and what it is told."""

import json
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext

from assessments.actions.assessments import Stale
from assessments.forms.questionnaire import answer_label, full_label, live_scores
from assessments.instruments import registry
from assessments.models import Assessment
from assessments.queries import answers_of, options_of
from rehab.templatetags.titian import jam

LARGEST = 200_000


class NotUnderstood(ValueError):
    """The body is not what the form's script sends."""


@dataclass(frozen=True)
class Change:
    """`answers` and what the sender knew `before`, raw by item code; `edit` the count of saves that the sender knew of."""

    answers: dict
    before: dict
    edit: int
    position: str


def parse(body: bytes) -> Change:
    try:
        if len(body) > LARGEST:
            raise ValueError
        sent = json.loads(body)
        answers, before, edit = sent["answers"], sent.get("before", {}), sent["edit"]
        position = sent.get("at", "")
        if not (isinstance(answers, dict) and isinstance(before, dict) and isinstance(position, str)):
            raise TypeError
        if isinstance(edit, bool) or not isinstance(edit, int):
            raise TypeError
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise NotUnderstood from error
    return Change(answers, before, edit, position)


def saved(assessment: Assessment) -> dict:
    """The state after a save: the browser's own scores are confirmed by these."""
    instrument = registry.get(assessment.instrument)
    answers = answers_of(assessment)
    progress = answers.progress()
    return {
        "edit": assessment.edit,
        "saved": jam(assessment.saved_at or timezone.now()),
        "answered": progress.answered,
        "total": progress.total,
        "scores": {
            line.scale: {
                "shown": line.shown,
                "band": line.band_title,
                "tone": line.tone,
                "asked": line.asked,
            }
            for line in live_scores(answers, options_of(instrument))
        },
    }


def stale(assessment: Assessment, refusal: Stale, sent: dict) -> dict:
    """What differs, item by item in words, and all stored answers for whoever takes those."""
    return {
        "message": refusal.messages[0],
        "edit": refusal.edit,
        "answers": refusal.stored,
        "differing": differing(assessment, refusal, sent),
    }


def differing(assessment: Assessment, refusal: Stale, sent: dict) -> list[dict[str, str]]:
    instrument = registry.get(assessment.instrument)
    found = []
    for section in instrument.sections:
        for item in section.items:
            if item.code in refusal.items:
                found.append(
                    {
                        "item": item.code,
                        "label": full_label(item, section),
                        "stored": answer_label(item, refusal.stored.get(item.code)),
                        "mine": answer_label(item, sent.get(item.code)),
                    }
                )
    return found


def texts() -> dict[str, str]:
    """The sentences of the form's script."""
    return {
        "saving": gettext("saving …"),
        "saved": gettext("saved %(time)s") % {"time": "{time}"},
        "unsaved": gettext("not saved yet"),
        "signed_out": gettext("not saved: please sign in again"),
        "frozen": gettext("This assessment is completed; nothing more is saved."),
        "gone": gettext(
            "You no longer have access here as the person who is signed in. Your answers stay on this page."
        ),
        "skipped": gettext("Skipped: %(count)s") % {"count": "{count}"},
        "not_asked": gettext("not asked here"),
        "because": gettext("because of the answers before"),
        "place": gettext("%(place)s of %(total)s") % {"place": "{place}", "total": "{total}"},
        "progress": gettext("%(answered)s of %(total)s answered") % {"answered": "{answered}", "total": "{total}"},
        "conflict_mine": gettext("on this page"),
        "conflict_stored": gettext("saved elsewhere"),
    }
