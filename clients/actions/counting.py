"""The columns a treatment is counted by, derived anew whenever something they rest on changes (COUNTING A.1, A.2)."""

from datetime import date

from django.db.models.functions import Coalesce

from clients.enums import age_group
from clients.models import Client, Episode, Treatment, WaitingListEntry
from clients.queries import age_on, birth_date_of
from facilities.actions import recounts
from facilities.enums import Recounting
from facilities.models import Facility
from facilities.queries import term_on, terms_since
from rehab import audit
from rehab.actions import action

COLUMNS = ("counted_on", "unit", "ownership", "admission_group", "sex", "age_group", "main_substance")


def fit(treatment: Treatment, *, client: Client, episode: Episode, born: date | None) -> Treatment:
    """Set the counted columns, without saving. While nothing counts yet, the planned date stands for the start."""
    day = treatment.started_on or treatment.planned_on
    term = term_on(treatment.facility_id, day)
    treatment.counted_on = treatment.started_on if episode.facts_on and episode.assessed_on else None
    treatment.unit_id = term.unit_id if term else treatment.facility.unit_id
    treatment.ownership = term.ownership if term else treatment.facility.ownership
    treatment.admission_group = episode.admission_group
    treatment.sex = client.sex
    treatment.age_group = age_group(age_on(day, born, client.birth_year))
    treatment.main_substance = episode.main_substance
    return treatment


def recount(episode: Episode) -> None:
    """All treatments of one episode, inside the caller's transaction."""
    born = birth_date_of(episode.client)
    for treatment in episode.treatments.select_related("facility"):
        fit(treatment, client=episode.client, episode=episode, born=born).save(update_fields=COLUMNS)


def recount_client(client: Client) -> None:
    """All treatments of a client whose sex or birth date was corrected; who waits does so for the beds of that sex."""
    WaitingListEntry.objects.open().filter(episode__client=client).exclude(sex=client.sex).update(sex=client.sex)
    born = birth_date_of(client)
    for treatment in client.treatments.select_related("facility", "episode"):
        fit(treatment, client=client, episode=treatment.episode, born=born).save(update_fields=COLUMNS)


@action
def recount_facility(*, facility: Facility) -> int:
    """Unit and ownership of a facility's treatments, anew by its terms since the day that was marked; gives how many changed.

    Safe to run twice, and at once: the marks are taken in this transaction. Seals keep the values they were made with.
    """
    since = recounts.take(Recounting.TREATMENTS, facility.pk)
    if since is None:
        return 0
    changed = 0
    for term in terms_since(facility.pk, since):
        rows = Treatment.objects.filter(facility=facility).annotate(day=Coalesce("started_on", "planned_on"))
        rows = rows.filter(day__gte=max(since, term.starts_on))
        rows = rows.filter(day__lt=term.ends_on) if term.ends_on else rows
        values = {"unit_id": term.unit_id, "ownership": term.ownership}
        changed += rows.exclude(**values).update(**values)
    audit.record(
        "treatments.recounted", by=None, subject=facility, place=facility.code,
        data={"since": since.isoformat(), "changed": changed},
    )  # fmt: skip
    return changed
