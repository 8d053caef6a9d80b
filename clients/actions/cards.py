"""The card of a mandatory report: issued, and replaced when it is lost."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from clients.actions.dates import check_not_ahead
from clients.models import Client, MandatoryReportCard
from clients.queries.cards import came_by_report, next_number
from facilities.models import Facility
from rehab import audit
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User


@action
def issue(*, by: User, client: Client, facility: Facility, issued_on: date, number: str = "") -> MandatoryReportCard:
    """A card under the facility's own `number`, or without one under the next of Titian's.

    Raises Refused for a client who did not report there, for a day ahead, and where a card or the number is there already.
    """
    if not came_by_report(client, facility):
        raise Refused(_("A card is for somebody who came here by mandatory report."))
    check_not_ahead(facility, issued_on, "issued_on")
    card = _make(by, client, facility, issued_on, number)
    audit.record("card.issued", by=by, subject=card, client_code=client.code, data={"ours": card.is_our_number})
    return card


@action
def replace(
    *, by: User, card: MandatoryReportCard, because: str, issued_on: date, number: str = ""
) -> MandatoryReportCard:
    """A new card under a new number; the old one stays, marked. Raises Refused when it was replaced already."""
    check_not_ahead(card.facility, issued_on, "issued_on")
    held = MandatoryReportCard.objects.select_for_update(of=("self",)).select_related("client").get(pk=card.pk)
    if not held.is_valid:
        raise Refused(_("This card was replaced already."))
    if issued_on < held.issued_on:
        raise Refused(_("The new card cannot be older than the one it replaces."), field="issued_on")
    held.ended_on, held.ended_because = issued_on, because
    held.save(update_fields=["ended_on", "ended_because"])
    new = _make(by, held.client, card.facility, issued_on, number, replaces=held)
    audit.record("card.replaced", by=by, subject=new, client_code=held.client.code, data={"because": str(because)})
    return new


def _make(
    by: User, client: Client, facility: Facility, issued_on: date, number: str, **also: object
) -> MandatoryReportCard:
    number = " ".join(number.split())
    # Two who issue at one facility at the same moment take their numbers one after the other.
    Facility.objects.select_for_update(no_key=True, of=("self",)).get(pk=facility.pk)
    return MandatoryReportCard.objects.create(
        client=client,
        facility=facility,
        number=number or next_number(facility, issued_on.year),
        is_our_number=not number,
        issued_on=issued_on,
        issued_by=by,
        **also,
    )
