"""'A possible match exists': told to both sides after a registration, without a name, a place, a count or a date."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.models import Client, MatchNotice
from clients.queries.matches import elsewhere
from facilities.models import Facility
from rehab import audit
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import AuditEvent, User

LOOKS_AN_HOUR = 60


def tell(*, by: User, client: Client, facility: Facility) -> bool:
    """Inside a registration's transaction: tell both sides of a look-alike at another facility. Says whether there is one.

    Whoever registers more than LOOKS_AN_HOUR people in an hour is no longer told, so that nobody can fish with made-up
    registrations.
    """
    since = timezone.now() - timedelta(hours=1)
    looks = AuditEvent.objects.filter(actor_id=by.pk if by else None, verb="match.looked", at__gte=since)
    if looks[:LOOKS_AN_HOUR].count() >= LOOKS_AN_HOUR:
        return False
    found = elsewhere(client, facility)
    audit.record("match.looked", by=by, subject=client, client_code=client.code, data={"found": bool(found)})
    if not found:
        return False
    notices = [MatchNotice(client=client, facility=facility)]
    notices += [MatchNotice(client_id=other, facility_id=place) for other, place in found]
    MatchNotice.objects.bulk_create(
        notices, update_conflicts=True, unique_fields=["client", "facility"], update_fields=["seen_by"]
    )
    for other in Client.objects.filter(pk__in=[pk for pk, _place in found]):
        # Without the client's code: the trail that can be printed for the client would tell a date.
        audit.record("match.told", by=None, subject=other)
    return True


@action
def mark_seen(*, by: User, notice: MatchNotice) -> MatchNotice:
    """The person has asked the client. Raises Refused when somebody else already did."""
    changed = MatchNotice.objects.filter(pk=notice.pk, seen_by=None).update(seen_by=by)
    if not changed:
        raise Refused(_("Somebody else has already taken care of this."))
    audit.record("match.seen", by=by, subject=notice, client_code=notice.client.code)
    notice.seen_by = by
    return notice


@action
def mark_unseen(*, by: User, notice: MatchNotice) -> None:
    """Undo `mark_seen`, by whoever did it. Raises Refused for somebody else's."""
    if not MatchNotice.objects.filter(pk=notice.pk, seen_by=by).update(seen_by=None):
        raise Refused(_("Somebody else has already taken care of this."))
    audit.record("match.unseen", by=by, subject=notice, client_code=notice.client.code)
