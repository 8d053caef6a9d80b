"""The state folder, the folder of sockets, and locks that end with the process that holds them."""

import fcntl
import hashlib
import os
import stat
import time
from pathlib import Path

# sun_path holds 108 bytes, and PostgreSQL adds /.s.PGSQL.5432 and a lock file beside it.
LONGEST_SOCKET_PATH = 100
LONGEST_SOCKET_NAME = "/.s.PGSQL.5432.lock"


class UnsafeFolder(RuntimeError):
    """A folder for sockets exists but is not ours alone."""


def private(folder: Path) -> Path:
    """Make `folder` readable by its owner only; refuse one that someone else could have put there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise UnsafeFolder(f"{folder} is not a folder of this user. Remove it and try again.")
    if stat.S_IMODE(found.st_mode) != 0o700:
        folder.chmod(0o700)
    return folder


def socket_folder(state: Path, temporary: Path = Path("/tmp")) -> Path:
    """Where the sockets of `state` are: inside it, or below `temporary` when the path would be too long for a socket.

    Says only where; `private` makes it.
    """
    inside = state / "s"
    if len(os.fsencode(str(inside) + LONGEST_SOCKET_NAME)) < LONGEST_SOCKET_PATH:
        return inside
    key = hashlib.sha256(os.fsencode(state)).hexdigest()[:12]
    return temporary / f"titian-{os.geteuid()}-{key}"


class Lock:
    """An exclusive lock on a file. The kernel lets go of it when the holder ends, however it ends."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def take(self, patience: float = 0.0) -> bool:
        """True when the lock is ours; waits up to `patience` seconds for it."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        deadline = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    os.close(descriptor)
                    return False
                time.sleep(0.05)
            else:
                self._descriptor = descriptor
                return True

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def is_void(self) -> bool:
        """True when the file we hold is no longer the one at its path: someone removed the folder under us."""
        if self._descriptor is None:
            return True
        try:
            return not os.path.samestat(os.fstat(self._descriptor), self.path.stat())
        except OSError:
            return True

    def is_free(self) -> bool:
        taken = self.take()
        self.release()
        return taken
