"""The unit a plan counts for: the one that serves, or the one that supervised the facility on the day of first contact."""

from datetime import date

from aftercare.models import AftercarePlan, SatisfactionSheet
from facilities.actions import recounts
from facilities.enums import Recounting
from facilities.models import Facility
from facilities.queries import term_on, terms_since
from rehab import audit
from rehab.actions import action


def unit_on(plan: AftercarePlan, day: date) -> int:
    if plan.facility is None:
        return plan.place.pk
    term = term_on(plan.facility.pk, day)
    return term.unit_id if term else plan.facility.unit_id


@action
def recount_facility(*, facility: Facility) -> int:
    """The units of a facility's plans and of the sheets given there, anew by its terms since the day that was marked; gives how many changed.

    Safe to run twice, and at once: the marks are taken in this transaction. Seals keep the values they were made with.
    """
    since = recounts.take(Recounting.AFTERCARE, facility.pk)
    if since is None:
        return 0
    changed = 0
    for term in terms_since(facility.pk, since):
        plans = AftercarePlan.objects.filter(facility=facility, first_contact_on__gte=max(since, term.starts_on))
        plans = plans.filter(first_contact_on__lt=term.ends_on) if term.ends_on else plans
        changed += plans.exclude(counted_unit=term.unit_id).update(counted_unit=term.unit_id)
        sheets = SatisfactionSheet.objects.filter(facility=facility, given_on__gte=max(since, term.starts_on))
        sheets = sheets.filter(given_on__lt=term.ends_on) if term.ends_on else sheets
        changed += sheets.exclude(unit=term.unit_id).update(unit=term.unit_id)
    audit.record(
        "aftercare.recounted", by=None, subject=facility, place=facility.code,
        data={"since": since.isoformat(), "changed": changed},
    )  # fmt: skip
    return changed
