"""`make demo`: demo data, web server, worker and clock in one process tree; Ctrl-C ends all of it."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from itertools import zip_longest
from pathlib import Path
from types import FrameType

from rehab.embedded import client, port, processes, terminal
from rehab.embedded.folders import Lock, UnsafeFolder
from rehab.embedded.postgres import ServerFailed, end_of

# Sized for a small machine: two web processes and two worker processes.
WEB = ["rehab.wsgi", "--workers", "2", "--threads", "4", "--preload"]
WEB += ["--no-control-socket", "--timeout", "60"]
CELERY = ["-m", "celery", "-A", "rehab", "--quiet"]
WORKER = [*CELERY, "worker", "--concurrency", "2", "--loglevel", "INFO", "--without-gossip", "--without-mingle"]
BEAT = [*CELERY, "beat", "--loglevel", "INFO", "--pidfile", ""]
PATIENCE = 60.0


class Stopped(Exception):
    """Someone wants the demo to end: Ctrl-C, a termination, or a closed terminal."""


class DemoFailed(RuntimeError):
    """A part of the demo did not come up or ended by itself; the message says which and shows its log."""


def say(text: str) -> None:
    print(text, flush=True)


class Demo:
    def __init__(self, port_number: int, state: Path = client.STATE) -> None:
        self.port = port_number
        self.state = state
        # Progress that manage.py writes to stderr would come in the red of errors.
        self.environment = {"DJANGO_COLORS": "nocolor"} | os.environ
        self.word = state / "serve"
        self.children: list[processes.Child] = []
        self.parent = terminal.Parent()

    def load(self) -> None:
        """Migrate and load the demo data; both change nothing when they are there."""
        say("· database and demo data …")
        # What is loaded can be loaded again: its many small commits need not each wait for the disk.
        loading = self._manage("demo", output=None, PGOPTIONS="-c synchronous_commit=off")
        try:
            while loading.poll() is None:
                self.look()
                time.sleep(0.05)
        finally:
            if loading.poll() is None:
                loading.terminate()
                loading.wait()
        if loading.returncode:
            raise DemoFailed("The demo data did not load. Nothing is lost: run `make demo` again.")

    def logins(self) -> subprocess.Popen[str]:
        return self._manage("demo", "--logins", output=subprocess.PIPE)

    def _manage(self, *arguments: str, output: int | None, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=client.PROJECT,
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            text=True,
            # A Ctrl-C is meant for us; we end it without a traceback.
            start_new_session=True,
            preexec_fn=processes.dying_with_parent(signal.SIGTERM),
        )

    def boot(self) -> None:
        """The web server reads its code while the data loads; nobody can sign in before there is somebody."""
        self.word.unlink(missing_ok=True)
        self._start("web", ["-m", "rehab.embedded.web", str(self.word), *WEB, "--bind", f"{port.HOST}:{self.port}"])

    def serve(self) -> None:
        self.word.touch()

    def work(self) -> None:
        say("· worker and clock …")
        self._start("worker", WORKER)
        self._start("beat", [*BEAT, "--schedule", str(self.state / "beat-schedule")])

    def _start(self, name: str, arguments: list[str]) -> None:
        log = self.state / f"{name}.log"
        log.unlink(missing_ok=True)
        command = [sys.executable, *arguments]
        self.children.append(processes.start(name, command, log=log, environment=self.environment, cwd=client.PROJECT))

    def wait_for_first_page(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            self.look()
            try:
                with urllib.request.urlopen(f"http://{port.HOST}:{self.port}/", timeout=10):
                    return
            except urllib.error.HTTPError as error:
                log = self.state / "web.log"
                raise DemoFailed(f"The first page answers {error.code}; {log} ends with:\n{end_of(log)}") from None
            except OSError:
                time.sleep(0.05)
        raise DemoFailed(f"The first page did not come within {PATIENCE:.0f} s; see {self.state}/web.log")

    def look(self) -> None:
        """Raises when the demo should end, or when a part of it has ended."""
        if self.parent.wants_end():
            raise Stopped
        for child in self.children:
            if not child.alive():
                log = self.state / f"{child.name}.log"
                raise DemoFailed(f"The {child.name} process ended by itself; {log} ends with:\n{end_of(log)}")

    def stop(self) -> None:
        for child in self.children:
            child.ask_to_stop()
        for child in reversed(self.children):
            child.stop()


def aligned(table: str) -> str:
    """Lines of tab-separated words as columns."""
    rows = [line.split("\t") for line in table.splitlines()]
    widths = [max(map(len, column)) for column in zip_longest(*rows, fillvalue="")]
    return "\n".join("  " + "  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def _on_signal(number: int, frame: FrameType | None) -> None:
    # Once is enough: a second Ctrl-C while everything is being stopped must not break that off.
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    raise Stopped


def run(demo: Demo) -> None:
    demo.boot()
    demo.load()
    demo.serve()
    demo.wait_for_first_page()
    demo.work()
    say(f"\n  Titian (data contoh)   {port.address(demo.port)}\n")
    with demo.logins() as logins:
        say(aligned(logins.communicate()[0]))
    say("\n  Logs and data are kept in .run/. Stop with Ctrl-C.\n")
    while True:
        demo.look()
        time.sleep(0.5)


def main() -> int:
    """Exit code 0 after Ctrl-C, 1 with a sentence when something failed."""
    if sentence := port.trouble(sys.argv[1]):
        sys.exit(sentence)
    lock = Lock(port.DEMO_LOCK)
    if not lock.take():
        sys.exit("The demo is being started already.")
    port.DEMO_LOCK.write_text(sys.argv[1])
    former = terminal.take_foreground()
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, _on_signal)
    demo = Demo(int(sys.argv[1]))
    servers, code = None, 0
    try:
        servers = client.prepare(["demo"], demo.environment)
        # Each process chooses its role by itself: only manage.py's owner commands are the owner.
        demo.environment.pop("TITIAN_DB_ROLE", None)
        run(demo)
    except Stopped:
        say("\nStopping …")
    except (DemoFailed, ServerFailed, UnsafeFolder, OSError) as error:
        print(f"\n{error}", file=sys.stderr)
        code = 1
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    demo.stop()
    if servers and not servers.leave():
        say("The database stays up for another command that uses it, and leaves with that.")
    lock.release()
    if code == 0:
        say("Stopped. The data is kept; `make demo` brings it back.")
    terminal.give_back(former)
    return code


if __name__ == "__main__":
    sys.exit(main())
