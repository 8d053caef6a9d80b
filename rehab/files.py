"""The store of files: outside the web root, sealed under the key of the client they belong to, named by chance.

A file is written whole to `incoming/` before the row that names it is committed, and moved to `kept/` after: a row without
a file cannot exist. What a broken transaction leaves in `incoming/` is swept; nothing is ever removed from `kept/`.
See docs/decisions/0015-documents-are-files.md.
"""

import os
import re
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings

from rehab.identity import crypto, streams
from rehab.vault import Stored

_KEY = re.compile(r"[0-9a-f]{32}", re.ASCII)


class Missing(crypto.CryptoError):
    """The store has no such file."""


def incoming() -> Path:
    return _folder(settings.FILES_FOLDER / "incoming")


def put(wrapped: Stored, key: str, content: Iterable[bytes], context: str) -> None:
    """Write the content, sealed, and have it on the disk when this returns. Raises OSError; then nothing of it is left.

    `wrapped`: the data key as the row keeps it; `context` binds the file to its row; `key`: 32 hexadecimal digits.
    """
    path = incoming() / _checked(key)
    part = path.with_suffix(".part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for sealed in streams.seal(_open_key(wrapped), content, context):
                file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
        _sync(path.parent)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def settle(key: str) -> None:
    """Once its row is committed. A file that is settled already stays where it is."""
    source, target = incoming() / _checked(key), _kept(key)
    if source.exists():
        _folder(target.parent)
        source.rename(target)
        _sync(target.parent)


def read(wrapped: Stored, key: str, context: str) -> Iterator[bytes]:
    """The content, piece by piece. Raises Missing, and Tampered where another file lies in its place."""
    try:
        file = _found(key).open("rb")
    except FileNotFoundError as error:
        raise Missing(f"no file {key}: {context}") from error
    with file:
        yield from streams.unseal(_open_key(wrapped), file, context)


def check(wrapped: Stored, key: str, context: str) -> int:
    """Read it through before a byte leaves: the size of the content. Raises as `read` does."""
    return sum(map(len, read(wrapped, key, context)))


def waiting(*, older_than: float) -> list[str]:
    """Keys of files in `incoming/` that are older than so many seconds: of broken transactions, or not moved yet."""
    limit = time.time() - older_than
    return sorted(path.name for path in incoming().iterdir() if _KEY.fullmatch(path.name) and _older(path, limit))


def drop(key: str) -> None:
    """A file in `incoming/` that no row names."""
    (incoming() / _checked(key)).unlink(missing_ok=True)


def drop_parts(*, older_than: float) -> None:
    """What a process that was killed while writing left behind."""
    limit = time.time() - older_than
    for path in incoming().glob("*.part"):
        if _older(path, limit):
            path.unlink(missing_ok=True)


def _older(path: Path, limit: float) -> bool:
    try:
        return path.stat().st_mtime < limit
    except FileNotFoundError:
        return False


def _open_key(wrapped: Stored) -> bytes:
    return crypto.unwrap(bytes(wrapped), settings.MASTER_KEYS)


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise ValueError("not the key of a file")
    return key


def _kept(key: str) -> Path:
    return settings.FILES_FOLDER / "kept" / _checked(key)[:2] / key


def _found(key: str) -> Path:
    kept = _kept(key)
    return kept if kept.exists() else settings.FILES_FOLDER / "incoming" / key


def _folder(path: Path) -> Path:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def _sync(folder: Path) -> None:
    """The name of a file is on the disk only when its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
