import errno
import os
import time

import pytest

from rehab import files, vault
from rehab.identity.crypto import Tampered

KEY, OTHER = "ab" * 16, "cd" * 16
CONTEXT = "clients.document:K-1"


@pytest.fixture
def store(tmp_path, settings):
    settings.FILES_FOLDER = tmp_path / "files"
    return settings.FILES_FOLDER


@pytest.fixture
def key():
    return vault.new_key()


def put(wrapped, name=KEY, content=b"surat"):
    files.put(wrapped, name, [content], CONTEXT + name)


def got(wrapped, name=KEY) -> bytes:
    return b"".join(files.read(wrapped, name, CONTEXT + name))


def test_a_file_can_be_read_before_and_after_it_is_settled(store, key):
    put(key)
    assert got(key) == b"surat"
    files.settle(KEY)
    files.settle(KEY)
    assert got(key) == b"surat"
    assert [path.name for path in store.rglob("*") if path.is_file()] == [KEY]
    assert files.check(key, KEY, CONTEXT + KEY) == 5
    assert files.waiting(older_than=0) == []


def test_only_the_owner_reads_the_store_and_nothing_in_it_is_clear(store, key):
    put(key, content=b"rahasia sekali")
    path = files.incoming() / KEY
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert b"rahasia" not in path.read_bytes()


def test_files_that_changed_places_do_not_open(store, key):
    put(key)
    put(key, OTHER, b"surat lain")
    first, second = files.incoming() / KEY, files.incoming() / OTHER
    first.rename(store / "x")
    second.rename(first)
    (store / "x").rename(second)
    for name in (KEY, OTHER):
        with pytest.raises(Tampered):
            got(key, name)


def test_a_missing_file_is_told(store, key):
    with pytest.raises(files.Missing):
        got(key)


def test_a_full_disk_leaves_nothing(store, key, monkeypatch):
    def full(descriptor):
        raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no room"):
        put(key)
    assert [path for path in store.rglob("*") if path.is_file()] == []


def test_a_file_is_never_overwritten(store, key):
    def broken():
        yield b"half"
        raise RuntimeError("the sender is gone")

    with pytest.raises(RuntimeError):
        files.put(key, KEY, broken(), CONTEXT)
    assert [path for path in store.rglob("*") if path.is_file()] == []


def test_what_waits_too_long_is_found_and_only_there(store, key):
    put(key)
    put(key, OTHER)
    files.settle(OTHER)
    (files.incoming() / (KEY + ".part")).write_bytes(b"half")
    old = time.time() - 7200
    for path in store.rglob("*"):
        if path.is_file():
            os.utime(path, (old, old))
    assert files.waiting(older_than=3600) == [KEY]
    files.drop_parts(older_than=3600)
    files.drop(KEY)
    assert [path.name for path in store.rglob("*") if path.is_file()] == [OTHER]


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "AB" * 16, "ab" * 15, "ab" * 16 + "\n", "٣" * 32])
def test_only_keys_of_ours_are_names_of_files(store, key, name):
    with pytest.raises(ValueError, match="not the key"):
        files.put(key, name, [b"x"], CONTEXT)
    with pytest.raises(ValueError, match="not the key"):
        files.drop(name)
