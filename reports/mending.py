"""What a facility's own people are told about their records: on Hari ini what to mend, on the facility's page how it stands."""

from collections.abc import Iterable
from datetime import date
from typing import cast

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clients.models import Treatment
from facilities.access import facility_ids
from facilities.models import Facility
from rehab.models import User
from rehab.numbers import achievement, format_date, format_number, format_percent
from rehab.panels import Fact
from rehab.periods import year as year_of
from rehab.roles import Permission
from rehab.tunables import Tunable
from rehab.worklists import Day, Worklist
from reports.queries.freshness import Freshness, freshness
from reports.queries.jumps import HISTORY, LEAST, TIMES

JUMP_TUNABLES = (
    Tunable(
        LEAST,
        gettext_lazy("Months that stand out: least difference from the usual number"),
        5,
        hint=gettext_lazy("The usual number is the median of the twelve months before."),
        default_source=gettext_lazy("Working assumption, no published rule"),
        least=1,
        most=1000,
    ),
    Tunable(
        TIMES,
        gettext_lazy("Months that stand out: how many times what is usual between months"),
        3.5,
        hint=gettext_lazy("Usual between months is the median deviation of the twelve months before, or chance alone."),
        default_source=gettext_lazy("Common rule for outliers (Iglewicz and Hoaglin): 3.5 median deviations"),
        least=1,
        most=20,
    ),
    Tunable(
        HISTORY,
        gettext_lazy("Months that stand out: months to compare with before one is judged"),
        6,
        default_source=gettext_lazy("Working assumption, no published rule"),
        least=3,
        most=12,
    ),
)


def _uncounted(day: Day) -> QuerySet | None:
    """Records of the facility where the person treats that keep work from counting: what to mend."""
    place = _treating_at(day.user)
    if place is None:
        return None
    year = year_of(day.on.year)
    return Treatment.objects.filter(
        facility=place, counted_on=None, started_on__gte=year.start, started_on__lt=year.end
    )


def _treating_at(user: User) -> Facility | None:
    post = getattr(user, "active_post", None)
    mine = facility_ids(user, Permission.TREAT) & facility_ids(user, Permission.SEE_MEMBERS)
    return post.facility if post is not None and post.facility_id in mine else None


def _uncounted_line(number: int) -> str:
    text = ngettext(
        "%(number)s treatment has started and does not count yet",
        "%(number)s treatments have started and do not count yet",
        number,
    )
    return text % {"number": format_number(number)}


UNCOUNTED = Worklist(
    "belum-dihitung", "attention", gettext_lazy("Not counted yet"), _uncounted, "started_on", lambda found: "",
    lambda found, day: _("Complete the six facts or an instrument: it then counts from its first day"),
    late_after=None, shown=1, line=_uncounted_line,
    page=lambda day: reverse("reports:uncounted", args=[cast(Facility, _treating_at(day.user)).code, day.on.year]),
)  # fmt: skip


def facility_facts(user: User, facilities: Iterable[Facility]) -> dict[int, list[Fact]]:
    """On a facility's page for its own people and for those who may open its members: how fresh and whole its records are.
    One query for one facility, none for a list: it would make a register of the careless."""
    found = list(facilities)
    if len(found) != 1:
        return {}
    seen = facility_ids(user, Permission.SEE_MEMBERS) | _worked_at(user)
    place = found[0]
    if place.pk not in seen:
        return {}
    on = place.local_date()
    return {place.pk: _facts(place, freshness([place.pk], year_of(on.year), on)[place.pk], on)}


def _worked_at(user: User) -> set[int]:
    post = getattr(user, "active_post", None)
    figures = facility_ids(user, Permission.SEE_FIGURES)
    return {post.facility_id} & figures if post is not None and post.facility_id else set()


def _facts(place: Facility, each: Freshness, on: date) -> list[Fact]:
    figures = reverse("reports:unit", args=[place.code, on.year])
    told = [Fact(_("Last entry"), format_date(each.last), figures)]
    if each.open:
        share = _("%(share)s %% of %(open)s") % {
            "share": format_percent(achievement(each.with_facts, each.open), 0),
            "open": format_number(each.open),
        }
        told.append(Fact(_("Open episodes with six facts"), share, tone="attention" if each.without_facts else ""))
    if each.uncounted:
        told.append(Fact(_("Started, not counted"), format_number(each.uncounted), tone="attention"))
    if each.overdue:
        told.append(Fact(_("Overdue follow-ups"), format_number(each.overdue), tone="attention"))
    return told
