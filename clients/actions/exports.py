"""Taking a list of clients out of the house: each time is recorded, with purpose, filter, columns and number of rows."""

from array import array
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clients.enums import ExportPurpose
from clients.models import Client
from facilities.access import can
from rehab import audit
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User
from rehab.roles import Permission

READ_AT_ONCE = 5_000
# A workbook is whole before its first byte leaves, and each name that leaves is recorded with its client.
MOST_OF_FORM = {"xlsx": 100_000}
MOST_IDENTITIES = 5_000


@dataclass(frozen=True)
class Order:
    """What somebody takes along. `filter` and `columns` in words and keys; `identity_reason` only where names go along."""

    purpose: ExportPurpose
    note: str
    form: str
    query: str
    columns: list[str] = field(default_factory=list)
    identity_reason: str = ""

    @property
    def with_identity(self) -> bool:
        return bool(self.identity_reason)


def may_export(user: User) -> bool:
    """Whoever serves clients, and who answers for a region: those who see clients and the members behind numbers."""
    return can(user, Permission.SEE_CLIENTS) and can(user, Permission.SEE_MEMBERS)


def may_identify(user: User) -> bool:
    """Names leave only by those who work at the facility itself."""
    post = getattr(user, "active_post", None)
    facility = post.facility if post else None
    return may_export(user) and facility is not None and can(user, Permission.SEE_IDENTITY, facility)


@action
def take(*, by: User, clients: QuerySet[Client], order: Order) -> "array[int]":
    """The keys of `clients` (which are of the person's scope) in their order, after all of it has been recorded.

    Eight bytes for each client, so that the file may be written row by row from what was recorded and nothing else. Raises
    Refused for who may not, for too many rows of this form, and for names without a reason.
    """
    if not may_export(by):
        raise Refused(_("Your role does not take lists of clients along."))
    if order.with_identity and not may_identify(by):
        raise Refused(_("Names and NIKs leave only with those who work at the facility itself."), field="identity")
    if not order.note.strip():
        raise Refused(_("Say what the list is for."), field="purpose_note")
    keys = array("q", clients.values_list("pk", flat=True).iterator(chunk_size=READ_AT_ONCE))
    _refuse_too_many(len(keys), order)
    event = audit.record(
        "clients.exported", by=by, subject="clients.client", reason=f"{order.purpose.label}: {order.note.strip()}",
        data={
            "purpose": order.purpose.value, "form": order.form, "filter": order.query, "columns": order.columns,
            "rows": len(keys), "identity": order.with_identity,
        },
    )  # fmt: skip
    if order.with_identity:
        codes = Client.objects.filter(pk__in=list(keys)).values_list("code", flat=True)
        audit.record_reads(
            "identity.exported", by=by, subject=event, client_codes=codes, reason=order.identity_reason.strip()
        )
    return keys


def _refuse_too_many(number: int, order: Order) -> None:
    if not number:
        raise Refused(_("No client fits this filter; there is nothing to download."))
    if order.with_identity and number > MOST_IDENTITIES:
        text = _("At most %(most)s clients leave with names at once; these are %(number)s. Narrow the filter.")
        raise Refused(text % {"most": MOST_IDENTITIES, "number": number}, field="identity")
    most = MOST_OF_FORM.get(order.form)
    if most and number > most:
        text = _("A workbook takes at most %(most)s clients; these are %(number)s. Choose CSV or narrow the filter.")
        raise Refused(text % {"most": most, "number": number}, field="form")
