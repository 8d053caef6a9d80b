"""The whole of `make demo` but the set-up, in a copy of the project with a state folder of its own."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[3]
INSTALLED = (".venv", "node_modules")
NOT_COPIED = (".git", ".run", "__pycache__", ".pytest_cache", ".ruff_cache", ".mypy_cache", ".hypothesis", *INSTALLED)

pytestmark = pytest.mark.long


@pytest.fixture
def copy(tmp_path):
    target = tmp_path / "titian"
    shutil.copytree(PROJECT, target, ignore=shutil.ignore_patterns(*NOT_COPIED))
    for name in INSTALLED:
        (target / name).symlink_to(PROJECT / name)
    (target / ".run").mkdir(mode=0o700)
    run(target, "manage.py", "collectstatic", "--noinput", "-v0")
    yield target
    run(target, "-m", "rehab.embedded.stop")


def surroundings():
    names = (
        "DATABASE_URL",
        "DATABASE_OWNER_URL",
        "REDIS_URL",
        "TITIAN_ENV",
        "TITIAN_DB_ROLE",
        "DJANGO_SETTINGS_MODULE",
    )
    return {name: value for name, value in os.environ.items() if name not in names}


def run(copy, *arguments):
    subprocess.run([sys.executable, *arguments], cwd=copy, env=surroundings(), check=True)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(copy, port):
    demo = subprocess.Popen(
        [sys.executable, "-m", "rehab.embedded.demo", str(port)],
        cwd=copy,
        env=surroundings(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    said = []
    for line in demo.stdout:
        said.append(line)
        if "Stop with Ctrl-C" in line:
            return demo, "".join(said)
    demo.stdout.close()
    demo.wait()
    raise AssertionError("".join(said))


def left(copy):
    """Command lines of processes that work for this copy, or in it."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words, place = (process / "cmdline").read_bytes().decode(), os.readlink(process / "cwd")
        except OSError:
            continue
        if words and int(process.name) != os.getpid() and (str(copy) in words or place.startswith(str(copy))):
            found.append(words.replace("\0", " "))
    return found


def test_the_demo_serves_stops_cleanly_and_keeps_its_data(copy):
    port = free_port()
    demo, said = start(copy, port)
    with demo:
        assert f"http://localhost:{port}/" in said
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as page:
            assert page.status == 200
        second = subprocess.run(
            [sys.executable, "-m", "rehab.embedded.port", "8001"], cwd=copy, capture_output=True, text=True, check=False
        )
        assert second.returncode == 1
        assert f"running already at http://localhost:{port}/" in second.stderr
        demo.send_signal(signal.SIGINT)
        rest = demo.stdout.read()
    assert demo.returncode == 0, rest
    assert left(copy) == []
    begun = time.monotonic()
    demo, _ = start(copy, port)
    assert time.monotonic() - begun < 30
    with demo:
        demo.send_signal(signal.SIGTERM)
        demo.stdout.read()
    assert demo.returncode == 0


def test_nothing_outlives_a_demo_that_is_killed_but_the_supervisor_for_a_minute(copy):
    demo, _ = start(copy, free_port())
    with demo:
        demo.kill()
    deadline = time.monotonic() + 30
    while [line for line in left(copy) if "celery" in line or "embedded.web" in line]:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    run(copy, "-m", "rehab.embedded.stop")
    assert left(copy) == []
