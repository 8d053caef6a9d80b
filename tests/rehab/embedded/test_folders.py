import os
from pathlib import Path

import pytest

from rehab.embedded.folders import Lock, UnsafeFolder, private, socket_folder


def test_sockets_stay_beside_the_data_while_the_path_is_short_enough():
    assert socket_folder(Path("/srv/titian/.run")) == Path("/srv/titian/.run/s")


@pytest.mark.parametrize("length", range(60, 100))
def test_no_socket_path_reaches_the_kernels_limit(length):
    folder = socket_folder(Path("/" + "d" * length))
    assert len(f"{folder}/.s.PGSQL.5432") < 100
    assert len(f"{folder}/control.sock") < 100


def test_two_projects_with_long_paths_do_not_meet():
    assert socket_folder(Path("/" + "d" * 200)) != socket_folder(Path("/" + "e" * 200))


def test_a_private_folder_is_closed_to_others(tmp_path):
    (tmp_path / "s").mkdir(mode=0o755)
    assert private(tmp_path / "s").stat().st_mode & 0o777 == 0o700


def test_a_link_put_in_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "s").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UnsafeFolder, match="not a folder of this user"):
        private(tmp_path / "s")


def test_a_folder_of_someone_else_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 4242)
    with pytest.raises(UnsafeFolder):
        private(tmp_path)


def test_a_lock_has_one_holder(tmp_path):
    first, second = Lock(tmp_path / "lock"), Lock(tmp_path / "lock")
    assert first.take()
    assert not second.take()
    assert not second.is_free()
    first.release()
    assert second.take(patience=1)
    second.release()
