"""What the packet of a hand-over tells of the assessments: the six facts and the latest scores of the sender."""

from assessments.models import CaseFacts
from assessments.queries import result_of, title_of
from assessments.queries.results import completed_of
from clients.models import Episode
from facilities.models import Facility
from rehab import panels
from rehab.panels import Card


@panels.packet.register(order=20)
def facts_and_scores(episode: Episode, sender: Facility) -> list[Card]:
    """Of what the sender assessed in this episode only: what was made elsewhere is not the sender's to pass on."""
    facts = CaseFacts.objects.filter(episode=episode).first()
    latest = {}
    for row in completed_of([episode.client_id]).filter(episode=episode, facility=sender):
        latest.setdefault(row.instrument, row)
    scores = [(title_of(row), row.administered_on, result_of(row)) for row in latest.values()]
    return [Card("assessments/_packet.html", {"facts": facts, "scores": scores})]
