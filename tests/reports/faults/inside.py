"""What the processes of a fault test do, each with `python -m tests.reports.faults.inside VERB` on servers of its own."""

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rehab.settings")
django.setup()

from django.db import DatabaseError, connection  # noqa: E402  (models can be imported only after setup)

from clients.models import Treatment  # noqa: E402
from facilities.models import Facility  # noqa: E402
from rehab import periods  # noqa: E402
from rehab.tasks import tick  # noqa: E402
from reports.actions import runs  # noqa: E402
from reports.enums import ReportStatus  # noqa: E402
from reports.models import Report  # noqa: E402
from tests import factories  # noqa: E402
from tests.reports import makers  # noqa: E402

PROVINCES, REGENCIES = range(11, 17), range(71, 76)
YEAR = periods.year(2019)
UNFINISHED = (ReportStatus.ASKED, ReportStatus.BUILDING)


def load() -> None:
    """37 units with a clinic each; the one after has one treatment more."""
    codes = ["BNN"]
    for province in PROVINCES:
        codes += [f"BNNP-{province}", *(f"BNNK-{province}{regency}" for regency in REGENCIES)]
    for number, code in enumerate(codes):
        clinic = factories.facility(of=factories.unit(code), region_code="3171" if code == "BNN" else "")
        for day in range(number % 7):
            makers.counted(clinic, date(2019, 1, 5) + timedelta(days=40 * day))


def ask() -> None:
    runs.ask(by=None, unit=factories.unit("BNN"), period=YEAR)


def clock() -> None:
    """The minute tick each second, as long as the test runs, whatever happens to the servers."""
    while True:
        try:
            tick()
        except DatabaseError:
            connection.close()
        time.sleep(1)


def write() -> None:
    """Treatments of another year without end: load, and nothing that these reports count."""
    while True:
        try:
            makers.counted(Facility.objects.order_by("?")[0], date(2021, 1, 5))
        except DatabaseError:
            connection.close()
            time.sleep(0.2)


def far() -> None:
    reports = Report.objects.filter(kind=YEAR.kind.value)
    print(json.dumps({"total": reports.count(), "waiting": reports.filter(status__in=UNFINISHED).count()}))


def check() -> None:
    """What is wrong, as a list: nothing, where every report exists once, is right, and misses no member."""
    wrong = []
    expected = [factories.unit("BNN").pk, *Facility.objects.exclude(unit__code="BNN").values_list("unit", flat=True)]
    found = list(Report.objects.filter(kind=YEAR.kind.value).values_list("unit", flat=True))
    if sorted(found) != sorted(expected):
        wrong.append(f"reports of {len(found)} units, not of {len(expected)}")
    for report in Report.objects.select_related("unit"):
        counted = Treatment.objects.filter(
            counted_on__gte=report.counted_period.start, counted_on__lt=report.counted_period.end
        )
        if report.unit.code != "BNN":
            counted = counted.filter(unit=report.unit)
        plain = set(counted.values_list("pk", flat=True))
        members = list(report.counted_members("clients_rehabilitated").values_list("source_id", flat=True))
        told = report.lines.filter(indicator="clients_rehabilitated").values_list("realised", flat=True)
        if report.status != ReportStatus.READY or sorted(members) != sorted(plain) or list(told) != [len(plain)]:
            wrong.append(f"{report}: {report.status} {report.error} {list(told)} {len(members)} of {len(plain)}")
    print(json.dumps(wrong))


VERBS: dict[str, Callable[[], None]] = {each.__name__: each for each in (load, ask, clock, write, far, check)}

if __name__ == "__main__":
    VERBS[sys.argv[1]]()
