"""Consent, given and taken back."""

from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.actions.people import ConsentData, keep_consent
from clients.enums import SHARING
from clients.models import Client, Consent, Guardian
from facilities.models import Facility
from rehab import audit
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User


@action
def give(
    *,
    by: User,
    client: Client,
    facility: Facility,
    scope: str,
    ends_on: date | None = None,
    only_to: Facility | None = None,
) -> Consent:
    """A new consent from today on, until `ends_on`, or until it is taken back; the one before at this facility ends with it.

    `only_to`: the one facility with which the record may be shared. Raises Refused for an end that is not ahead, and for a
    facility named where nothing is shared, or that is the client's own.
    """
    today = facility.local_date()
    if ends_on is not None and ends_on <= today:
        raise Refused(_("A new consent ends on a day to come."), field="ends_on")
    if only_to is not None and scope not in SHARING:
        raise Refused(_("Only a consent that covers handing over names a facility."), field="only_to")
    if only_to == facility:
        raise Refused(_("Name another facility: this one keeps the record anyway."), field="only_to")
    # One after the other: taking a consent back must not leave a second one in force.
    Client.objects.select_for_update().get(pk=client.pk)
    still = Q(ends_on=None) | Q(ends_on__gt=today)
    client.consents.filter(still, facility=facility, revoked_at=None).update(ends_on=today)
    guarded = Guardian.objects.filter(client=client).exists()
    consent = ConsentData(scope, ends_on=ends_on, by_guardian=guarded, only_to=only_to)
    kept = keep_consent(client, facility, consent, on=today, by=by)
    told = {"scope": scope, "ends_on": ends_on and ends_on.isoformat(), "only_to": only_to and only_to.code}
    audit.record("consent.given", by=by, subject=kept, client_code=client.code, data=told)
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
