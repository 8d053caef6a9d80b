"""The environment's values: read by type, and a missing one stops the start by name."""

import os
import subprocess
import sys

import pytest

from rehab import env

NEEDED = {
    "TITIAN_SECRET_KEY": "x" * 50,
    "TITIAN_HOSTS": "titian.contoh.test",
    "TITIAN_MASTER_KEYS": "k1:" + "ab" * 32,
    "TITIAN_INDEX_KEY": "i1:" + "cd" * 32,
    "DATABASE_URL": "postgresql://titian_app@localhost/titian",
    "REDIS_URL": "redis://localhost/0",
    "TITIAN_FILES": "/var/lib/titian/files",
}


def start(values: dict[str, str]) -> subprocess.CompletedProcess:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", "import rehab.settings"], env=kept | values, capture_output=True, text=True, timeout=60
    )


def test_production_starts_with_all_it_needs():
    assert start(NEEDED).returncode == 0


@pytest.mark.parametrize("missing", sorted(NEEDED))
def test_production_refuses_to_start_and_names_what_is_missing(missing):
    result = start({name: value for name, value in NEEDED.items() if name != missing})
    assert result.returncode != 0
    assert f"{missing} is not set" in result.stderr


@pytest.mark.parametrize("value", ["k1:abcd", "nokey", "k1:" + "zz" * 32])
def test_a_key_of_the_wrong_form_is_refused(monkeypatch, value):
    monkeypatch.setenv("TITIAN_MASTER_KEYS", value)
    with pytest.raises(env.MissingSetting, match="64 hex digits"):
        env.keyring("TITIAN_MASTER_KEYS")


def test_a_database_address_may_name_a_socket_folder(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://app:p%40ss@/titian?host=/run/s&sslmode=require")
    entry = env.database("DATABASE_URL")
    assert (entry["NAME"], entry["USER"], entry["PASSWORD"], entry["HOST"]) == ("titian", "app", "p@ss", "/run/s")
    assert entry["OPTIONS"] == {"sslmode": "require"}


def test_another_database_than_postgresql_is_refused(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "sqlite:///x")
    with pytest.raises(env.MissingSetting, match="PostgreSQL is the only database"):
        env.database("DATABASE_URL")
