"""Steps of `make setup`: each says what it does, is skipped while nothing it reads changes,
and is done again when it broke off.

This module and those that the steps live in run on a bare Python, before any package is installed.
"""

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
STATE = PROJECT / ".run"
STAMPS = STATE / "setup.json"
LOG = STATE / "setup.log"


class SetupFailed(RuntimeError):
    """A step could not be done; the message says what to do about it."""


def say(text: str) -> None:
    print(text, flush=True)


def fingerprint(paths: Iterable[Path], *words: str) -> str:
    """One hash over the contents of the files (folders: of all files in them) and some words."""
    digest = hashlib.sha256("\0".join(words).encode())
    for path in paths:
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in files:
            digest.update(str(file.relative_to(PROJECT)).encode())
            digest.update(file.read_bytes() if file.exists() else b"-")
    return digest.hexdigest()


@dataclass(frozen=True)
class Step:
    title: str
    key: str
    # What the step's outcome depends on, and what must exist when it is done.
    depends: Callable[[], str]
    outcome: Sequence[Path]
    work: Callable[[], None]

    def run(self) -> None:
        wanted = self.depends()
        stamps = _stamps()
        if stamps.get(self.key) == wanted and all(path.exists() for path in self.outcome):
            return
        say(f"· {self.title} …")
        begun = time.monotonic()
        STAMPS.write_text(json.dumps({key: value for key, value in stamps.items() if key != self.key}))
        self.work()
        missing = [str(path.relative_to(PROJECT)) for path in self.outcome if not path.exists()]
        if missing:
            raise SetupFailed(f"{self.title}: {', '.join(missing)} did not appear; see {LOG}")
        STAMPS.write_text(json.dumps(_stamps() | {self.key: wanted}))
        say(f"  done in {time.monotonic() - begun:.0f} s")


def _stamps() -> dict[str, str]:
    try:
        return dict(json.loads(STAMPS.read_text()))
    except (OSError, ValueError):
        return {}


@dataclass
class Progress:
    """Turns a tool's long output into a line now and then: `line` gives what is worth telling, or None."""

    line: Callable[[str], str | None]
    said_at: float = field(default_factory=time.monotonic)

    def hear(self, output: str) -> None:
        text = self.line(output)
        if text and time.monotonic() - self.said_at > 3:
            say(f"  {text}")
            self.said_at = time.monotonic()


def run(command: Sequence[str | Path], *, advice: str, progress: Progress | None = None, **environment: str) -> None:
    """Run a tool with its output in the log. Raises SetupFailed with the end of that output and the advice."""
    lines: list[str] = []
    with LOG.open("a") as log:
        log.write(f"\n$ {' '.join(map(str, command))}\n")
        tool = subprocess.Popen(
            list(map(str, command)),
            cwd=PROJECT,
            env=surroundings() | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        with tool:
            for output in tool.stdout or ():
                log.write(output)
                lines.append(output)
                if progress:
                    progress.hear(output)
    if tool.returncode:
        raise SetupFailed(f"{''.join(lines[-12:]).rstrip()}\n\n{advice} (all output: {LOG})")


def surroundings() -> dict[str, str]:
    """The environment for tools: caches go into .run/ where there is no home folder to write to."""
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME"}}
    home = Path(environment.get("HOME", ""))
    if not (home.is_absolute() and home.is_dir() and os.access(home, os.W_OK)):
        caches = STATE / "home"
        caches.mkdir(parents=True, exist_ok=True)
        environment["HOME"] = str(caches)
    return environment


def fail(error: Exception) -> None:
    sys.exit(f"\nmake setup stopped: {error}")
