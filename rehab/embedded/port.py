"""Whether `make demo` can serve here: asked before the long first set-up and again before serving. Standard library only."""

import socket
import sys
from pathlib import Path

from rehab.embedded.folders import Lock
from rehab.embedded.steps import STATE

HOST = "127.0.0.1"
DEMO_LOCK = STATE / "demo.lock"


def address(port: int) -> str:
    return f"http://localhost:{port}/"


def trouble(port_text: str, lock: Path = DEMO_LOCK) -> str | None:
    """The sentence that says why a demo cannot start and what to do, or None when it can."""
    if not port_text.isdigit() or not 1 <= int(port_text) <= 65535:
        return f"PORT={port_text} is not a port number; try PORT=8001 make demo"
    if lock.exists() and not Lock(lock).is_free():
        running = lock.read_text().strip()
        return (
            f"The demo is running already{running and f' at {address(int(running))}'}. Stop it there with Ctrl-C first."
        )
    port = int(port_text)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            return f"Port {port} may not be used by this user. Choose a higher one: PORT=8001 make demo"
        except OSError:
            other = port + 1 if port < 65535 else 8000
            return (
                f"Port {port} is used by another program. Stop that one, or choose another port: PORT={other} make demo"
            )
    return None


def main() -> None:
    if sentence := trouble(sys.argv[1]):
        sys.exit(sentence)


if __name__ == "__main__":
    main()
