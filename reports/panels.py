"""What figures add to other pages and to the settings."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rehab import panels, tunables, worklists
from rehab.models import User
from rehab.roles import Permission
from reports import alerts, mending
from reports.enums import ReportStatus
from reports.indicators import Rules
from reports.queries import due, rules
from reports.queries.waiting import Waiting, waiting_for

SHOWN_TODAY = 8

panels.add_menu(
    panels.MenuItem(
        label=_("Figures"),
        url_name="reports:dashboard",
        icon="figures",
        permissions=frozenset({Permission.SEE_FIGURES}),
        order=50,
        active=(
            "reports:dashboard",
            "reports:unit",
            "reports:members",
            "reports:uncounted",
            "reports:card",
            "reports:funnel_step",
            "reports:jumps",
            "reports:export_members",
            "reports:target",
            "reports:upload_targets",
            "reports:cascade",
            "reports:budget",
            "reports:upload_budgets",
            "reports:alerts",
            "reports:figures",
            "reports:upload_figures",
            "reports:release",
        ),
    )
)
panels.add_menu(
    panels.MenuItem(
        label=_("Reports"),
        url_name="reports:list",
        icon="reports",
        permissions=frozenset({Permission.BUILD_REPORTS, Permission.SEAL_REPORTS, Permission.SEE_AUDIT}),
        order=60,
        active=(
            "reports:list", "reports:ask", "reports:ask_tree", "reports:run", "reports:recap", "reports:report",
            "reports:report_changes", "reports:report_since", "reports:report_notes",
            "reports:submit_report", "reports:return_report", "reports:approve_report", "reports:seal_report",
        ),
    )
)  # fmt: skip

tunables.declare(
    tunables.Tunable(
        rules.REACHED,
        _("“On target” from this percent of what was to be reached by now"),
        100,
        default_source=_("Working assumption, no published rule"),
        least=1,
        most=200,
    ),
    tunables.Tunable(
        rules.ATTENTION,
        _("“Needs attention” from this percent; below it “behind”"),
        80,
        default_source=_("Working assumption, no published rule"),
        least=0,
        most=200,
    ),
    *(
        tunables.Tunable(
            key,
            title,
            default,
            hint=_("On the scale of 1 to 4; below the lowest of the three the grade is D."),
            default_source=_("Table of Permenpan RB 14/2017 as it is cited, not verified"),
            least=1,
            most=4,
        )
        for key, title, default in zip(
            rules.GRADES,
            (
                _("Satisfaction index: grade C from"),
                _("Satisfaction index: grade B from"),
                _("Satisfaction index: grade A from"),
            ),
            Rules().grades_from,
            strict=True,
        )
    ),
    tunables.Tunable(
        due.DUE_FOR,
        _("Reports by themselves: for periods that ended at most this many days ago"),
        45,
        hint=_("Older periods are reported when somebody asks for them."),
        default_source=_("Working assumption, no published rule"),
        least=1,
        most=400,
    ),
    tunables.Tunable(
        due.WEEKLY,
        _("Weekly reports by themselves: 1 yes, 0 no"),
        0,
        hint=_("Weeks run from Monday to Sunday. Otherwise a week is reported when somebody asks for it."),
        default_source=_("Working assumption, no published rule"),
        allowed=(0, 1),
    ),
)


@panels.today.register(order=60)
def reports_waiting(user: User, on: date) -> list[panels.TodayItem]:
    """Reports that wait for this person: those sent back first of all need attention, as does what waits for a signature."""
    found = waiting_for(user, SHOWN_TODAY + 1)
    items = [_waiting_item(each) for each in found[:SHOWN_TODAY]]
    if len(found) > SHOWN_TODAY:
        items.append(panels.TodayItem("due", gettext("More reports wait for you"), url=reverse("reports:list")))
    return items


def _waiting_item(waiting: Waiting) -> panels.TodayItem:
    report, status = waiting.report, waiting.report.status
    titles = {
        ReportStatus.RETURNED: _("Mend the report %(period)s"),
        ReportStatus.READY: _("Submit the report %(period)s"),
        ReportStatus.SUBMITTED: _("Approve the report %(period)s"),
        ReportStatus.APPROVED: _("Seal the report %(period)s"),
    }
    last = waiting.last if status != ReportStatus.READY else None
    who = last.taken_by.name if last and last.taken_by else "Titian"
    detail = gettext("%(unit)s · %(status)s by %(who)s") % {
        "unit": report.unit, "status": report.get_status_display().lower(), "who": who,
    }  # fmt: skip
    return panels.TodayItem(
        group="due" if status == ReportStatus.READY else "attention",
        title=titles[ReportStatus(status)] % {"period": report.period.label},
        detail=detail,
        url=reverse("reports:report", args=[report.pk]),
        when=last.taken_at if last else report.cut_off,
    )


tunables.declare(*mending.JUMP_TUNABLES)
worklists.register(mending.UNCOUNTED, order=40)
panels.facility_facts.register(order=70)(mending.facility_facts)
tunables.declare(*alerts.TUNABLES)
panels.today.register(order=65)(alerts.today)
