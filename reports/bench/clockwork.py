"""Taking time fairly: what is compared runs in turns, the first rounds do not count, and the middle of the rest is told."""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from django.conf import settings

ROUNDS, WARM = 15, 2
LOOK_EVERY = 0.01


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
    begun, most = time.perf_counter(), 0.0
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as complained:
        child = subprocess.Popen(
            [sys.executable, *arguments],
            env=surroundings or os.environ,
            cwd=settings.BASE_DIR,
            stdout=said,
            stderr=complained,
        )
        while child.poll() is None:
            most = max(most, *(_most_held(pid) for pid in _family(child.pid)))
            time.sleep(LOOK_EVERY)
        seconds = time.perf_counter() - begun
        for file in (said, complained):
            file.seek(0)
        if child.returncode:
            raise RuntimeError(f"{' '.join(arguments)}: {complained.read()[-800:]}")
        return Apart(seconds, most, said.read())


def _family(pid: int) -> list[int]:
    """The process and those it started: a paper is rendered by a child of its own."""
    try:
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return [pid]
    return [pid, *(each for child in below for each in _family(int(child)))]


def _most_held(pid: int) -> float:
    """Megabytes at its height so far, as the kernel keeps them since it began its program; what `wait` tells begins with
    the memory of whoever started it."""
    try:
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0
