"""Taking a person in."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from clients.actions import candidates, matches
from clients.actions.dates import check_registered_on
from clients.actions.people import (
    ConsentData,
    GuardianData,
    IdentityData,
    create_client,
    keep_consent,
    keep_guardian,
)
from clients.enums import ADULT_AGE, GROUP_OF, Admission
from clients.models import Client, Episode
from clients.queries import age_on
from facilities.models import Facility
from rehab import audit
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User


@action
def register(
    *,
    by: User,
    facility: Facility,
    identity: IdentityData,
    admission: str,
    opened_on: date,
    consent: ConsentData,
    referrer: str = "",
    guardian: GuardianData | None = None,
) -> Episode:
    """A new client with consent and first episode at `facility`; `opened_on` is a local date there.

    Raises Refused without NIK or reason, for a minor without guardian, and for a date in the future or before 2000.
    """
    check_registered_on(facility, opened_on)
    age = age_on(opened_on, identity.birth_date, identity.birth_year)
    if age is not None and age < 0:
        raise Refused(_("The registration lies before the birth."), field="opened_on")
    if age is not None and age < ADULT_AGE and guardian is None:
        raise Refused(_("A client under 18 needs a guardian."), field="guardian_name")
    client = create_client(identity)
    if guardian:
        keep_guardian(client, guardian)
    keep_consent(client, facility, consent, on=opened_on, by=by)
    episode = Episode.objects.create(
        client=client,
        number=1,
        admission=admission,
        admission_group=GROUP_OF[Admission(admission)],
        referrer=referrer,
        responsible_facility=facility,
        opened_on=opened_on,
        registered_by=by,
    )
    audit.record(
        "clients.registered", by=by, subject=client, client_code=client.code, place=facility.code,
        data={"episode": 1, "admission": str(admission)},
    )  # fmt: skip
    matches.tell(by=by, client=client, facility=facility)
    candidates.find(client)
    return episode


@action
def register_suspect(*, by: User, identity: IdentityData) -> Client:
    """A client without episode and consent, for a TAT case: seen by nobody but the team of that case until placement."""
    client = create_client(identity)
    audit.record("clients.suspect_registered", by=by, subject=client, client_code=client.code)
    return client
