"""Where referrals for VCT show themselves on the client's page and in a packet: that there was one, and nothing more.

Registered with the app's other panels (assessments/panels.py).
"""

from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.models.vct import VctReferral
from clients.models import Client, Episode
from facilities.access import can, facility_ids
from facilities.models import Facility
from rehab import panels
from rehab.models import User
from rehab.panels import Card, Tab, TimelineEntry
from rehab.roles import Permission


def _reads(user: User, client: Client) -> bool:
    reach = facility_ids(user, Permission.SEE_CLINICAL)
    return any(row.facility_id in reach and row.started_on for row in client.treatments.all())


@panels.client_tabs.register(order=37)
def tab(user: User, client: Client) -> list[Tab]:
    return [Tab("vct", "VCT", reverse("assessments:vct_of_client", args=[client.code]))] if _reads(user, client) else []


@panels.client_marks.register()
def marks(user: User) -> list[tuple[str, ArraySubquery]]:
    """The days of the referrals come along with the client: a query of their own would be one for every client."""
    rows = VctReferral.objects.visible_to(user).filter(client=OuterRef("pk")).order_by("referred_on")
    return [("vct_days", ArraySubquery(rows.values("referred_on")))] if can(user, Permission.SEE_CLINICAL) else []


@panels.timeline.register(order=27)
def timeline(user: User, client: Client) -> list[TimelineEntry]:
    """Not even what for: the same words for every test and every result."""
    if not _reads(user, client):
        return []
    days = getattr(client, "vct_days", None) or []
    url = reverse("assessments:vct_of_client", args=[client.code])
    return [TimelineEntry(day, "vct", "VCT", _("VCT referral"), url=url) for day in days]


@panels.packet.register(order=60)
def shared_result(episode: Episode, sender: Facility, until: datetime) -> list[Card]:
    """Nothing, unless the client agreed apart; and then only that the receiver may open it once it treats."""
    shared = VctReferral.objects.filter(
        client=episode.client_id, treatment__facility=sender, shared_on__isnull=False, referred_on__lte=until
    )
    return [Card("assessments/_vct_packet.html", None)] if shared.exists() else []
