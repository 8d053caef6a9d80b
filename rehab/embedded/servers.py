"""Both servers of one state folder together, and the addresses under which the settings find them."""

import contextlib
import signal
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from rehab.embedded import account as accounts
from rehab.embedded import broker, postgres, processes
from rehab.embedded.folders import private, socket_folder

READY = "bootstrapped"


def addresses(state: Path, *, temporary: Path = Path("/tmp"), broker_number: int = 0) -> dict[str, str]:
    """The environment that names the servers of `state`, whether they run or not."""
    sockets = socket_folder(state, temporary)
    return {
        "DATABASE_URL": postgres.url(postgres.APPLICATION, sockets),
        "DATABASE_OWNER_URL": postgres.url(postgres.OWNER, sockets),
        "TITIAN_APP_DB_ROLE": postgres.APPLICATION,
        "REDIS_URL": broker.url(sockets, broker_number),
    }


@dataclass
class Servers:
    """The two servers of a state folder. Start, then stop; the caller holds the folder's lock meanwhile."""

    state: Path
    keep: bool
    temporary: Path = Path("/tmp")
    namespaces: bool | None = None
    children: list[processes.Child] = field(default_factory=list)
    data: Path | None = None
    starts: dict[str, Callable[[], processes.Child]] = field(default_factory=dict)
    flushing: subprocess.Popen[bytes] | None = None

    @property
    def sockets(self) -> Path:
        return socket_folder(self.state, self.temporary)

    def start(self) -> None:
        """Bring both up, creating what is missing. Raises ServerFailed, MissingServer, NoAccount or UnsafeFolder."""
        private(self.state)
        private(self.sockets)
        processes.end_remembered(self.state / "processes.json")
        account = accounts.choose(self.state, namespaces=self.namespaces)
        home = self.state if account.home is None else account.home
        place = self._socket_place(account)
        cluster = postgres.Cluster(home / "postgres", place, self.state / "postgres.log", account, self.keep)
        self.data = cluster.data
        try:
            created = postgres.create(cluster)
            self._add("postgres", lambda: postgres.start(cluster))
            marker = self.state / READY
            if not marker.exists() or marker.stat().st_mtime < (cluster.data / "PG_VERSION").stat().st_mtime:
                postgres.bootstrap(place)
                marker.touch()
            if created and self.keep:
                # Of this file system only: that of another may keep its writer waiting for as long as it likes.
                self.flushing = subprocess.Popen(["sync", "--file-system", self.data])
            log = self.state / "broker.log"
            data = home / "broker"
            self._add(
                "broker", lambda: broker.start(data=data, sockets=place, log=log, account=account, keep=self.keep)
            )
        except BaseException:
            self.stop()
            raise

    def _socket_place(self, account: accounts.Account) -> Path:
        """Where the servers make their sockets: another account cannot enter our folder, so there links lead to its own."""
        if account.home is None:
            return self.sockets
        place = account.own(account.home / "s")
        for name in (postgres.SOCKET, broker.SOCKET):
            (self.sockets / name).unlink(missing_ok=True)
            (self.sockets / name).symlink_to(place / name)
        return place

    def _add(self, name: str, start: Callable[[], processes.Child]) -> None:
        self.starts[name] = start
        self.children.append(start())
        processes.remember(self.state / "processes.json", self.children)

    def restart(self, name: str, how: signal.Signals = signal.SIGKILL) -> None:
        """End one of them ("postgres", "broker") as a crash does, and bring it up again with what it had kept."""
        gone = next(child for child in self.children if child.name == name)
        gone.process.send_signal(how)
        gone.process.wait()
        self.children.remove(gone)
        self._add(name, self.starts[name])

    def alive(self) -> bool:
        return bool(self.children) and all(child.alive() for child in self.children)

    def data_is_gone(self) -> bool:
        return self.data is not None and not (self.data / "PG_VERSION").exists()

    def abandon(self) -> None:
        """End servers whose folder was removed under them. They may not clean up: the sockets at their paths may be others' by now."""
        for child in self.children:
            child.process.kill()
            child.process.wait()
        self.children.clear()

    def stop(self) -> None:
        for child in reversed(self.children):
            child.stop()
        self.children.clear()
        if self.flushing:
            self.flushing.wait()
        (self.state / "processes.json").unlink(missing_ok=True)
        if self.sockets.parent != self.state:
            with contextlib.suppress(OSError):
                # Below /tmp: leave nothing there, unless someone still has a socket in it.
                self.sockets.rmdir()
