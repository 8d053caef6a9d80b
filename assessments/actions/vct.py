"""Referring a client for a test of HIV or hepatitis C. The trail says that, never what came out."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.enums import FollowUpCare, VctResult, VctVisit
from assessments.models.vct import VctReferral
from assessments.queries.vct import Findings, sealed
from clients.models import Treatment
from facilities.models import Facility
from rehab import audit
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User


@action
def refer(
    *,
    by: User,
    treatment: Treatment,
    kind: str,
    referred_on: date,
    consented_on: date | None,
    to_facility: Facility | None = None,
    to_place: str = "",
) -> VctReferral:
    """A client in treatment goes to be tested, after agreeing to it.

    Raises Refused without the consent, for a treatment that is not under way, and for dates ahead of the facility's clock or
    before the treatment.
    """
    if consented_on is None:
        raise Refused(_("Without the client's agreement nobody is referred for this test."), field="agreed")
    if treatment.started_on is None or not treatment.is_open:
        raise Refused(_("A client is referred in a treatment that is under way."))
    _check_day(treatment.facility, referred_on, "referred_on")
    if referred_on < treatment.started_on:
        raise Refused(_("The referral cannot lie before the treatment."), field="referred_on")
    made = VctReferral.objects.create(
        client=treatment.client,
        treatment=treatment,
        kind=kind,
        referred_on=referred_on,
        referred_by=by,
        to_facility=to_facility,
        to_place="" if to_facility else to_place.strip(),
        consented_on=consented_on,
    )
    _record("vct.referred", by, made)
    return made


@action
def note_visit(*, by: User, referral: VctReferral, visit: str, came_on: date | None, edit: int) -> VctReferral:
    """Whether the client came. Raises Refused once there is a result, which only a client who came can have."""
    found = _lock(referral, edit)
    came = visit == VctVisit.CAME
    if found.findings and not came:
        raise Refused(_("There is a result already: the client came."), field="visit")
    if came:
        if came_on is None:
            raise Refused(_("Say on which day the client came."), field="came_on")
        _check_day(found.treatment.facility, came_on, "came_on")
    found.visit, found.came_on = visit, came_on if came else None
    _save(found, "visit", "came_on")
    _record("vct.visit_noted", by, found)
    return found


@action
def record_findings(*, by: User, referral: VctReferral, findings: Findings, edit: int) -> VctReferral:
    """The result, or its correction; encrypted under the client's key.

    Raises Refused while nobody knows that the client came, and for answers that do not fit each other.
    """
    found = _lock(referral, edit)
    if found.visit != VctVisit.CAME or found.came_on is None:
        raise Refused(_("There is a result only of a client who came. Record the visit first."))
    if findings.told_on:
        _check_day(found.treatment.facility, findings.told_on, "told_on")
        if findings.told_on < found.came_on:
            raise Refused(_("The client was told after the visit, not before."), field="told_on")
        if findings.result == VctResult.NOT_TOLD:
            raise Refused(_("A result that nobody told us was not told to the client by us."), field="told_on")
    if findings.care == FollowUpCare.YES and findings.result == VctResult.NON_REACTIVE:
        raise Refused(_("Who is not reactive is not referred on."), field="care")
    found.findings, found.findings_at = sealed(found.client, found.pk, findings), timezone.now()
    _save(found, "findings", "findings_at")
    _record("vct.findings_recorded", by, found)
    return found


@action
def share(*, by: User, referral: VctReferral, shares: bool) -> VctReferral:
    """The client agrees, apart from all other consents, that the next facility may open the result; or takes that back."""
    found = _lock(referral)
    if bool(found.shared_on) == shares:
        return found
    found.shared_on = found.treatment.facility.local_date() if shares else None
    _save(found, "shared_on")
    _record("vct.shared" if shares else "vct.sharing_ended", by, found)
    return found


def _lock(referral: VctReferral, edit: int | None = None) -> VctReferral:
    rows = VctReferral.objects.select_related("client", "treatment__facility__region").select_for_update(of=("self",))
    found = rows.get(pk=referral.pk)
    if edit is not None and found.edit != edit:
        raise Refused(_("A colleague has recorded something here meanwhile. Look at it and decide again."))
    return found


def _save(referral: VctReferral, *fields: str) -> None:
    referral.edit += 1
    referral.save(update_fields=[*fields, "edit"])


def _check_day(facility: Facility, day: date, field: str) -> None:
    if day > facility.local_date():
        raise Refused(_("This date has not come yet at the facility."), field=field)


def _record(verb: str, by: User, referral: VctReferral) -> None:
    """No kind and no result: whoever reads the trail learns that there was a referral, at most."""
    place = referral.treatment.facility.code
    audit.record(verb, by=by, subject=referral, place=place, client_code=referral.client.code)
