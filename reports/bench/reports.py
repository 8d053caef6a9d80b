"""Reports: a month for all units with one worker and with two, a month against a short history, the paper."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from django.conf import settings

from rehab import periods
from rehab.embedded import client
from rehab.periods import Period
from reports.actions import asking, working
from reports.bench import people
from reports.bench.clockwork import Apart, apart, timed
from reports.bench.results import Result
from reports.enums import FigureScope
from reports.indicators.clients import CLIENTS_REHABILITATED
from reports.models import Report, ReportRun
from reports.paper import report_pdf
from reports.queries import members
from reports.stored import report_data

PART = "Reports"
MONTH, SHORT_EPISODES, ROUNDS, TABLES = 10, 100_000, 5, 40
_PAGE = re.compile(rb"/Type ?/Page\b")
WORKER = [
    "-m",
    "celery",
    "-A",
    "rehab",
    "--quiet",
    "worker",
    "--concurrency",
    "1",
    "--without-gossip",
    "--without-mingle",
]


def measure(year: int) -> Iterator[Result]:
    seconds = {count: _national_month(year, month, count) for count, month in ((1, 8), (2, 9))}
    yield Result(PART, "a month of all units, one worker", seconds[1], "s")
    yield Result(PART, "a month of all units, two workers", seconds[2], "s", seconds[1], "one worker")
    yield _history()
    child = apart(["-c", "import django; django.setup(); from reports.bench.reports import paper; paper()"])
    spent, count = child.output.split()
    yield Result(PART, f"PDF of {count} pages", float(spent), "s", budget=2.0)
    yield Result(PART, "its memory", child.megabytes, "MB", budget=300)


def _national_month(year: int, month: int, workers: int) -> float:
    """Seconds from asking to the last report, with so many workers of one process each; taken away again."""
    period = periods.month(year, month)
    _forget(period)
    with ExitStack() as stack:
        for number in range(workers):
            stack.enter_context(_worker(number))
        time.sleep(4)
        command = ["manage.py", "build_reports", "--unit", "BNN", "--period", period.code, "--whole-tree"]
        spent = apart(command).seconds
    _forget(period)
    return spent


@contextmanager
def _worker(number: int) -> Iterator[None]:
    environment = {name: value for name, value in os.environ.items() if name != "TITIAN_DB_ROLE"}
    worker = subprocess.Popen(
        [sys.executable, *WORKER, "-n", f"bench{number}@%h", "--loglevel", "ERROR"],
        env=environment,
        cwd=settings.BASE_DIR,
    )
    try:
        yield
    finally:
        worker.terminate()
        worker.wait()


def _forget(period: Period) -> None:
    runs = ReportRun.objects.filter(starts_on=period.start, kind=period.kind.value)
    Report.objects.filter(run__in=runs, sealed_at=None).delete()
    runs.filter(reports=None).delete()


def _history() -> Result:
    """The same kind of month of a province: here with ten years behind it, and in a database that has no more than this year."""
    short = json.loads(_short_database().output.splitlines()[-1])
    years = range(people.nation().local_date().year - 9, people.nation().local_date().year)
    nearest = min(years, key=lambda year: abs(_members(year) - short["members"]))
    figure, count = _month(nearest), _members(nearest)
    note = f"{count} members of {nearest}, against {short['members']}"
    return Result(PART, "a month's report, ten years of history", figure, "ms", short["ms"], "one year", 1.3, note=note)


def _short_database() -> Apart:
    """A nation with one year, in a state folder of its own beside this one's; made on first use."""
    state = client.STATE.with_name(client.STATE.name + "-short")
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("DATABASE", "REDIS", "TITIAN"))
    }
    environment |= {"TITIAN_STATE": str(state)}
    if not (state / "simulated").exists():
        for command in (
            ["migrate", "-v0"],
            ["simulate", "--episodes", str(SHORT_EPISODES), "--years", "1", "--seed", "7"],
        ):
            subprocess.run([sys.executable, "manage.py", *command], env=environment, cwd=settings.BASE_DIR, check=True)
        (state / "simulated").touch()
    code = "from reports.bench.reports import short; short()"
    return apart(["manage.py", "shell", "--no-imports", "-c", code], environment)


def short() -> None:
    """In the short database: tell what its month took, for the other."""
    year = people.nation().local_date().year
    print(json.dumps({"ms": _month(year), "members": _members(year)}))


def _members(year: int) -> int:
    found = members(CLIENTS_REHABILITATED, people.nation(), periods.january_to(year, MONTH), FigureScope.TREE)
    return found.count()


def _month(year: int) -> float:
    """Milliseconds from asking to ready in this process, the best of some rounds; the reports are taken away again."""
    unit, period = people.busiest_province(), periods.month(year, MONTH)
    times = []
    for _ in range(ROUNDS):
        _forget(period)
        times.append(timed(lambda: working.work_off(run=asking.ask(by=None, unit=unit, period=period).its_run)))
    _forget(period)
    return min(times)


def paper() -> None:
    """Print the seconds and pages of a long paper: a province's report with its tables over and over."""
    unit, period = people.busiest_province(), periods.month(people.nation().local_date().year - 1, MONTH)
    _forget(period)
    report = asking.ask(by=None, unit=unit, period=period)
    working.work_off(run=report.its_run)
    report.refresh_from_db()
    data = report_data(report)
    data["breakdowns"] = [*data["breakdowns"]] * TABLES
    begun = time.perf_counter()
    content = report_pdf(data)
    print(f"{time.perf_counter() - begun:.2f}", len(_PAGE.findall(content)))
    _forget(period)
