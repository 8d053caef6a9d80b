"""What TAT shows on the pages of the floors below: its menu entry, its settings, Hari ini, and a client's way once placed."""

from datetime import date
from typing import TYPE_CHECKING, TypedDict, cast

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.enums import TatPaper, TatRoute, TatTeam
from assessments.models import TatCase, TatLetter, TatPlacement
from assessments.models.tat import PERMISSION_OF
from assessments.queries.tat import REQUIRED, TAT_DAYS, papers_key, tat_clock, waits_for_me, with_my_part
from clients.enums import GROUP_OF, Admission, AdmissionGroup
from clients.models import Client
from facilities.access import facility_ids, permissions_of
from rehab import panels, tunables
from rehab.models import User
from rehab.panels import MenuItem, Stage, TimelineEntry, TodayItem
from rehab.roles import Permission

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django_stubs_ext import WithAnnotations

    from assessments.queries.tat import MyTatCase

    class _Printed(TypedDict):
        printed: bool

    _Placement = WithAnnotations[TatPlacement, _Printed]

MOST = 20
OF_TAT = frozenset({Permission.TAT_MANAGE, *PERMISSION_OF.values()})
SENT = frozenset({AdmissionGroup.LEGAL, AdmissionGroup.VERDICT})

panels.add_menu(MenuItem(_("TAT"), "assessments:tat_list", "tat", OF_TAT, 45, active=("assessments:tat",)))
tunables.declare(
    tunables.Tunable(
        TAT_DAYS,
        _("Calendar days for the conclusion of a TAT case"),
        6,
        hint=_("Counted from the day the request was received, in the zone of the unit."),
        default_source=_("Six days are published; that they are calendar days is not."),
        least=1,
        most=60,
    ),
    *(
        tunables.Tunable(
            papers_key(route),
            format_lazy("{}: {}", _("Documents of a TAT request"), route.label),
            [paper.value for paper in REQUIRED[route]],
            hint=_("A case is scheduled once these have come, or are set down as not applicable."),
            default_source=_("Eight documents are published; which of them a route needs is not. Chosen for Titian."),
            allowed=tuple(TatPaper),
        )
        for route in TatRoute
    ),
)


@panels.today.register(order=20)
def today(user: User, on: date) -> list[TodayItem]:
    """What runs, the oldest first; for members with what is theirs to sign. Two queries, none for anybody else."""
    if permissions_of(user).isdisjoint(OF_TAT):
        return []
    rows = TatCase.objects.visible_to(user).running().select_related("unit").order_by("received_on", "id")
    cases = list(with_my_part(rows, user)[:MOST])
    if not cases:
        return []
    days = tunables.value(TAT_DAYS)
    return [_item(case, days) for case in cases]


def _item(case: "MyTatCase", days: int) -> TodayItem:
    clock = tat_clock(case, days)
    left = {"code": case.code, "days": clock.days, "hours": clock.hours}
    if clock.late:
        title = gettext("TAT %(code)s: late by %(days)s days %(hours)s hours") % left
    else:
        title = gettext("TAT %(code)s: %(days)s days %(hours)s hours left") % left
    url, detail = (
        reverse("assessments:tat_case", args=[case.code]),
        f"{case.get_status_display()} · {case.requested_by}",
    )
    label = address = ""
    if waits_for_me(case):
        detail = gettext("Your record is not signed yet: %(team)s") % {"team": TatTeam(cast(str, case.my_team)).label}
        label, address = gettext("Write"), reverse("assessments:tat_record", args=[case.code])
    group = "attention" if clock.short else "due"
    return TodayItem(
        group, title, detail=detail, url=url, when=clock.last_day, urgent=clock.late, act_label=label, act_url=address
    )


@panels.timeline.register(order=25)
def timeline(user: User, client: Client) -> list[TimelineEntry]:
    """Letter and order, for the facility to which placement was ordered; staff of its unit learn of the order alone.

    No query for a client whom no investigator, prosecutor or court has sent.
    """
    if not any(GROUP_OF[Admission(episode.admission)] in SENT for episode in client.episodes.all()):
        return []
    care = facility_ids(user, Permission.SEE_CLINICAL)
    letters = TatLetter.objects.filter(case=OuterRef("case"))
    rows = TatPlacement.objects.filter(
        case__client=client, ordered=True, facility__in=care | facility_ids(user, Permission.SEE_CLINICAL_SUMMARY)
    )
    found = cast("QuerySet[_Placement]", rows.select_related("case", "facility").annotate(printed=Exists(letters)))
    return [entry for row in found for entry in _entries(row, reads=row.facility_id in care)]


def _entries(row: "_Placement", *, reads: bool) -> list[TimelineEntry]:
    label, case = gettext("TAT"), row.case
    title = gettext("Placement ordered by %(who)s") % {"who": row.ordered_by}
    number = gettext("Number %(number)s") % {"number": row.number}
    found = [TimelineEntry(row.decided_on, "tat", label, title, text=number, stage=Stage.REGISTERED)]
    if reads and case.letter_on:
        url = reverse("assessments:tat_letter_pdf", args=[case.code]) if row.printed else ""
        title = gettext("Result letter of the joint assessment (secret)")
        text = case.get_recommendation_display()
        found.append(TimelineEntry(case.letter_on, "tat", label, title, text=text, url=url, stage=Stage.REGISTERED))
    return found
