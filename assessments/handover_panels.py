"""What the packet of a hand-over tells of the assessments: the six facts and the latest scores of the sender."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Assessment, CaseFacts
from assessments.queries import result_of, title_of
from assessments.queries.results import ResultView, ScoreLine, completed_of
from clients.models import Episode
from facilities.models import Facility
from rehab import panels
from rehab.numbers import NOTHING, format_date
from rehab.panels import Card


@panels.packet.register(order=20)
def facts_and_scores(episode: Episode, sender: Facility, until: datetime) -> list[Card]:
    """As they stood then, and of what the sender assessed in this episode only: what others found before or after is not
    the sender's to pass on, nor to read."""
    latest: dict[str, Assessment] = {}
    for row in completed_of([episode.client_id]).filter(episode=episode, facility=sender, completed_at__lte=until):
        latest.setdefault(row.instrument, row)
    scores = [(title_of(row), row.administered_on, result_of(row)) for row in latest.values()]
    facts = _facts(episode, until)
    return [Card("assessments/_packet.html", {"facts": facts, "scores": scores}, lambda: _told(facts, scores))]


def _told(facts: CaseFacts | None, scores: list[tuple[str, date, ResultView]]) -> list[tuple[str, list]]:
    return [
        *([(_("Six facts"), _facts_told(facts))] if facts else []),
        *[
            (f"{title}, {format_date(day)}", [(str(line.title), _line(line)) for line in result.lines])
            for title, day, result in scores
        ],
    ]


def _line(line: ScoreLine) -> str:
    return " · ".join(str(word) for word in (line.shown, line.band_title) if word)


def _facts_told(facts: CaseFacts) -> list[tuple[str, str]]:
    note = f" ({facts.substance_note})" if facts.substance_note else ""
    months = facts.months_of_use
    told = [
        (_("Main substance"), f"{facts.get_substance_display()}{note}"),
        (
            _("Length of use"),
            "" if months is None else ngettext("%(count)s month", "%(count)s months", months) % {"count": months},
        ),
        (_("Way of use"), facts.get_route_display()),
        (_("Diagnosis (ICD-10)"), " · ".join(word for word in (facts.diagnosis, str(facts.other_diagnoses)) if word)),
        (_("Treatment history"), facts.get_history_display()),
    ]
    return [(label, str(value or NOTHING)) for label, value in told]


def _facts(episode: Episode, until: datetime) -> CaseFacts | None:
    kept: Any = CaseFacts  # pghistory adds its event model
    versions = kept.pgh_event_model.objects.filter(episode=episode.pk, pgh_created_at__lte=until)
    version = versions.order_by("-pgh_id").first()
    if version is None:
        return None
    return CaseFacts(**{field.attname: getattr(version, field.attname) for field in CaseFacts._meta.concrete_fields})
