"""As whom a server runs. PostgreSQL refuses root, so root runs it in a user namespace of its own, or as nobody."""

import hashlib
import itertools
import os
import pwd
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

NOBODY = 65534
# Survives a restart of the machine, as data of a demo should.
TEMPORARY = Path("/var/tmp")
ORDINARY = 1000


class NoAccount(RuntimeError):
    """The servers cannot run for this user; the message says what to do."""


@dataclass(frozen=True)
class Account:
    """How a server command is started: a prefix before it, or another user, and where that user may keep data.

    `home` is None when data stays in the state folder that was asked for.
    """

    prefix: tuple[str, ...] = ()
    user: int | None = None
    home: Path | None = None

    @property
    def group(self) -> int | None:
        return self.user

    @property
    def extra_groups(self) -> list[int] | None:
        return None if self.user is None else []

    def own(self, folder: Path) -> Path:
        """Make `folder` (0700) and give it to the account."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.user is not None:
            os.chown(folder, self.user, self.user)
        return folder

    def program(self, path: Path) -> Path:
        """The program at `path`, or the copy of it that the account may read."""
        if self.home is None:
            return path
        top = _package_top(path)
        copy = self.home / "programs" / hashlib.sha256(str(top).encode()).hexdigest()[:8]
        if not (copy / ".complete").exists():
            shutil.rmtree(copy, ignore_errors=True)
            _copy_package(top, copy)
            (copy / ".complete").touch()
        return copy / path.relative_to(top.parent)


def _package_top(path: Path) -> Path:
    """The folder below site-packages that `path` is in; system programs stay where they are."""
    parents = list(path.parents)
    for inner, outer in itertools.pairwise(parents):
        if outer.name == "site-packages":
            return inner
    raise NoAccount(f"{path} cannot be run as another user. Start as an ordinary user, or set DATABASE_URL.")


def _copy_package(top: Path, target: Path) -> None:
    target.mkdir(mode=0o711, parents=True)
    shutil.copytree(top, target / top.name)
    libraries = top.with_name(top.name + ".libs")
    if libraries.is_dir():
        shutil.copytree(libraries, target / libraries.name)


def _namespace() -> tuple[str, ...]:
    """The command that runs another one in a user namespace of its own, as somebody whom this machine knows by name.

    initdb asks for the name of its user; a bare container often has none but root and the system's own.
    """
    known = sorted(entry.pw_uid for entry in pwd.getpwall() if entry.pw_uid != 0)
    number = ORDINARY if ORDINARY in known or not known else known[0]
    return ("unshare", "--user", f"--map-user={number}", f"--map-group={number}")


def _namespaces_allowed() -> bool:
    if not shutil.which("unshare"):
        return False
    return subprocess.run([*_namespace(), "true"], capture_output=True, check=False).returncode == 0


def _has_a_name() -> bool:
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        return False
    return True


def _home(state: Path, temporary: Path) -> Path:
    return temporary / f"titian-nobody-{hashlib.sha256(str(state).encode()).hexdigest()[:8]}"


def remove_copy(state: Path, *, temporary: Path = TEMPORARY) -> None:
    """Take away what servers run as nobody kept for `state`, data included."""
    shutil.rmtree(_home(state, temporary), ignore_errors=True)


def _nobody(state: Path, temporary: Path) -> Account:
    """`state` may lie below a folder that nobody cannot enter, so copy and data live in a folder of their own."""
    home = _home(state, temporary)
    home.mkdir(mode=0o711, exist_ok=True)
    if home.stat().st_uid != os.geteuid():
        raise NoAccount(f"{home} belongs to someone else. Remove it, or set DATABASE_URL.")
    home.chmod(0o711)
    return Account(user=NOBODY, home=home)


def choose(state: Path, *, temporary: Path = TEMPORARY, namespaces: bool | None = None) -> Account:
    """The account for servers whose state is kept in `state`. `namespaces` overrides the question put to the kernel."""
    if os.geteuid() != 0 and _has_a_name():
        return Account()
    if _namespaces_allowed() if namespaces is None else namespaces:
        return Account(prefix=_namespace())
    if os.geteuid() != 0:
        raise NoAccount(
            f"User {os.geteuid()} has no name on this machine, and PostgreSQL asks for one. "
            "Start as a user of /etc/passwd, or set DATABASE_URL."
        )
    print("titian: user namespaces are refused here; the servers run as nobody from a copy", file=sys.stderr)
    return _nobody(state, temporary)
