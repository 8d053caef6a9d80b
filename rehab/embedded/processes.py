"""Child processes that never outlive the one that started them, and the memory of those that did."""

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rehab.embedded.account import Account

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def dying_with_parent(stop_signal: signal.Signals) -> Callable[[], None]:
    """For `preexec_fn`: the child gets `stop_signal` when its parent ends, even by SIGKILL."""
    parent = os.getpid()

    def in_child() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, int(stop_signal))
            # The parent may have ended before the line above: then nobody will tell this child.
            if os.getppid() != parent:
                os._exit(1)

    return in_child


@dataclass
class Child:
    name: str
    process: subprocess.Popen[bytes]
    stop_signal: signal.Signals
    asked: bool = False

    def alive(self) -> bool:
        return self.process.poll() is None

    def ask_to_stop(self) -> None:
        """Once only: to some programs a second signal means to drop their work."""
        if self.alive() and not self.asked:
            self.process.send_signal(self.stop_signal)
            self.asked = True

    def stop(self, patience: float = 20.0) -> None:
        self.ask_to_stop()
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start(
    name: str,
    command: Sequence[str | Path],
    *,
    log: Path,
    stop_signal: signal.Signals = signal.SIGTERM,
    account: Account | None = None,
    environment: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> Child:
    """Start `command` in a session of its own (a Ctrl-C in the terminal does not reach it), output appended to `log`."""
    account = account or Account()
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*account.prefix, *map(str, command)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=environment,
            cwd=cwd,
            start_new_session=True,
            # Runs after the change of user, which would clear the death signal.
            preexec_fn=dying_with_parent(stop_signal),
            user=account.user,
            group=account.group,
            extra_groups=account.extra_groups,
        )
    return Child(name, process, stop_signal)


def _started_at(pid: int) -> str:
    """The kernel's start time of a process: with it a pid names one process for ever. Empty when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] in "ZX" else fields[19]


def remember(path: Path, children: Sequence[Child]) -> None:
    """Write down which processes run, for the launcher that comes after a kill -9 of this one."""
    rows = [[c.name, c.process.pid, _started_at(c.process.pid), int(c.stop_signal)] for c in children]
    path.write_text(json.dumps(rows))


def end_remembered(path: Path, patience: float = 30.0) -> list[str]:
    """Stop the processes written down in `path` that still run; returns their names. Never touches a reused pid."""
    try:
        rows = json.loads(path.read_text())
    except (OSError, ValueError):
        return []
    ended = []
    for name, pid, started, stop_signal in rows:
        if not started or _started_at(pid) != started:
            continue
        ended.append(name)
        os.kill(pid, stop_signal)
        deadline = time.monotonic() + patience
        while _started_at(pid) == started:
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.05)
    path.unlink(missing_ok=True)
    return ended
