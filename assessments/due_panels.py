"""What assessments wait for, by kind: safety alerts, drafts, measures and urine tests that are due.

Registered with the app's other panels (assessments/panels.py).
"""

from datetime import date
from functools import partial
from typing import Any

from django.db.models import DateField, Exists, ExpressionWrapper, F, Func, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, TruncDate
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, ngettext

from assessments.enums import UrineStatus
from assessments.instruments import registry
from assessments.models import Assessment, SafetyAlert
from assessments.models.urine import UrineTest
from assessments.queries.alerts import wording_of
from assessments.queries.urine import UNDER_WAY
from clients.models import Treatment
from facilities.access import can, facility_ids
from rehab import tunables, worklists
from rehab.numbers import format_date
from rehab.roles import Permission
from rehab.worklists import Day, Found, Worklist

BAM = "bam"
BAM_DAYS = "assessments.bam_days"
REASSESS_MONTHS = "assessments.reassess_months"
REASSESS_WITH = "assessments.reassess_with"
URINE_DAYS = "assessments.urine_days"
# A measure that comes round again is called overdue only after a week.
PATIENCE = 7

tunables.declare(
    tunables.Tunable(
        BAM_DAYS,
        gettext_lazy("Days after which BAM is due again while a treatment runs"),
        30,
        hint=gettext_lazy("From the last BAM, or from the first service. 0: never due."),
        default_source=gettext_lazy("BAM asks about the last 30 days"),
        least=0,
        most=365,
    ),
    tunables.Tunable(
        REASSESS_MONTHS,
        gettext_lazy("Months after which a client is assessed again while a treatment runs"),
        3,
        hint=gettext_lazy("From the last full instrument, or from the first service. 0: never due."),
        default_source=gettext_lazy("Working assumption, no published rule"),
        least=0,
        most=24,
    ),
    tunables.Tunable(
        REASSESS_WITH,
        gettext_lazy("Instruments that count as assessing a client again"),
        ["asi", "wajib_lapor"],
        default_source=gettext_lazy("Chosen for Titian"),
        allowed=tuple(each.key for each in registry.all() if each.key != BAM),
    ),
    tunables.Tunable(
        URINE_DAYS,
        gettext_lazy("Days after which a urine test is due again while a treatment runs"),
        30,
        hint=gettext_lazy("From the last test, or from the first service. 0: never due."),
        default_source=gettext_lazy("Working assumption, no published rule"),
        least=0,
        most=365,
    ),
)


def _under_way(day: Day, permission: Permission) -> QuerySet[Treatment]:
    here = facility_ids(day.user, permission)
    return Treatment.objects.open().filter(facility__in=here, started_on__isnull=False)


def _due_again(rows: QuerySet[Treatment], last: QuerySet, interval: dict[str, int], on: date) -> QuerySet[Treatment]:
    """With `last_on` (null where it never was) and `due_on`: `interval` after it, or after the first service."""
    ((unit, number),) = interval.items()
    span = Func(Value(number), function="make_interval", template=f"%(function)s({unit} => %(expressions)s)")
    rows = rows.annotate(last_on=Subquery(last, output_field=DateField()))
    due = ExpressionWrapper(Coalesce(F("last_on"), F("started_on")) + span, output_field=DateField())
    return rows.annotate(due_on=Func(due, template="(%(expressions)s)::date", output_field=DateField())).filter(
        due_on__lte=on
    )


def _measured(*instruments: str) -> QuerySet:
    """The last day on which the episode of a treatment was measured with one of them."""
    rows = Assessment.objects.completed().filter(episode=OuterRef("episode"), instrument__in=instruments)
    return rows.order_by("-administered_on").values("administered_on")[:1]


def _bam(day: Day) -> QuerySet | None:
    if not can(day.user, Permission.ASSESS) or not day.settings[BAM_DAYS]:
        return None
    days = {"days": day.settings[BAM_DAYS]}
    return _due_again(_under_way(day, Permission.ASSESS), _measured(BAM), days, day.on)


def _reassess(day: Day) -> QuerySet | None:
    if not can(day.user, Permission.ASSESS) or not day.settings[REASSESS_MONTHS]:
        return None
    months = {"months": day.settings[REASSESS_MONTHS]}
    last = _measured(*day.settings[REASSESS_WITH])
    return _due_again(_under_way(day, Permission.ASSESS), last, months, day.on)


