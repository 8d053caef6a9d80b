"""The chunks of the nation, made by several processes and handed over in their order."""

import multiprocessing
from collections import deque
from collections.abc import Iterator

from reports.simulation.chunks import Base, Chunk
from reports.simulation.nation import Nation
from reports.simulation.plan import Plan
from reports.simulation.seasons import Seasons

Lines = dict[str, bytes]
# What a process that makes chunks knows; set before it is forked, so that nothing is sent.
_known: tuple[Plan, Nation, Seasons, Base] | None = None


def chunks(plan: Plan, nation: Nation, base: Base, processes: int) -> Iterator[Lines]:
    """The lines of each chunk by table. With one process it is made here; never more than a few wait in memory."""
    global _known  # the fork inherits it
    _known = (plan, nation, Seasons(plan.since, plan.today), base)
    count = len(plan.chunks)
    if processes < 2 or count < 2:
        yield from map(_make, range(count))
        return
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        waiting = deque(pool.apply_async(_make, [number]) for number in range(min(count, processes + 1)))
        for number in range(processes + 1, count + processes + 1):
            yield waiting.popleft().get()
            if number < count:
                waiting.append(pool.apply_async(_make, [number]))
            if not waiting:
                return


def _make(number: int) -> Lines:
    assert _known is not None
    lines = Chunk(*_known, number).make()
    return {table: ("\n".join(rows) + "\n").encode() for table, rows in lines.items()}
