"""The virtual environment in .venv and the locked packages in it. Standard library only."""

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

from rehab.embedded.steps import PROJECT, Progress, SetupFailed, fingerprint, run

VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = PROJECT / "requirements-dev.txt"
NO_PIP = f"""This Python ({sys.executable}) comes without ensurepip and pip, so packages cannot be installed.
Install one of these, then run the same command again:
  Debian, Ubuntu:  apt install python3-venv
  Fedora, RHEL:    dnf install python3-pip
  Alpine:          apk add py3-pip"""


def depends() -> str:
    return fingerprint([LOCK], sys.version, str(VENV))


def _works() -> bool:
    if not PYTHON.exists():
        return False
    question: list[str | Path] = [PYTHON, "-c", "import sys, pip; print(*sys.version_info[:2])"]
    answer = subprocess.run(question, capture_output=True, text=True, check=False)
    return answer.stdout.split() == [str(number) for number in sys.version_info[:2]]


def _installer() -> list[str | Path]:
    """The beginning of a command that installs into .venv, whatever this machine has; makes .venv on the way."""
    make = [sys.executable, "-m", "venv", "--clear"]
    # Debian without python3-venv lacks what this needs: only the exit code knows.
    if subprocess.run([*make, VENV], capture_output=True, check=False).returncode == 0:
        return [PYTHON, "-m", "pip"]
    run([*make, "--without-pip", VENV], advice="The virtual environment could not be made. Is the folder writable?")
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip", "--python", PYTHON]
    if uv := shutil.which("uv"):
        return [uv, "pip"]
    for wheel in sorted(Path("/usr/share/python-wheels").glob("pip-*.whl"), reverse=True):
        return [PYTHON, wheel / "pip"]
    raise SetupFailed(NO_PIP)


def _count() -> Progress:
    total = len(re.findall(r"^\w[\w.-]*==", LOCK.read_text(), flags=re.MULTILINE))
    seen = 0

    def line(output: str) -> str | None:
        nonlocal seen
        if match := re.match(r"Collecting ([\w.-]+)", output):
            seen += 1
            return f"package {seen} of {total}: {match[1]}"
        return "putting the packages in place" if output.startswith("Installing collected") else None

    return Progress(line)


def install() -> None:
    """Exactly the locked packages, each checked against its hash."""
    installer: list[str | Path] = [PYTHON, "-m", "pip"] if _works() else _installer()
    options: list[str | Path] = ["install", "--require-hashes", "-r", LOCK]
    if Path(installer[0]).name == "uv":
        options += ["--python", PYTHON]
    advice = "The packages could not be installed. Is the network, or this machine's package index, reachable?"
    run([*installer, *options], advice=advice, progress=_count(), PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_NO_INPUT="1")
