"""Servers, workers and clocks of one fault test, which it may kill and start again: nobody else uses them."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rehab.embedded.servers import Servers, addresses
from tests.conftest import PROJECT, WorkerProcess

INSIDE = [sys.executable, "-m", "tests.reports.faults.inside"]


class Own:
    """A kept cluster and broker (what they were given survives them), and processes that work on them."""

    def __init__(self, state: Path):
        self.state = state
        self.servers = Servers(state, keep=True)
        self.children: list[subprocess.Popen[bytes]] = []
        self.workers: list[WorkerProcess] = []

    def start(self) -> None:
        self.servers.start()
        self.environment = os.environ | addresses(self.state) | {"TITIAN_DB_ROLE": ""}
        self._python([sys.executable, "manage.py", "migrate", "--verbosity", "0"], TITIAN_DB_ROLE="owner")
        self.do("load")

    def stop(self) -> None:
        for child in self.children:
            child.kill()
            child.wait()
        for worker in self.workers:
            worker.kill()
        self.servers.stop()

    def do(self, verb: str) -> Any:
        """What the verb printed."""
        told = self._python([*INSIDE, verb])
        return json.loads(told) if told.strip() else None

    def keep_doing(self, verb: str) -> None:
        with (self.state / f"{verb}.log").open("ab") as log:
            self.children.append(
                subprocess.Popen([*INSIDE, verb], cwd=PROJECT, env=self.environment, stdout=log, stderr=log)
            )

    def worker(self) -> WorkerProcess:
        worker = WorkerProcess(self.state / f"worker-{len(self.workers)}.log", environment=self.environment)
        worker.start()
        self.workers.append(worker)
        return worker

    def wait(self, seconds: float, *, until: Callable[[dict[str, int]], bool]) -> None:
        """Until the reports of the year are as far as that. Fails with the end of each log when it takes longer."""
        deadline = time.monotonic() + seconds
        while not until(self.far()):
            assert time.monotonic() < deadline, self._logs()
            time.sleep(0.3)

    def far(self) -> dict[str, int]:
        """{"total", "waiting"}; as far as nothing, while the database is away."""
        try:
            return self.do("far")
        except subprocess.CalledProcessError:
            return {"total": 0, "waiting": 1}

    def _python(self, command: list[str], **environment: str) -> str:
        done = subprocess.run(
            command, cwd=PROJECT, env=self.environment | environment, check=True, stdout=subprocess.PIPE, text=True
        )
        return done.stdout

    def _logs(self) -> str:
        return "\n".join(f"{log.name}: {log.read_text()[-1500:]}" for log in sorted(self.state.glob("*.log")))
