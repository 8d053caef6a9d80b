"""Opening and correcting who a client is. Each look is recorded; a correction counts anew what rests on it."""

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from clients.actions import candidates, persons
from clients.actions.counting import recount_client
from clients.actions.people import IdentityData, check, indexes, sealed
from clients.models import Client, Identity
from clients.queries import RevealedIdentity, identity_of
from rehab import audit
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User


class EditedMeanwhile(Refused):
    """Somebody saved this identity after the person opened it; nothing has been written."""


def reveal(*, by: User, client: Client, reason: str = "") -> RevealedIdentity:
    """Who the client is, after the look has been recorded."""
    audit.record_read("identity.revealed", by=by, subject=client, client_code=client.code, reason=reason)
    return identity_of(client)


@action
def correct(*, by: User, client: Client, identity: IdentityData, edit: int, reason: str) -> Client:
    """Replace the identity that was opened as version `edit`, relink the person by NIK and recount the treatments.

    Raises EditedMeanwhile when somebody else saved first, Refused without a reason.
    """
    if not reason.strip():
        raise Refused(_("Say why the identity is corrected."), field="reason")
    check(identity)
    held = Identity.objects.select_for_update(of=("self",)).select_related("client").get(client=client)
    if held.edit != edit:
        raise EditedMeanwhile(_("Somebody else saved this identity while you were editing it."))
    client = held.client
    # Treatments before their client: the order in which a change of a treatment takes them.
    list(client.treatments.select_for_update().order_by("pk").values_list("pk"))
    old = bytes(held.nik_index) if held.nik_index else None
    columns = indexes(identity)
    Identity.objects.filter(client=client).update(edit=F("edit") + 1, **sealed(client, identity), **columns)
    client.sex, client.birth_year, client.region = identity.sex, identity.year, identity.region
    client.save(update_fields=["sex", "birth_year", "region"])
    relinked = persons.relink(client, old=old, new=columns["nik_index"])
    recount_client(client)
    if client.episodes.exists():
        candidates.find(client)
    audit.record(
        "identity.corrected", by=by, subject=client, client_code=client.code, reason=reason.strip(),
        data={"edit": edit + 1, "person_changed": relinked},
    )  # fmt: skip
    return client
