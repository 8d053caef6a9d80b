"""The side of those who need the servers: find the supervisor or start one, and hold on to it while working."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, MutableMapping, Sequence
from pathlib import Path

from rehab.embedded import commands, postgres
from rehab.embedded.folders import Lock, private, socket_folder
from rehab.embedded.postgres import ServerFailed, end_of
from rehab.embedded.servers import addresses
from rehab.embedded.supervisor import ANOTHER_RUNS, CONTROL, LOCK

PROJECT = Path(__file__).resolve().parent.parent.parent
# Data of another kind (a simulated nation) is kept in a folder of its own, so that the demo's stays as it is.
STATE = Path(os.environ.get("TITIAN_STATE") or PROJECT / ".run").resolve()
PATIENCE = 90.0


class Connection:
    """Hold it open: as long as it is, the servers stay up."""

    def __init__(self, connection: socket.socket, state: Path) -> None:
        self._socket = connection
        self._state = state

    def close(self) -> None:
        self._socket.close()

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def leave(self) -> bool:
        """Ask the servers to stop now; True when they have, False when others use them."""
        try:
            self._socket.sendall(b"leave\n")
            self._socket.settimeout(1.0)
            going = self._socket.recv(64) == b""
        except TimeoutError:
            going = False
        except OSError:
            going = True
        self.close()
        lock = Lock(self._state / LOCK)
        gone = going and lock.take(patience=PATIENCE)
        lock.release()
        return gone


def _connect(state: Path) -> Connection | None:
    """None when no supervisor listens. Raises ServerFailed when one answers that it cannot start the servers."""
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(PATIENCE)
    try:
        connection.connect(str(socket_folder(state) / CONTROL))
        answer = connection.recv(8192)
    except TimeoutError:
        raise ServerFailed(f"The servers did not answer; see {state}/supervisor.log") from None
    except OSError:
        connection.close()
        return None
    if answer.startswith(b"ready"):
        return Connection(connection, state)
    connection.close()
    if answer:
        raise ServerFailed(answer.decode().removeprefix("failed "))
    return None


def running(state: Path = STATE) -> Connection | None:
    """The servers when they run; starts nothing."""
    return _connect(state) if state.is_dir() else None


def _start_supervisor(state: Path, idle: float | None) -> None:
    """Detached, with none of our file descriptors. Returns when it listens, or when another one holds the lock."""
    log = state / "supervisor.log"
    with log.open("ab") as output:
        started = subprocess.run(
            [sys.executable, "-m", "rehab.embedded.supervisor", str(state), *([str(idle)] if idle else [])],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=PROJECT,
            check=False,
            # A session of its own from the start: a Ctrl-C while it boots is not meant for it.
            start_new_session=True,
        )
    if started.returncode not in {0, ANOTHER_RUNS}:
        raise ServerFailed(f"The servers could not be started; {log} ends with:\n{end_of(log)}")


def acquire(state: Path = STATE, *, idle: float | None = None) -> Connection:
    """Servers that run, started if need be. Raises ServerFailed or UnsafeFolder."""
    private(state)
    deadline = time.monotonic() + PATIENCE
    told = False
    while time.monotonic() < deadline:
        if connection := _connect(state):
            return connection
        if not told:
            print("titian: starting the embedded PostgreSQL and broker …", file=sys.stderr)
            told = True
        _start_supervisor(state, idle)
        if connection := _connect(state):
            return connection
        time.sleep(0.1)
    raise ServerFailed(f"The servers did not come up within {PATIENCE:.0f} s; see {state}/supervisor.log")


def prepare(arguments: Sequence[str], environment: MutableMapping[str, str], state: Path = STATE) -> Connection | None:
    """Give one `manage.py` command its database: role, addresses, and the running servers when it needs them.

    Where DATABASE_URL is set, or the environment says that this is production, nothing is started and nothing
    else is assumed. The caller keeps what is returned until the command ends.
    """
    if commands.needs_owner(arguments):
        environment.setdefault("TITIAN_DB_ROLE", "owner")
    if environment.get("DATABASE_URL") or environment.get("TITIAN_ENV") == "production":
        return None
    for name, value in _surroundings(environment, state).items():
        environment.setdefault(name, value)
    if not commands.needs_database(arguments):
        return None
    connection = acquire(state)
    environment["PATH"] = postgres.client_path(environment)
    return connection


def _surroundings(environment: Mapping[str, str], state: Path) -> dict[str, str]:
    """The addresses even for commands that start nothing: the settings name a database in any case."""
    return addresses(state) | {"TITIAN_ENV": "development"}
