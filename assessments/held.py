"""What several panels of one page read of a client, fetched once."""

from assessments.enums import AssessmentStatus
from assessments.models import Assessment
from clients.models import Client
from rehab import panels


def held(client: Client) -> list[Assessment]:
    """All assessments that are not discarded, with scores, wherever they were made: each reader shows what its person may see."""
    rows = Assessment.objects.filter(client=client).exclude(status=AssessmentStatus.DISCARDED)
    rows = rows.prefetch_related("scores")
    return panels.fetched_once(client, "assessments", lambda: list(rows))
