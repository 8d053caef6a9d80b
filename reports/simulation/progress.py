"""A line that tells how far a long work has come, on stderr: redrawn on a terminal, now and then a new one elsewhere."""

import sys
import time
from typing import TextIO

from django.utils.translation import gettext as _

WIDTH = 30
# Where lines cannot be redrawn, one in this many seconds is enough.
PATIENCE = 10.0


class Progress:
    def __init__(self, total: int, stream: TextIO | None = None):
        self._total, self._stream = total, stream or sys.stderr
        self._began = self._told = time.monotonic()
        self._redrawn = self._stream.isatty()
        self._length = 0

    def done(self, number: int) -> None:
        """`number` of the total are done; the remaining time is what the rest takes at the same pace."""
        now = time.monotonic()
        if not self._redrawn and now - self._told < PATIENCE:
            return
        self._told = now
        share = number / self._total
        left = (now - self._began) * (1 - share) / share if share else 0
        bar = "█" * int(share * WIDTH)
        self._write(f"simulate: {bar:░<{WIDTH}} {share:4.0%} · {_('%(time)s left') % {'time': _clock(left)}}")

    def say(self, text: str) -> None:
        """What comes next, with the time since the beginning."""
        self._write(f"simulate: {text} … ({_clock(time.monotonic() - self._began)})", ends=True)

    def _write(self, text: str, *, ends: bool = False) -> None:
        if self._redrawn:
            self._stream.write("\r" + text.ljust(self._length))
            self._length = 0 if ends else len(text)
            self._stream.write("\n" if ends else "")
        else:
            self._stream.write(text + "\n")
        self._stream.flush()


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
