"""Cards of mandatory report, and how many treatment periods a person has had: one number over all facilities, no place."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from clients.enums import Admission
from clients.models import Client, Episode, MandatoryReportCard, Treatment
from facilities.models import Facility
from rehab import tunables
from rehab.models import User

PERIODS = "clients.card_periods"
PREFIX = "KLD"


@dataclass(frozen=True)
class Periods:
    """`used` treatment periods of the `good_for` that a card is good for."""

    used: int
    good_for: int

    @property
    def is_last(self) -> bool:
        return self.used == self.good_for

    @property
    def is_over(self) -> bool:
        return self.used > self.good_for


def _mandatory(client: Client) -> QuerySet[Episode]:
    """Of the person, whoever registered it and where; linked clients are one person (COUNTING A.4)."""
    return Episode.objects.filter(client__person=client.person_id, admission=Admission.MANDATORY_REPORT)


def periods_of(client: Client) -> Periods:
    """A period is an episode by mandatory report in which a treatment has started: a hand-over goes on with it."""
    started = Treatment.objects.filter(episode=OuterRef("pk"), started_on__isnull=False)
    return Periods(_mandatory(client).filter(Exists(started)).count(), tunables.value(PERIODS))


def periods_with(client: Client, episode: Episode) -> Periods | None:
    """As `periods_of`, the period that a treatment planned in this episode begins among them; None for other doors."""
    if episode.admission != Admission.MANDATORY_REPORT:
        return None
    started = Treatment.objects.filter(episode=OuterRef("pk"), started_on__isnull=False)
    before = _mandatory(client).exclude(pk=episode.pk).filter(Exists(started)).count()
    return Periods(before + 1, tunables.value(PERIODS))


def came_by_report(client: Client, facility: Facility) -> bool:
    """Whether the client reported there: a card is given by who took the report, or who treats on it."""
    return (
        client.episodes.filter(admission=Admission.MANDATORY_REPORT)
        .filter(Exists(Treatment.objects.filter(episode=OuterRef("pk"), facility=facility)) | _answers(facility))
        .exists()
    )


def _answers(facility: Facility) -> Exists:
    return Exists(Episode.objects.filter(pk=OuterRef("pk"), responsible_facility=facility))


def cards_of(user: User, client: Client) -> list[MandatoryReportCard]:
    """Newest first, those of the facilities at which the person registers."""
    rows = MandatoryReportCard.objects.visible_to(user).filter(client=client)
    return list(rows.select_related("facility", "issued_by", "replaces"))


def next_number(facility: Facility, year: int) -> str:
    """KLD-facility-year-serial, for a facility without numbers of its own. The caller holds the facility's row."""
    head = f"{PREFIX}-{facility.code}-{year}-"
    given = MandatoryReportCard.objects.filter(facility=facility, number__startswith=head).values_list(
        "number", flat=True
    )
    serials = [int(number[len(head) :]) for number in given if number[len(head) :].isdigit()]
    return f"{head}{max(serials, default=0) + 1:04d}"
