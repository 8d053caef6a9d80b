"""A report of the nation while workers are killed and servers crash: afterwards every report exists once, is right, and
misses no member. Two clocks tick all the while, each second instead of each minute."""

import random
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster_plugin import MEMORY
from tests.reports.faults.own import Own

pytestmark = pytest.mark.long
LEASES_RUN_OUT = 120
IN_THE_MIDDLE = 2


@pytest.fixture
def own() -> Iterator[Own]:
    # A short path: sockets have no long ones.
    with tempfile.TemporaryDirectory(prefix="titian-fault-", dir=MEMORY if MEMORY.is_dir() else None) as place:
        servers = Own(Path(place))
        try:
            servers.start()
            servers.keep_doing("clock")
            servers.keep_doing("clock")
            yield servers
        finally:
            servers.stop()


def finished(far: dict[str, int]) -> bool:
    return far["total"] > 0 and not far["waiting"]


def test_a_worker_killed_at_ten_random_moments(own):
    chance = random.Random(2019)
    worker = own.worker()
    own.do("ask")
    for _ in range(10):
        time.sleep(chance.uniform(0, 1.5))
        worker.kill()
        worker.start()
    own.wait(LEASES_RUN_OUT, until=finished)
    assert own.do("check") == []


def test_the_broker_crashes(own):
    own.worker()
    own.do("ask")
    time.sleep(IN_THE_MIDDLE)
    own.servers.restart("broker")
    own.wait(LEASES_RUN_OUT, until=finished)
    assert own.do("check") == []


def test_postgres_crashes_under_load(own):
    own.keep_doing("write")
    for _ in range(2):
        own.worker()
    own.do("ask")
    time.sleep(IN_THE_MIDDLE)
    own.servers.restart("postgres", signal.SIGQUIT)
    own.wait(LEASES_RUN_OUT, until=finished)
    assert own.do("check") == []
