"""A PostgreSQL of our own: cluster, roles, database. Reached through a unix socket only."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg2
from psycopg2 import sql

from rehab.embedded import binaries, processes
from rehab.embedded.account import Account


def _share_of_memory(share: float, *, least: int, most: int) -> int:
    """In megabytes."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**2
    return int(min(max(total * share, least), most))


SUPERUSER, OWNER, APPLICATION = "postgres", "titian_owner", "titian_app"
DATABASE = "titian"
SOCKET = ".s.PGSQL.5432"
EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent", "ltree")

COMMON = {"listen_addresses": "", "shared_buffers": "64MB", "max_connections": "60", "log_min_messages": "warning"}
# A killed demo must keep what was entered; a throw-away cluster has nothing to keep. A kept one may hold a nation: its
# memory is taken only as far as it is used.
KEPT: dict[str, str] = {
    "shared_buffers": f"{_share_of_memory(1 / 8, least=64, most=1024)}MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "random_page_cost": "1.1",
}
THROWN_AWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    # In the data folder, so that a killed cluster leaves nothing in /dev/shm but the folder that the next run sweeps.
    "dynamic_shared_memory_type": "mmap",
    # What a test left hanging in a transaction fails there, instead of keeping every later test waiting.
    "lock_timeout": "60s",
    "idle_in_transaction_session_timeout": "60s",
}


class ServerFailed(RuntimeError):
    """A server did not come up; the message names its log and shows its end."""


@dataclass(frozen=True)
class Cluster:
    """Where one cluster lives. `keep` says whether it must survive a crash of the machine."""

    data: Path
    sockets: Path
    log: Path
    account: Account
    keep: bool

    @property
    def folder(self) -> Path:
        return binaries.postgres_folder()


def url(role: str, sockets: Path, database: str = DATABASE) -> str:
    return f"postgresql://{role}@/{database}?host={quote(str(sockets))}"


def end_of(log: Path, lines: int = 15) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else ""


def create(cluster: Cluster) -> bool:
    """True when it made the cluster: beside its place, then renamed, so that a half-made one is never taken for a whole.

    Its files are not yet forced to the disk (seconds on some); whoever keeps the data sees to that.
    """
    if (cluster.data / "PG_VERSION").exists():
        _check_version(cluster)
        return False
    part = cluster.data.with_name(cluster.data.name + ".part")
    for leftover in (part, cluster.data):
        shutil.rmtree(leftover, ignore_errors=True)
    cluster.account.own(part)
    program = cluster.account.program(cluster.folder / "initdb")
    options = ["-U", SUPERUSER, "--auth-local=trust", "--auth-host=reject", "-E", "UTF8", "--locale=C.UTF-8"]
    options += ["--no-instructions", "--no-sync"]
    made = subprocess.run(
        [*cluster.account.prefix, program, "-D", part, *options],
        capture_output=True,
        text=True,
        check=False,
        user=cluster.account.user,
        group=cluster.account.group,
        extra_groups=cluster.account.extra_groups,
    )
    if made.returncode:
        raise ServerFailed(f"initdb failed:\n{made.stderr.strip()}")
    part.rename(cluster.data)
    return True


def _check_version(cluster: Cluster) -> None:
    made_by, here = (cluster.data / "PG_VERSION").read_text().strip(), binaries.major_version(cluster.folder)
    if made_by != str(here):
        raise ServerFailed(
            f"The data in {cluster.data} was made by PostgreSQL {made_by}; this one is {here} and cannot read it. "
            "Move that folder away to begin anew, or `make setup` with the packages that made it."
        )


def start(cluster: Cluster) -> processes.Child:
    """Start the server and wait until it answers. Raises ServerFailed."""
    # Whoever calls this holds the lock of the state folder and has ended what ran before: a pid file left by
    # kill -9 or by another machine is stale, even when its number means some other process by now.
    (cluster.data / "postmaster.pid").unlink(missing_ok=True)
    settings = COMMON | (KEPT if cluster.keep else THROWN_AWAY)
    command: list[str | Path] = [
        cluster.account.program(cluster.folder / "postgres"),
        "-D",
        cluster.data,
        "-k",
        cluster.sockets,
    ]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    child = processes.start("postgres", command, log=cluster.log, stop_signal=signal.SIGINT, account=cluster.account)
    deadline = time.monotonic() + 60
    while child.alive() and time.monotonic() < deadline:
        try:
            connect(cluster.sockets, "postgres").close()
        except psycopg2.OperationalError:
            time.sleep(0.02)
        else:
            return child
    child.stop(5)
    raise ServerFailed(f"PostgreSQL did not start; {cluster.log} ends with:\n{end_of(cluster.log)}")


def connect(sockets: Path, database: str, role: str = SUPERUSER) -> psycopg2.extensions.connection:
    connection = psycopg2.connect(host=str(sockets), user=role, dbname=database, connect_timeout=5)
    connection.autocommit = True
    return connection


def bootstrap(sockets: Path) -> None:
    """Roles, extensions and the database. Safe to repeat: a first run that was broken off is completed by the second.

    Extensions and default privileges go into template1 as well, so that test databases are born with them.
    """
    admin = connect(sockets, "postgres")
    with admin.cursor() as cursor:
        _role(cursor, OWNER, "LOGIN CREATEDB")
        _role(cursor, APPLICATION, "LOGIN")
        # The tests connect as the owner and put on the application's role to see what it may not do.
        cursor.execute(f"GRANT {APPLICATION} TO {OWNER}")
    _furnish(sockets, "template1")
    with admin.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if not cursor.fetchone():
            cursor.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
    admin.close()
    _furnish(sockets, DATABASE)


def _role(cursor: psycopg2.extensions.cursor, name: str, rights: str) -> None:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
    if not cursor.fetchone():
        cursor.execute(f"CREATE ROLE {name} {rights}")


def _furnish(sockets: Path, database: str) -> None:
    connection = connect(sockets, database)
    with connection.cursor() as cursor:
        for extension in EXTENSIONS:
            cursor.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
        by_owner = f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public GRANT"
        cursor.execute(f"{by_owner} SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APPLICATION}")
        cursor.execute(f"{by_owner} USAGE, SELECT ON SEQUENCES TO {APPLICATION}")
    connection.close()


def clients(sockets: Path) -> int:
    """How many connections other than this question's own are open."""
    connection = connect(sockets, "postgres")
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )
            return int(cursor.fetchone()[0])
    finally:
        connection.close()


def client_path(environment: Mapping[str, str]) -> str:
    """PATH with the cluster's own `psql` in front, for `manage.py dbshell`."""
    return os.pathsep.join([str(binaries.postgres_folder()), environment.get("PATH", os.defpath)])
