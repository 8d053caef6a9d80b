"""The supervisor, through the side that its users see."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rehab.embedded import broker, client, postgres, processes
from rehab.embedded.folders import Lock, socket_folder
from rehab.embedded.postgres import ServerFailed
from rehab.embedded.supervisor import LOCK

PROJECT = Path(__file__).resolve().parents[3]
CALLER = (
    "import sys, time; from pathlib import Path; from rehab.embedded import client\n"
    "c = client.acquire(Path(sys.argv[1]), idle=1.0); print('up', flush=True); sys.stdin.read()"
)


@pytest.fixture
def state(tmp_path):
    yield tmp_path / "run"
    if servers := client.running(tmp_path / "run"):
        servers.leave()


def caller(state):
    return subprocess.Popen(
        [sys.executable, "-c", CALLER, state],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def supervisor_pid(state):
    return int(subprocess.run(["pgrep", "-f", f"supervisor {state}"], capture_output=True, text=True).stdout.split()[0])


def gone(state, patience=10.0):
    lock = Lock(state / LOCK)
    taken = lock.take(patience)
    lock.release()
    return taken


def test_two_commands_at_the_same_moment_share_one_and_it_leaves_after_both(state):
    with caller(state) as first, caller(state) as second:
        assert first.stdout.readline() == "up\n"
        assert second.stdout.readline() == "up\n"
        first.stdin.close()
        first.wait()
        assert not gone(state, 2.0), "one of two is still at work"
        second.kill()
    assert gone(state)
    assert client.running(state) is None


def test_notices_go_to_stderr_and_the_callers_descriptors_are_not_held(state):
    with caller(state) as first:
        # Had the supervisor kept the caller's stdout or stderr, these reads would wait for it to leave.
        out, err = first.communicate("", timeout=20)
    assert out == "up\n"
    assert err.splitlines() == ["titian: starting the embedded PostgreSQL and broker …"]


def test_a_second_command_finds_the_servers_at_once(state):
    with client.acquire(state, idle=30):
        begun = time.monotonic()
        client.acquire(state).close()
        assert time.monotonic() - begun < 0.5


def test_an_open_database_connection_counts_as_use(state):
    client.acquire(state, idle=0.5).close()
    connection = postgres.connect(socket_folder(state), "titian", "titian_app")
    assert not gone(state, 2.0)
    connection.close()
    assert gone(state)


def test_after_kill_nine_the_next_command_starts_afresh(state):
    client.acquire(state, idle=30).close()
    pid = supervisor_pid(state)
    subprocess.run(["kill", "-9", str(pid)], check=True)
    while processes._started_at(pid):
        time.sleep(0.02)
    with client.acquire(state, idle=30):
        assert supervisor_pid(state) != pid


@pytest.mark.parametrize("removed", [".", "postgres"])
def test_a_state_folder_removed_under_the_servers_is_begun_anew(state, removed):
    client.acquire(state, idle=30).close()
    pid = supervisor_pid(state)
    shutil.rmtree(state / removed)
    with client.acquire(state, idle=30):
        deadline = time.monotonic() + 10
        while processes._started_at(pid):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        # What the old servers did on their way out has not touched the new ones.
        postgres.connect(socket_folder(state), "titian", "titian_app").close()
        assert broker.answers(socket_folder(state) / broker.SOCKET)


def test_leave_ends_the_servers_only_for_the_last_user(state):
    first, second = client.acquire(state), client.acquire(state)
    assert not first.leave()
    assert second.leave()
    assert gone(state, 0)


def test_servers_that_cannot_start_say_why(state):
    (state / "postgres").mkdir(parents=True)
    (state / "postgres" / "PG_VERSION").write_text("9\n")
    with pytest.raises(ServerFailed, match="was made by PostgreSQL 9; this one is"):
        client.acquire(state)
    assert gone(state)
