"""Taking time fairly: what is compared runs in turns, the first rounds do not count, and the middle of the rest is told."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from django.conf import settings

ROUNDS, WARM = 15, 2


def in_turns(*works: Callable[[], object], rounds: int = ROUNDS, warm: int = WARM) -> list[float]:
    """Milliseconds of each work, the median over `rounds` in which all of them take their turn."""
    spent: list[list[float]] = [[] for _ in works]
    for number in range(rounds + warm):
        for work, times in zip(works, spent, strict=True):
            taken = timed(work)
            if number >= warm:
                times.append(taken)
    return [median(times) for times in spent]


def timed(work: Callable[[], object]) -> float:
    """Milliseconds of one run."""
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


@dataclass(frozen=True)
class Apart:
    """What a process of its own took: seconds, and the most memory it held, in megabytes."""

    seconds: float
    megabytes: float
    output: str


def apart(arguments: Sequence[str], surroundings: Mapping[str, str] | None = None) -> Apart:
    """Run Python with these arguments as a child. Raises RuntimeError with the end of its words when it fails."""
    begun = time.perf_counter()
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as complained:
        child = subprocess.Popen(
            [sys.executable, *arguments],
            env=surroundings or os.environ,
            cwd=settings.BASE_DIR,
            stdout=said,
            stderr=complained,
        )
        # Its own memory and that of its children, where `resource` would tell the most of all children so far.
        _pid, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - begun
        for file in (said, complained):
            file.seek(0)
        if child.returncode:
            raise RuntimeError(f"{' '.join(arguments)}: {complained.read()[-800:]}")
        return Apart(seconds, used.ru_maxrss / 1024, said.read())
