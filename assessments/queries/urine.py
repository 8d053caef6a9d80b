"""Urine tests of a place and of a client, and the check of a draw."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from assessments.enums import UrineStatus
from assessments.models.urine import RandomDraw, UrineTest
from clients.models import Client, Treatment
from facilities.models import Facility
from rehab.models import User

UNDER_WAY = (UrineStatus.WANTED, UrineStatus.COLLECTED)


def drawable(facility: Facility) -> QuerySet[Treatment]:
    """In treatment here, and no test under way."""
    waiting = UrineTest.objects.filter(treatment=OuterRef("pk"), status__in=UNDER_WAY)
    rows = facility.treatments.open().filter(~Exists(waiting), started_on__isnull=False)
    return rows.select_related("client", "facility").order_by("pk")


def under_way(user: User) -> QuerySet[UrineTest]:
    """Cups to be collected or read, the longest waiting first."""
    rows = UrineTest.objects.visible_to(user).filter(status__in=UNDER_WAY)
    return rows.select_related("client", "facility").order_by("wanted_on", "pk")


def over(user: User) -> QuerySet[UrineTest]:
    """Read or called off, the latest first."""
    rows = UrineTest.objects.visible_to(user).exclude(status__in=UNDER_WAY)
    return rows.select_related("client").order_by("-wanted_on", "-pk")


def tests_of(user: User, client: Client) -> QuerySet[UrineTest]:
    return UrineTest.objects.visible_to(user).filter(client=client).order_by("-wanted_on", "-pk")


@dataclass(frozen=True)
class Checked:
    """A draw and whether its tests are those that seed and list give; `missing` and `added` are codes."""

    tests: list[UrineTest]
    missing: list[str]
    added: list[str]

    @property
    def holds(self) -> bool:
        return not self.missing and not self.added


def checked(draw: RandomDraw) -> Checked:
    """Repeat the draw. Two queries at most."""
    tests = list(draw.tests.select_related("client").order_by("pk"))
    have, should = {test.client.code for test in tests}, set(draw.chosen)
    return Checked(tests, sorted(should - have), sorted(have - should))
