"""Ctrl-C under `make`: the signal goes to us alone, and make sees a program that ended well instead of being shot."""

import os
import signal
import sys
from pathlib import Path


def take_foreground() -> int | None:
    """Become the terminal's foreground process group; returns the former one, None without a terminal of our own."""
    try:
        former = os.tcgetpgrp(sys.stdin.fileno())
        if former != os.getpgrp() or os.getpid() == os.getpgrp():
            return None
        # Moving the foreground is itself a background process's write to the terminal. Ctrl-Z would stop us but not
        # make, and the shell would never get its terminal back.
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        signal.signal(signal.SIGTSTP, signal.SIG_IGN)
        os.setpgid(0, 0)
        os.tcsetpgrp(sys.stdin.fileno(), os.getpgrp())
    except (OSError, ValueError):
        return None
    return former


def give_back(former: int | None) -> None:
    if former is not None:
        os.tcsetpgrp(sys.stdin.fileno(), former)


class Parent:
    """The `make` above us. It waits for us without a word when it alone is interrupted, so we look."""

    def __init__(self) -> None:
        self.pid = os.getppid()
        self.caught_interrupt = self._catches_interrupt()

    def wants_end(self) -> bool:
        """True when the parent is gone, or was interrupted (GNU make then drops its handler and waits for us)."""
        return os.getppid() != self.pid or (self.caught_interrupt and not self._catches_interrupt())

    def _catches_interrupt(self) -> bool:
        try:
            status = Path(f"/proc/{self.pid}/status").read_text()
        except OSError:
            return False
        caught = next((line for line in status.splitlines() if line.startswith("SigCgt:")), "SigCgt: 0")
        return bool(int(caught.split()[1], 16) >> (signal.SIGINT - 1) & 1)
