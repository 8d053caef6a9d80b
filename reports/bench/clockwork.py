"""Taking time fairly: what is compared runs in turns, the first rounds do not count, and the middle of the rest is told."""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

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


def apart(arguments: Sequence[str], **environment: str) -> Apart:
    """Run Python with these arguments as a child. Raises RuntimeError with the end of its words when it fails."""
    begun = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, *arguments],
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    output, errors = child.communicate()
    seconds = time.perf_counter() - begun
    if child.returncode:
        raise RuntimeError(f"{' '.join(arguments)}: {errors[-800:]}")
    return Apart(seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, output)
