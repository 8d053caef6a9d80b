"""What every test may ask for: the application's database role, a browser, a real worker. Servers: cluster_plugin.py."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from rehab.embedded import chromium, postgres, processes

CI = os.environ.get("CI", "").lower() in {"1", "true"}
PROJECT = Path(__file__).resolve().parent.parent
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("browser"):
            # The browser sees only what other connections have committed.
            item.add_marker(pytest.mark.django_db(transaction=True))
    browser_tests = [item for item in items if item.get_closest_marker("browser")]
    if browser_tests and not CI and not chromium.find():
        for item in browser_tests:
            item.add_marker(pytest.mark.skip(reason=chromium.ABSENT))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """At the end nobody may hold the database any more: a page's last request can outlive the test that opened it."""
    yield
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        connection.close()


@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    """In CI a test that did not run is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if CI and skipped and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    return (yield)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for what was skipped, however many tests it was."""
    reasons = {
        str(report.longrepr[2]).removeprefix("Skipped: ") for report in terminalreporter.stats.get("skipped", [])
    }
    for reason in sorted(reasons):
        terminalreporter.write_line(f"SKIPPED: {reason}{' (not allowed in CI)' if CI else ''}", yellow=True)


@pytest.fixture
def app_role(db: None) -> Iterator[str]:
    """The test's connection with the application's rights: tables are made by the owner, this role only works in them."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {settings.APPLICATION_DB_ROLE}")
        yield settings.APPLICATION_DB_ROLE
    # After a refused statement the transaction accepts nothing more; its rollback takes the role back as well.
    if not connection.needs_rollback and connection.connection.info.transaction_status != 3:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for each test process."""
    executable = chromium.find()
    assert executable, chromium.ABSENT
    # Playwright's synchronous interface keeps an event loop in this thread; Django would refuse to query beside it.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_OPTIONS)
        yield started
        started.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A visitor with no cookies, whose browser speaks Indonesian."""
    visitor = browser.new_context(locale="id-ID", timezone_id="Asia/Jakarta", viewport={"width": 1280, "height": 900})
    visitor.set_default_timeout(15_000)
    yield visitor
    visitor.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A tab. The test fails on a script error and on anything the browser complains about, such as a blocked source."""
    tab = context.new_page()
    complaints: list[str] = []
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on(
        "console",
        lambda message: complaints.append(message.text) if _is_complaint(message.type, message.text) else None,
    )
    yield tab
    assert complaints == []


def _is_complaint(kind: str, text: str) -> bool:
    # A 4xx answer is written to the console as well; what is refused is the test's own business.
    return kind == "error" and "Failed to load resource" not in text


@dataclass
class WorkerProcess:
    """A Celery worker of its own, on this test's database and broker, with the application's rights."""

    log: Path
    child: processes.Child | None = None
    # Of other servers than this test's.
    environment: dict[str, str] | None = None

    def start(self) -> None:
        database = settings.DATABASES["default"]
        address = postgres.url(postgres.APPLICATION, Path(database["HOST"]), database["NAME"])
        environment = self.environment or os.environ | {"DATABASE_URL": address, "TITIAN_DB_ROLE": ""}
        command = [sys.executable, "-m", "celery", "-A", "rehab", "worker", "--concurrency", "1", "--loglevel", "INFO"]
        command += ["--without-gossip", "--without-mingle"]
        self.log.write_bytes(b"")
        self.child = processes.start("worker", command, log=self.log, environment=environment, cwd=PROJECT)
        deadline = time.monotonic() + 60
        while b" ready." not in self.log.read_bytes():
            assert self.child.alive(), self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.05)

    def kill(self) -> None:
        """As the kernel does when memory runs out: the worker and its children at once, no farewell."""
        if self.child is not None:
            os.killpg(self.child.process.pid, signal.SIGKILL)
            self.child.process.wait()
            self.child = None

    def stop(self) -> None:
        if self.child is not None:
            self.child.stop()
            self.child = None


@pytest.fixture
def celery_worker_process(transactional_db: None, tmp_path: Path) -> Iterator[WorkerProcess]:
    """A real worker that takes this test's tasks; `kill()` and `start()` it to see what survives."""
    worker = WorkerProcess(tmp_path / "worker.log")
    worker.start()
    yield worker
    worker.stop()