def _urine(day: Day) -> QuerySet | None:
    """Those whose cup is under way already are told as that."""
    if not can(day.user, Permission.TREAT) or not day.settings[URINE_DAYS]:
        return None
    tests = UrineTest.objects.filter(treatment=OuterRef("pk"))
    last = tests.filter(status=UrineStatus.READ).order_by("-wanted_on").values("wanted_on")[:1]
    rows = _under_way(day, Permission.TREAT).filter(~Exists(tests.filter(status__in=UNDER_WAY)))
    return _due_again(rows, last, {"days": day.settings[URINE_DAYS]}, day.on)


def _cups(day: Day, status: UrineStatus) -> QuerySet | None:
    if not can(day.user, Permission.TREAT):
        return None
    return UrineTest.objects.visible_to(day.user, Permission.TREAT).filter(status=status)


def _drafts(day: Day) -> QuerySet | None:
    if not can(day.user, Permission.SEE_CLINICAL):
        return None
    rows = Assessment.objects.visible_to(day.user).drafts().filter(started_by=day.user)
    return rows.annotate(saved_on=TruncDate("saved_at"))


def _alerts(day: Day) -> QuerySet | None:
    if not can(day.user, Permission.SEE_CLINICAL):
        return None
    return SafetyAlert.objects.visible_to(day.user).open().annotate(raised_on=TruncDate("raised_at"))


def _choose(found: Found) -> str:
    return reverse("assessments:choose", args=[found.code])


def _last(found: Found, day: Day) -> Any:
    if found.told[0] is None:
        return gettext("not once yet")
    return gettext("last on %(day)s") % {"day": format_date(date.fromisoformat(found.told[0]))}


def _draft_name(found: Found) -> str:
    return f"{found.code}: {gettext(registry.get(found.told[0]).title)}"


def _alert_name(found: Found) -> str:
    head = " · ".join(part for part in (found.code, found.name) if part)
    return f"{head}: {wording_of(found.told[0], found.told[1])}"


def _alert_words(found: Found, day: Day) -> Any:
    instrument, _, handler, name = found.told
    who = gettext("you look after it") if handler == day.user.pk else name or gettext("nobody looks after it yet")
    return f"{gettext(registry.get(instrument).title)} · {who}"


def _to_collect(total: int) -> str:
    return ngettext("One urine test to collect", "%(count)s urine tests to collect", total) % {"count": total}


def _to_read(total: int) -> str:
    return ngettext("One urine test to read", "%(count)s urine tests to read", total) % {"count": total}


worklists.register(
    Worklist(
        "peringatan", "attention", gettext_lazy("Safety alerts"), _alerts, "raised_on",
        lambda found: reverse("assessments:alert", args=[found.pk]), _alert_words, client="client",
        told=("assessment__instrument", "code", "handler", "handler__name"), name=_alert_name,
        pressing=True, shown=12, headed=False, leads=True,
        page=lambda day: reverse("assessments:alerts"),
    ),
    order=1,
)  # fmt: skip
for _key, _status, _line in (("urine-diambil", UrineStatus.WANTED, _to_collect), ("urine-dibaca", UrineStatus.COLLECTED, _to_read)):  # fmt: skip
    worklists.register(
        Worklist(
            _key, "due", gettext_lazy("Urine tests"), partial(_cups, status=_status), "wanted_on",
            lambda found: reverse("assessments:urine_test", args=[found.pk]), client="client", shown=1, line=_line,
            page=lambda day: reverse("assessments:urine_list"),
        ),
        order=12,
    )  # fmt: skip
worklists.register(
    Worklist(
        "tes-urine", "due", gettext_lazy("Urine test due"), _urine, "due_on",
        lambda found: reverse("assessments:urine_of_client", args=[found.code]), _last, client="client", told=("last_on",),
        late_after=PATIENCE,
    ),
    order=50,
)  # fmt: skip
worklists.register(
    Worklist(
        "bam", "due", gettext_lazy("BAM due"), _bam, "due_on", _choose, _last, client="client", told=("last_on",),
        late_after=PATIENCE,
    ),
    order=52,
)  # fmt: skip
worklists.register(
    Worklist(
        "asesmen-ulang", "due", gettext_lazy("Assess again"), _reassess, "due_on", _choose, _last, client="client",
        told=("last_on",), late_after=PATIENCE,
    ),
    order=54,
)  # fmt: skip
worklists.register(
    Worklist(
        "draf-asesmen", "drafts", gettext_lazy("Unfinished assessments"), _drafts, "saved_on",
        lambda found: reverse("assessments:fill", args=[found.pk]), client="client", told=("instrument",),
        name=_draft_name, late_after=None, shown=8, headed=False, latest_first=True,
    ),
    order=10,
)  # fmt: skip
