"""Who looks at the measured pages: found by role and place in whatever data is there."""

from django.db.models import Count
from django.test import Client as Browser

from clients.models import Treatment
from facilities.enums import UnitKind
from facilities.models import Facility, Posting, Unit
from rehab.models import User
from rehab.roles import Role


def busiest_facility() -> Facility:
    """The one with most treatments among those where a counselor is posted."""
    staffed = Posting.objects.filter(role=Role.COUNSELOR, facility__isnull=False).values("facility")
    counts = Treatment.objects.filter(facility__in=staffed).order_by().values("facility").annotate(n=Count("pk"))
    return Facility.objects.get(pk=counts.order_by("-n", "facility")[0]["facility"])


def fullest_facility() -> Facility:
    """The one with most treatments under way among those where a counselor is posted."""
    staffed = Posting.objects.filter(role=Role.COUNSELOR, facility__isnull=False).values("facility")
    held = Treatment.objects.open().filter(facility__in=staffed, started_on__isnull=False).order_by()
    counts = held.values("facility").annotate(n=Count("pk"))
    return Facility.objects.get(pk=counts.order_by("-n", "facility")[0]["facility"])


def busiest_province() -> Unit:
    staffed = Posting.objects.filter(role=Role.UNIT_STAFF, unit__kind=UnitKind.BNNP).values("unit")
    counts = Treatment.objects.filter(unit__in=staffed).order_by().values("unit").annotate(n=Count("pk"))
    return Unit.objects.get(pk=counts.order_by("-n", "unit")[0]["unit"])


def nation() -> Unit:
    return Unit.objects.get(kind=UnitKind.BNN)


def user(role: Role, place: Facility | Unit) -> User:
    at = {"facility": place} if isinstance(place, Facility) else {"unit": place}
    post = Posting.objects.filter(role=role, **at).select_related("user").order_by("pk").first()
    if post is None:
        raise LookupError(f"nobody is {role} at {place}")
    return post.user


def browser(role: Role, place: Facility | Unit) -> Browser:
    """Signed in, and asking for compressed pages as browsers do."""
    found = Browser(headers={"accept-encoding": "gzip"})
    found.force_login(user(role, place))
    return found
