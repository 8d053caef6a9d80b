"""A Valkey (or Redis) of our own, reached through a unix socket only."""

import socket
import time
from pathlib import Path
from urllib.parse import quote

from rehab.embedded import binaries, processes
from rehab.embedded.account import Account
from rehab.embedded.postgres import ServerFailed, end_of

SOCKET = "broker.sock"


def url(sockets: Path, number: int = 0) -> str:
    return f"redis+socket://{quote(str(sockets / SOCKET))}?virtual_host={number}"


def start(*, data: Path, sockets: Path, log: Path, account: Account, keep: bool) -> processes.Child:
    """Start the broker and wait until it answers. `keep` writes each change to an append-only file."""
    account.own(data)
    place = sockets / SOCKET
    place.unlink(missing_ok=True)
    command: list[str | Path] = [account.program(binaries.broker_program()), "--port", "0", "--unixsocket", place]
    command += ["--unixsocketperm", "700", "--dir", data, "--save", "", "--appendonly", "yes" if keep else "no"]
    child = processes.start("broker", command, log=log, account=account)
    deadline = time.monotonic() + 30
    while child.alive() and time.monotonic() < deadline:
        if answers(place):
            return child
        time.sleep(0.02)
    child.stop(5)
    raise ServerFailed(f"The broker did not start; {log} ends with:\n{end_of(log)}")


def answers(place: Path) -> bool:
    """True when the broker has loaded its data and takes commands."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(2)
        try:
            connection.connect(str(place))
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
        except OSError:
            return False
