"""Fifty and two hundred people at once, against a web server of its own, from a second process (locust)."""

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.test import Client as Browser

from facilities.models import Posting
from rehab.models import User
from rehab.roles import Role
from reports.bench.results import Result

PART = "People at once"
LOCUST = settings.BASE_DIR / ".venv-bench" / "bin" / "locust"
FILE = Path(__file__).with_name("locustfile.py")
PORT, SECONDS, COUNTS = 8799, 60, (50, 200)
WEB = ["-m", "gunicorn", "rehab.wsgi", "--workers", "2", "--threads", "4", "--preload", "--no-control-socket"]


def measure(year: int) -> Iterator[Result]:
    if not LOCUST.exists():
        raise LookupError(f"{LOCUST} is not there; `make bench` installs it")
    with tempfile.TemporaryDirectory() as folder, _served():
        people = Path(folder) / "people.json"
        people.write_text(json.dumps(_people(year)))
        for count in COUNTS:
            row = _aggregated(people, Path(folder) / f"with-{count}", count)
            requests, failures = int(row["Request Count"]), int(row["Failure Count"])
            note = f"{requests} requests, {float(row['Requests/s']):.1f}/s, median {row['50%']} ms"
            yield Result(PART, f"{count} people, 95 % of the answers within", float(row["95%"]), "ms", note=note)
            yield Result(PART, f"{count} people, errors", 100 * failures / max(requests, 1), "%", budget=0)


def _people(year: int) -> list[dict[str, str | int]]:
    """Four in five counselors, one in five staff of a unit; none of them with a second step to pass."""
    posts = Posting.objects.filter(ends_on=None, user__authenticator=None).select_related("user", "unit").order_by("pk")
    counselors = list(posts.filter(role=Role.COUNSELOR)[:160])
    staff = list(posts.filter(role=Role.UNIT_STAFF)[:40])
    mixed = [each for number in range(max(len(counselors), 1)) for each in _turn(number, counselors, staff)]
    return [
        {
            "session": _session(post.user),
            "role": post.role,
            "unit": post.unit.code if post.unit else "",
            "year": year,
        }
        for post in mixed
    ]


def _session(user: User) -> str:
    browser = Browser()
    browser.force_login(user)
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


def _turn(number: int, counselors: list[Posting], staff: list[Posting]) -> list[Posting]:
    found = counselors[number : number + 1]
    return [*found, staff[number // 4 % len(staff)]] if staff and number % 4 == 3 else found


@contextmanager
def _served() -> Iterator[None]:
    """The web server as the demo runs it, under the application's role."""
    environment = {name: value for name, value in os.environ.items() if name != "TITIAN_DB_ROLE"}
    server = subprocess.Popen(
        [sys.executable, *WEB, "--bind", f"127.0.0.1:{PORT}", "--log-level", "error"],
        env=environment,
        cwd=settings.BASE_DIR,
    )
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{PORT}/masuk/login/", timeout=5).close()
                break
            except OSError:
                time.sleep(0.1)
        yield
    finally:
        server.terminate()
        server.wait()


def _aggregated(people: Path, prefix: Path, count: int) -> dict[str, str]:
    command = [LOCUST, "-f", FILE, "--headless", "-u", count, "-r", 10, "-t", f"{SECONDS}s", "--csv", prefix]
    command += ["--host", f"http://127.0.0.1:{PORT}", "--only-summary", "--reset-stats", "--loglevel", "ERROR"]
    # Locust ends with 1 when a request failed; the table tells how many did.
    subprocess.run(
        list(map(str, command)), env=os.environ | {"TITIAN_PEOPLE": str(people)}, capture_output=True, check=False
    )
    with prefix.with_name(f"{prefix.name}_stats.csv").open() as file:
        return next(row for row in csv.DictReader(file) if row["Name"] == "Aggregated")
