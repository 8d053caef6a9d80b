"""Consent, given and taken back."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.actions.people import ConsentData, keep_consent
from clients.models import Client, Consent, Guardian
from facilities.models import Facility
from rehab import audit
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User


@action
def give(*, by: User, client: Client, facility: Facility, scope: str) -> Consent:
    """A new consent from today on; the one before at this facility ends with it."""
    today = facility.local_date()
    # One after the other: taking a consent back must not leave a second one in force.
    Client.objects.select_for_update().get(pk=client.pk)
    client.consents.filter(facility=facility, revoked_at=None, ends_on=None).update(ends_on=today)
    consent = ConsentData(scope, by_guardian=Guardian.objects.filter(client=client).exists())
    kept = keep_consent(client, facility, consent, on=today, by=by)
    audit.record("consent.given", by=by, subject=kept, client_code=client.code, data={"scope": scope})
    return kept


@action
def revoke(*, by: User, consent: Consent, reason: str) -> Consent:
    """Sharing with others ends at once; the treating facility keeps its record. Raises Refused when it is revoked already."""
    if not reason.strip():
        raise Refused(_("Say why the consent is taken back."), field="reason")
    changed = Consent.objects.filter(pk=consent.pk, revoked_at=None).update(revoked_at=timezone.now())
    if not changed:
        raise Refused(_("This consent was taken back already."))
    audit.record("consent.revoked", by=by, subject=consent, client_code=consent.client.code, reason=reason.strip())
    consent.refresh_from_db()
    return consent
