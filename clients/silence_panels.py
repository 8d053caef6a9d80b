"""What letters and decisions about a drop-out put into the client's page, and the settings of both.

Registered with the app's other panels (clients/panels.py).
"""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.models import Client, DropOutDelay, WarningLetter
from clients.queries.silence import LETTER_DAYS, LETTER_GAP, LONGEST_DELAY
from facilities.access import facility_ids
from rehab import panels, tunables
from rehab.models import User
from rehab.numbers import format_date
from rehab.panels import TimelineEntry
from rehab.roles import Permission

_ASSUMED = gettext_lazy("Working assumption, no published rule")

tunables.declare(
    tunables.Tunable(
        key=LETTER_GAP,
        title=gettext_lazy("Days between one warning letter and the next"),
        default=7,
        hint=gettext_lazy("SP-2 is not written before SP-1 had time to arrive."),
        default_source=_ASSUMED,
        least=1,
        most=60,
    ),
    tunables.Tunable(
        key=LETTER_DAYS,
        title=gettext_lazy("Days that a warning letter gives to come"),
        default=7,
        default_source=_ASSUMED,
        least=1,
        most=60,
    ),
    tunables.Tunable(
        key=LONGEST_DELAY,
        title=gettext_lazy("“Not a drop-out yet”: for how many days at most"),
        default=30,
        hint=gettext_lazy("After that it is proposed again, so that nobody is forgotten."),
        default_source=_ASSUMED,
        least=1,
        most=180,
    ),
)


@panels.timeline.register(order=27)
def timeline(user: User, client: Client) -> list[TimelineEntry]:
    """Letters, and decisions with their reason; for care staff. Two queries, none for those who see nothing clinical."""
    reach = facility_ids(user, Permission.TREAT)
    held = [row.pk for row in client.treatments.all() if row.facility_id in reach and row.started_on]
    # Where it is not told whether there is anything (elsewhere than on the client's own pages), it is looked for.
    if not held or not getattr(client, "warned", True):
        return []
    letters = WarningLetter.objects.filter(treatment__in=held).select_related("facility")
    delays = DropOutDelay.objects.filter(treatment__in=held)
    return [*map(_letter, letters), *map(_delay, delays)]


def _letter(letter: WarningLetter) -> TimelineEntry:
    return TimelineEntry(
        on=letter.issued_on,
        kind="letter",
        kind_label=_("Warning letter"),
        title=_("Warning letter %(level)s") % {"level": letter.get_level_display()},
        text=f"{letter.reference} · {letter.get_addressee_display()}",
        url=reverse("clients:silence", args=[letter.treatment_id]),
    )


def _delay(delay: DropOutDelay) -> TimelineEntry:
    return TimelineEntry(
        on=delay.decided_on,
        kind="letter",
        kind_label=_("Warning letter"),
        title=_("Not a drop-out before %(day)s") % {"day": format_date(delay.silent_until)},
        text=delay.reason,
        url=reverse("clients:silence", args=[delay.treatment_id]),
    )
