"""What waits in a facility's work with its clients, by kind. Registered with the app's other panels (clients/panels.py)."""

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clients.enums import EpisodeStatus, Presence, Setting
from clients.models import Attendance, Episode, MatchNotice, Treatment, WaitingListEntry
from clients.queries.plans import to_review
from clients.queries.sessions import (
    DAYS_WITHOUT_CONTACT,
    MISSED_IN_A_ROW,
    Limits,
    not_recorded,
    silence_words,
    under_way,
    without_next,
)
from facilities.access import facility_ids
from rehab import worklists
from rehab.numbers import format_date
from rehab.roles import Permission
from rehab.worklists import Day, Found, Worklist

LATELY = timedelta(days=7)
AHEAD = timedelta(days=3)
# A plan to look at again, a service to begin: overdue only after so many days, so that the word keeps its weight.
PATIENCE = 7


def page_of_client(found: Found) -> str:
    return reverse("clients:client", args=[found.code])


def _here(day: Day) -> frozenset[int]:
    return facility_ids(day.user, Permission.TREAT)


def _notices(day: Day) -> QuerySet | None:
    mine = facility_ids(day.user, Permission.REGISTER) & facility_ids(day.user, Permission.SEE_IDENTITY)
    rows = MatchNotice.objects.filter(facility__in=mine, seen_by=None)
    return rows.annotate(told_on=TruncDate("told_at")) if mine else None


def _registered(day: Day) -> QuerySet | None:
    here = _here(day)
    rows = Episode.objects.filter(status=EpisodeStatus.REGISTERED, responsible_facility__in=here, assessed_on=None)
    return rows if here else None


def _planned(day: Day) -> QuerySet | None:
    """Those on a waiting list wait for a place, and are told as that."""
    here = _here(day)
    waits = WaitingListEntry.objects.open().filter(episode=OuterRef("episode"), facility=OuterRef("facility"))
    rows = Treatment.objects.filter(~Exists(waits), facility__in=here, started_on=None, ended_on=None)
    return rows if here else None


def _not_recorded(day: Day) -> QuerySet | None:
    here = _here(day)
    return not_recorded(here, day.on) if here else None


def _limits(day: Day) -> Limits:
    return Limits(day.settings[MISSED_IN_A_ROW], day.settings[DAYS_WITHOUT_CONTACT])


def _silent(day: Day) -> QuerySet | None:
    """Drop-outs to think about; a person decides, on aftercare's closing page."""
    here = _here(day)
    return under_way(here, day.on).filter(_limits(day).silent(day.on)) if here else None


def _missed(day: Day) -> QuerySet | None:
    """Who did not come in the last days, and is not silent yet."""
    here = _here(day)
    if not here:
        return None
    lately = Attendance.objects.filter(
        treatment=OuterRef("pk"), presence=Presence.ABSENT, held_on__gt=day.on - LATELY, held_on__lte=day.on
    )
    rows = under_way(here, day.on).filter(Exists(lately)).filter(missed__gte=1, missed_on__gt=day.on - LATELY)
    return rows.filter(~_limits(day).silent(day.on))


def _without_next(day: Day) -> QuerySet | None:
    """Those out of touch are told as that."""
    here = _here(day)
    return without_next(here, day.on).filter(~_limits(day).silent(day.on)) if here else None


def _to_review(day: Day) -> QuerySet | None:
    here = _here(day)
    return to_review(here, day.on + AHEAD) if here else None


def _missed_words(found: Found, day: Day) -> Any:
    return ngettext("missed one session", "missed %(count)s sessions in a row", found.told[0]) % {
        "count": found.told[0]
    }


def _recorded_line(total: int) -> str:
    text = ngettext("One session is not recorded yet", "%(count)s sessions are not recorded yet", total)
    return text % {"count": total}


worklists.register(
    Worklist(
        "mungkin-sama", "attention", gettext_lazy("Possible matches"), _notices, "told_on", page_of_client,
        lambda found, day: _("there may be a match elsewhere; ask the client"), client="client", late_after=None,
    ),
    order=10,
)  # fmt: skip
worklists.register(
    Worklist(
        "putus-kontak", "attention", gettext_lazy("Out of touch"), _silent, "contact_on", page_of_client,
        lambda found, day: silence_words(found.told[0], found.due), client="client", told=("missed",), late_after=None,
        page=lambda day: reverse("clients:out_of_touch"),
    ),
    order=20,
)  # fmt: skip
worklists.register(
    Worklist(
        "sesi-belum-dicatat", "due", gettext_lazy("Sessions not recorded yet"), _not_recorded, "held_on", page_of_client,
        lambda found, day: _("who came?"), pressing=True, shown=1, line=_recorded_line,
        page=lambda day: f"{reverse('clients:sessions')}?show=open",
    ),
    order=10,
)  # fmt: skip
worklists.register(
    Worklist(
        "belum-diasesmen", "due", gettext_lazy("Registered, not yet assessed"), _registered, "opened_on", page_of_client,
        client="client", late_after=None,
    ),
    order=20,
)  # fmt: skip
worklists.register(
    Worklist(
        "belum-mulai", "due", gettext_lazy("Planned, not yet started"), _planned, "planned_on", page_of_client,
        lambda found, day: _("planned: %(setting)s") % {"setting": Setting(found.told[0]).label},
        client="client", told=("setting",), late_after=PATIENCE,
    ),
    order=30,
)  # fmt: skip
worklists.register(
    Worklist(
        "tanpa-sesi", "due", gettext_lazy("Without a next session"), _without_next, "contact_on",
        lambda found: f"{reverse('clients:add_session')}?klien={found.code}",
        lambda found, day: _("plan a session; last contact %(day)s") % {"day": format_date(found.due)},
        client="client", late_after=None, page=lambda day: f"{reverse('clients:out_of_touch')}?show=next",
    ),
    order=40,
)  # fmt: skip
worklists.register(
    Worklist(
        "tinjau-rencana", "due", gettext_lazy("Treatment plans to look at again"), _to_review, "review_on",
        lambda found: reverse("clients:plans", args=[found.code]),
        client="treatment__client", late_after=PATIENCE,
    ),
    order=70,
)  # fmt: skip
worklists.register(
    Worklist(
        "tidak-hadir", "missed", gettext_lazy("Did not come"), _missed, "missed_on", page_of_client, _missed_words,
        client="client", told=("missed",), late_after=None, shown=6, headed=False, latest_first=True,
    ),
    order=10,
)  # fmt: skip
