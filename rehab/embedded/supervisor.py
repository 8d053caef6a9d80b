"""The small process that keeps the embedded servers up while someone uses them: `python -m rehab.embedded.supervisor STATE`.

A client is an open connection to its control socket, so a client that is killed is a client that has left. Each
one is told `starting`, then `ready`, or `failed` and why. The lock on the state folder is taken before the process
detaches, so whoever started it knows by its exit code whether it is the one supervisor.
"""

import os
import selectors
import signal
import socket
import sys
import time
from pathlib import Path

from rehab.embedded import postgres
from rehab.embedded.account import NoAccount
from rehab.embedded.binaries import MissingServer
from rehab.embedded.folders import Lock, UnsafeFolder, private
from rehab.embedded.postgres import ServerFailed
from rehab.embedded.servers import Servers

IDLE_SECONDS = 60.0
ANOTHER_RUNS = 3
CONTROL = "control.sock"
LOCK = "supervisor.lock"


class Supervisor:
    def __init__(self, state: Path, idle: float, lock: Lock) -> None:
        self.lock = lock
        self.servers = Servers(state, keep=True)
        self.idle = idle
        self.clients: set[socket.socket] = set()
        self.selector = selectors.DefaultSelector()
        self.leaving = False
        self.used_at = time.monotonic()
        self.listener = socket.socket(socket.AF_UNIX)

    def listen(self) -> None:
        """Be reachable before detaching, so that the starter finds the socket at once."""
        place = private(self.servers.sockets) / CONTROL
        place.unlink(missing_ok=True)
        self.listener.bind(str(place))
        self.listener.listen(64)
        self.selector.register(self.listener, selectors.EVENT_READ)

    def run(self) -> int:
        signal.signal(signal.SIGTERM, lambda *_: setattr(self, "leaving", True))
        try:
            self.servers.start()
        except (ServerFailed, MissingServer, NoAccount, UnsafeFolder, OSError) as error:
            self._refuse(str(error))
            return 1
        try:
            while not self._may_leave():
                self._turn()
            if self._is_void():
                self.servers.abandon()
                os._exit(0)
        finally:
            self._close()
            self.servers.stop()
        return 0

    def _turn(self) -> None:
        for key, _ in self.selector.select(timeout=min(1.0, self.idle / 4)):
            if isinstance(key.fileobj, socket.socket) and key.fileobj is not self.listener:
                self._hear(key.fileobj)
            else:
                self._welcome()
        if self.clients:
            self.used_at = time.monotonic()

    def _welcome(self) -> None:
        client, _ = self.listener.accept()
        if self._is_void():
            client.close()
            return
        client.sendall(b"ready\n")
        self.clients.add(client)
        self.selector.register(client, selectors.EVENT_READ)

    def _hear(self, client: socket.socket) -> None:
        """`leave` from the last client ends the supervisor at once; an empty read is a client gone."""
        try:
            said = client.recv(64)
        except OSError:
            said = b""
        if said.strip() == b"leave" and len(self.clients) == 1:
            self.leaving = True
        if not said:
            self.selector.unregister(client)
            self.clients.discard(client)
            client.close()

    def _is_void(self) -> bool:
        return self.lock.is_void() or self.servers.data_is_gone()

    def _may_leave(self) -> bool:
        if self.leaving or self._is_void() or not self.servers.alive():
            return True
        if self.clients or time.monotonic() - self.used_at < self.idle:
            return False
        if postgres.clients(self.servers.sockets):
            self.used_at = time.monotonic()
            return False
        return True

    def _refuse(self, why: str) -> None:
        """Tell everyone who is waiting; a starter waits from the first moment, so give it the time to connect."""
        self.listener.settimeout(2.0)
        try:
            while True:
                client, _ = self.listener.accept()
                client.sendall(b"failed " + why.encode())
                client.close()
                self.listener.settimeout(0.2)
        except TimeoutError:
            self._close()

    def _close(self) -> None:
        (self.servers.sockets / CONTROL).unlink(missing_ok=True)
        self.listener.close()
        for client in self.clients:
            client.close()


def main(arguments: list[str]) -> int:
    state = private(Path(arguments[0]))
    idle = float(arguments[1]) if len(arguments) > 1 else IDLE_SECONDS
    lock = Lock(state / LOCK)
    if not lock.take(patience=0.3):
        return ANOTHER_RUNS
    supervisor = Supervisor(state, idle, lock)
    supervisor.listen()
    if os.fork():
        return 0
    os.setsid()
    code = supervisor.run()
    os._exit(code)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
