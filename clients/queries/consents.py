"""What a client agreed to at the facilities where a person registers."""

from django.db.models import Prefetch

from clients.models import Client, Consent, Document
from facilities.access import facility_ids
from rehab.models import User
from rehab.roles import Permission


def consents_of(user: User, client: Client) -> list[Consent]:
    """Newest first, each with `scans`: the signed papers that the person may open. Two queries."""
    scans = Prefetch("documents", Document.objects.visible_to(user).kept(), to_attr="scans")
    held = client.consents.filter(facility__in=facility_ids(user, Permission.REGISTER))
    return list(held.select_related("facility", "only_to", "recorded_by").prefetch_related(scans))
