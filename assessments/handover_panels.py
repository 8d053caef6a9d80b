"""What the packet of a hand-over tells of the assessments: the six facts and the latest scores of the sender."""

from datetime import datetime

from assessments.models import CaseFacts
from assessments.queries import result_of, title_of
from assessments.queries.results import completed_of
from clients.models import Episode
from facilities.models import Facility
from rehab import panels
from rehab.panels import Card


@panels.packet.register(order=20)
def facts_and_scores(episode: Episode, sender: Facility, until: datetime) -> list[Card]:
    """As they stood then, and of what the sender assessed in this episode only: what others found before or after is not
    the sender's to pass on, nor to read."""
    latest = {}
    for row in completed_of([episode.client_id]).filter(episode=episode, facility=sender, completed_at__lte=until):
        latest.setdefault(row.instrument, row)
    scores = [(title_of(row), row.administered_on, result_of(row)) for row in latest.values()]
    return [Card("assessments/_packet.html", {"facts": _facts(episode, until), "scores": scores})]


def _facts(episode: Episode, until: datetime) -> CaseFacts | None:
    versions = CaseFacts.pgh_event_model.objects.filter(episode=episode.pk, pgh_created_at__lte=until)
    version = versions.order_by("-pgh_id").first()
    if version is None:
        return None
    return CaseFacts(**{field.attname: getattr(version, field.attname) for field in CaseFacts._meta.concrete_fields})
