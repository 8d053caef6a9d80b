import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest

from rehab.embedded import account, broker, postgres, processes
from rehab.embedded.postgres import APPLICATION, DATABASE, OWNER
from rehab.embedded.servers import Servers

PROJECT = Path(__file__).resolve().parents[3]


@pytest.fixture
def servers(tmp_path):
    started = Servers(tmp_path / "run", keep=True)
    started.start()
    yield started
    started.stop()


def ask(servers, question, role=OWNER, database=DATABASE):
    connection = postgres.connect(servers.sockets, database, role)
    try:
        with connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchall() if cursor.description else None
    finally:
        connection.close()


def test_an_empty_folder_becomes_a_database_with_two_roles(servers):
    assert ask(servers, "SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user") == [(False, True)]
    assert ask(servers, "SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user", APPLICATION) == [
        (False, False)
    ]
    extensions = {name for (name,) in ask(servers, "SELECT extname FROM pg_extension")}
    assert extensions >= {"btree_gist", "pg_trgm", "unaccent", "ltree"}


def test_the_application_works_in_the_owners_tables_and_makes_none(servers):
    ask(servers, "CREATE TABLE note (id serial, text text)")
    ask(servers, "INSERT INTO note (text) VALUES ('a')", APPLICATION)
    assert ask(servers, "SELECT text FROM note", APPLICATION) == [("a",)]
    for refused in ("CREATE TABLE mine (id int)", "DROP TABLE note", "TRUNCATE note", "ALTER TABLE note ADD b int"):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            ask(servers, refused, APPLICATION)


def test_a_test_database_is_born_with_extensions_and_privileges(servers):
    ask(servers, "CREATE DATABASE test_titian")
    ask(servers, "CREATE TABLE note (id serial, t ltree)", OWNER, "test_titian")
    ask(servers, "INSERT INTO note (t) VALUES ('a.b')", APPLICATION, "test_titian")


def test_data_is_kept_safe_and_survives_a_restart(servers):
    assert ask(servers, "SHOW fsync") == [("on",)]
    ask(servers, "CREATE TABLE note (id int)")
    servers.stop()
    servers.start()
    assert ask(servers, "SELECT * FROM note") == []


def test_nothing_listens_on_the_network(servers):
    assert ask(servers, "SHOW listen_addresses") == [("",)]
    assert servers.sockets.stat().st_mode & 0o777 == 0o700
    assert broker.answers(servers.sockets / broker.SOCKET)


def test_what_a_killed_launcher_left_behind_is_cleaned(servers):
    (broker_child,) = [child for child in servers.children if child.name == "broker"]
    database_child = servers.children[0]
    # The launcher after a kill -9: it knows no children, and files of theirs lie about.
    servers.children = []
    database_child.process.kill()
    database_child.process.wait()
    (servers.state / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{servers.state}\n")
    servers.start()
    assert broker_child.process.wait(5) == 0
    assert ask(servers, "SELECT 1") == [(1,)]


def test_a_first_start_that_broke_off_is_repaired(tmp_path):
    state = tmp_path / "run"
    for leftover in ("postgres.part", "postgres"):
        (state / leftover).mkdir(parents=True)
        (state / leftover / "base").touch()
    servers = Servers(state, keep=False)
    servers.start()
    try:
        (state / "bootstrapped").unlink()
        postgres.bootstrap(servers.sockets)
        assert ask(servers, "SELECT 1", APPLICATION) == [(1,)]
    finally:
        servers.stop()


def test_servers_die_with_a_launcher_that_is_killed(tmp_path):
    script = (
        "import sys, time; from pathlib import Path; from rehab.embedded.servers import Servers\n"
        "s = Servers(Path(sys.argv[1]), keep=False); s.start()\n"
        "print(*[c.process.pid for c in s.children], flush=True); time.sleep(60)"
    )
    launcher = subprocess.Popen(
        [sys.executable, "-c", script, tmp_path / "run"], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )
    with launcher:
        pids = [int(pid) for pid in launcher.stdout.readline().split()]
        launcher.send_signal(signal.SIGKILL)
    assert len(pids) == 2
    deadline = time.monotonic() + 15
    while any(processes._started_at(pid) for pid in pids):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_long_path_puts_the_sockets_below_tmp(tmp_path):
    state = tmp_path / ("d" * 100) / "run"
    servers = Servers(state, keep=False, temporary=tmp_path / "t")
    assert servers.sockets.parent == tmp_path / "t"
    short = Servers(state, keep=False)
    short.start()
    try:
        assert len(str(short.sockets)) < 100
        assert ask(short, "SELECT 1") == [(1,)]
    finally:
        short.stop()
    assert not short.sockets.exists()


@pytest.mark.long
def test_without_user_namespaces_root_starts_the_servers_as_nobody(tmp_path):
    if os.geteuid() != 0:
        assert account.choose(tmp_path).user is None
        return
    servers = Servers(tmp_path / "run", keep=False, namespaces=False)
    servers.start()
    try:
        pid = servers.children[0].process.pid
        assert Path(f"/proc/{pid}").stat().st_uid == account.NOBODY
        assert ask(servers, "SELECT 1") == [(1,)]
    finally:
        servers.stop()
        account.remove_copy(tmp_path / "run")
