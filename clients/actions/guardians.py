"""Who answers for a minor: opened with a reason, corrected with one."""

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from clients.actions.people import GuardianData, keep_guardian
from clients.models import Client, Guardian
from clients.queries.identities import RevealedGuardian, opened_guardian
from rehab import audit
from rehab.actions import action
from rehab.errors import Refused
from rehab.identity.words import name_words
from rehab.models import User


def reveal(*, by: User, client: Client, guardian: Guardian, reason: str) -> RevealedGuardian:
    """Name and phone in the clear, after the look has been recorded."""
    audit.record_read("guardian.opened", by=by, subject=client, client_code=client.code, reason=reason)
    return opened_guardian(client, guardian)


@action
def correct(*, by: User, client: Client, guardian: GuardianData, reason: str, edit: int = 0) -> Guardian:
    """Replace who was opened as version `edit` (0: nobody yet). The values before stay in the history.

    Raises Refused without a reason or a name, and when somebody else saved first.
    """
    if not reason.strip():
        raise Refused(_("Say why the guardian is corrected."), field="reason")
    if not name_words(guardian.name):
        raise Refused(_("Write the name in letters."), field="name")
    # The client's row, since a guardian may not be there yet.
    Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    held = Guardian.objects.filter(client=client).values_list("edit", flat=True).first() or 0
    if held != edit:
        raise Refused(_("Somebody else saved this guardian while you were editing."))
    keep_guardian(client, guardian)
    if held:
        Guardian.objects.filter(client=client).update(edit=F("edit") + 1)
    audit.record("guardian.corrected", by=by, subject=client, client_code=client.code, reason=reason.strip())
    return Guardian.objects.get(client=client)
