"""How fresh and whole the records are: for the facility what to mend, for the unit whom to call."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rehab.numbers import achievement, format_number
from reports.cards.base import Card, Cell, Column, Content, Frame, Kind, Line, Table
from reports.queries.freshness import Freshness, freshness

QUIET_DAYS = 30


def build(frame: Frame) -> Content:
    period = frame.cut or frame.period
    found = freshness(frame.facilities, period, frame.today) if frame.facilities else {}
    name = _("Unit") if frame.is_tree else _("Facility")
    columns = [
        Column("name", name, Kind.TEXT),
        Column("registered", _("Last registration"), Kind.DATE),
        Column("assessed", _("Last assessment"), Kind.DATE),
        Column("started", _("Last start"), Kind.DATE),
        Column("followed_up", _("Last follow-up"), Kind.DATE),
        Column("facts", _("Open episodes with six facts"), Kind.PERCENT, 0),
        Column("overdue", _("Overdue follow-ups")),
        Column("uncounted", _("Started, not counted")),
    ]
    if frame.is_tree:
        columns.insert(1, Column("quiet", _("Facilities without an entry for 30 days")))
    rows = _by_unit(frame, found) if frame.is_tree else _by_facility(frame, found)
    return Content(
        Table(tuple(columns), tuple(rows)),
        lead=_("The last day on which something happened that was recorded, and what is still missing."),
        note=_("Follow-ups are looked back on for 60 days. “Started, not counted” are treatments of %(year)s.")
        % {"year": frame.year},
        nothing=_("No open facility stands under this unit yet."),
        more=_mend(frame, found),
    )


def _by_facility(frame: Frame, found: dict[int, Freshness]) -> Iterable[Line]:
    seen = {
        name: frame.counts({pk: getattr(each, name) for pk, each in found.items()})
        for name in ("with_facts", "without_facts", "overdue", "uncounted")
    }
    for pk, facility in frame.facilities.items():
        each = found[pk]
        shares = seen["with_facts"][pk], seen["without_facts"][pk]
        facts = Cell(hidden=True) if None in shares else Cell(achievement(each.with_facts, each.open))
        quiet = _is_quiet(each, frame.today)
        note = _("no entry for 30 days") if quiet else ""
        yield Line(
            (
                Cell(facility.name, frame.facility_url(facility), note=note, tone="attention" if quiet else ""),
                *_days(each),
                facts,
                _number(seen["overdue"][pk]),
                _number(seen["uncounted"][pk], _uncounted(frame, pk)),
            ),
        )


def _by_unit(frame: Frame, found: dict[int, Freshness]) -> Iterable[Line]:
    groups: dict[int, list[Freshness]] = defaultdict(list)
    for pk, each in found.items():
        groups[frame.part_of(frame.facilities[pk].unit_id)].append(each)
    for node in frame.parts:
        if node.id in groups:
            whole = _whole(groups[node.id])
            quiet = sum(1 for each in groups[node.id] if _is_quiet(each, frame.today))
            note = _("own facilities") if node.id == frame.place.pk else ""
            yield Line(
                (
                    Cell(node.name, frame.node_url(node), note=note),
                    Cell(quiet, tone="attention" if quiet else "", note=_of(len(groups[node.id]))),
                    *_days(whole),
                    Cell(achievement(whole.with_facts, whole.open)),
                    Cell(whole.overdue),
                    Cell(whole.uncounted),
                )
            )


def _of(number: int) -> str:
    return _("of %(places)s") % {"places": format_number(number)}


def _whole(found: list[Freshness]) -> Freshness:
    """The latest days and the sums."""
    values: dict[str, Any] = {}
    for each in fields(Freshness):
        of_all = [getattr(one, each.name) for one in found]
        if each.default is None:
            values[each.name] = max(filter(None, of_all), default=None)
        else:
            values[each.name] = sum(of_all)
    return Freshness(**values)


def _is_quiet(each: Freshness, today: date) -> bool:
    return each.last is None or (today - each.last).days > QUIET_DAYS


def _days(each: Freshness) -> tuple[Cell, ...]:
    return tuple(Cell(day) for day in (each.registered, each.assessed, each.started, each.followed_up))


def _number(shown: int | None, url: str = "") -> Cell:
    return Cell(shown, url if shown else "", hidden=shown is None, tone="attention" if shown else "")


def _uncounted(frame: Frame, facility: int) -> str:
    if not frame.open:
        return ""
    path = reverse("reports:uncounted", args=[frame.place.code, frame.year])
    return f"{path}?scope={frame.scope}&facility={facility}"


def _mend(frame: Frame, found: dict[int, Freshness]) -> tuple[tuple[str, str], ...]:
    """For the facility itself: what to mend, each with the list to do it in."""
    if not frame.is_facility:
        return ()
    each = found[frame.place.pk]
    told = [
        (each.uncounted, _("Treatments that started and do not count: complete what is missing"), _uncounted(frame, frame.place.pk)),
        (each.without_facts, _("Open episodes without the six facts: record them before treatment starts"), reverse("clients:list") + "?status=open"),
        (each.overdue, _("Overdue follow-ups: contact the clients or note that no contact was made"), reverse("aftercare:list") + "?show=overdue"),
    ]  # fmt: skip
    return tuple((f"{words} ({number})", url) for number, words, url in told if number)


CARD = Card("kesegaran", gettext_lazy("Fresh and complete"), build, template="reports/cards/_mend.html")
