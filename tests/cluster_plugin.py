"""A throw-away PostgreSQL and broker for each test run, up before pytest-django reads the settings.

The xdist workers share them: each has a database of its own (pytest-django's gwN) and a broker number of its own.
A run that was killed leaves nothing running (the servers die with it); its folder goes with the next run.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from rehab.embedded.folders import Lock
from rehab.embedded.servers import Servers, addresses

PREFIX = "titian-test-"
STATE = "TITIAN_TEST_STATE"
MEMORY = Path("/dev/shm")


def _sweep(place: Path) -> None:
    """Remove the folders of test runs that ended without doing so."""
    for folder in place.glob(PREFIX + "*"):
        if folder.stat().st_uid != os.geteuid() or not (folder / "lock").exists():
            continue
        if Lock(folder / "lock").is_free():
            shutil.rmtree(folder, ignore_errors=True)


def _worker_number() -> int:
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


class Cluster:
    """Started by the controlling process only; workers find it in the environment."""

    def __init__(self) -> None:
        place = MEMORY if os.access(MEMORY, os.W_OK) else Path(tempfile.gettempdir())
        _sweep(place)
        self.state = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
        self.lock = Lock(self.state / "lock")
        self.lock.take()
        self.servers = Servers(self.state, keep=False)
        self.servers.start()

    def stop(self) -> None:
        self.servers.stop()
        self.lock.release()
        shutil.rmtree(self.state, ignore_errors=True)


cluster: Cluster | None = None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Iterator[None]:
    global cluster
    os.environ["TITIAN_ENV"] = "test"
    # The workers must collect the same tests in the same order, those parametrised over sets too; another one each run.
    os.environ.setdefault("PYTHONHASHSEED", str(os.getpid()))
    if "DATABASE_URL" not in os.environ or STATE in os.environ:
        if STATE not in os.environ:
            cluster = Cluster()
            os.environ[STATE] = str(cluster.state)
        os.environ.update(addresses(Path(os.environ[STATE]), broker_number=_worker_number()))
        os.environ["TITIAN_DB_ROLE"] = "owner"
    return (yield)


def pytest_unconfigure() -> None:
    global cluster
    if cluster is not None:
        cluster.stop()
        cluster = None
        os.environ.pop(STATE, None)
