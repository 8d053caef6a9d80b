"""Papers as PDF, rendered from templates/pdf/ by typst in a child process that may use only so much memory and time.

A child, because a renderer keeps what it once took: a worker or web process must not grow with the papers it made.
The same data gives the same bytes (no clock, no fonts of the system), so the hash of a sealed paper can be recorded.
"""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
TEMPLATES = PROJECT / "templates" / "pdf"
SECONDS = 60
# Address space, not resident memory: a report of fifty pages takes about 300 MB of it and 150 MB resident.
MEGABYTES = 640


class PdfFailed(RuntimeError):
    """The paper could not be made: an error in the template or data, too much memory, or too much time."""


def render(
    template: str,
    data: Mapping[str, Any],
    files: Mapping[str, bytes] | None = None,
    *,
    seconds: float = SECONDS,
    megabytes: int = MEGABYTES,
    folder: Path = TEMPLATES,
) -> bytes:
    """The tagged PDF (PDF/UA-1) of `template`, a file of templates/pdf/.

    `data` is JSON-able and reaches the template through `data()` of `_letter.typ`; `files` (a logo: name → bytes) lie in
    its folder `files/`. Raises `PdfFailed`.
    """
    work = {
        "template": template,
        "folder": str(folder),
        "data": data,
        "files": {name: base64.b64encode(content).decode() for name, content in (files or {}).items()},
        "seconds": seconds,
        "megabytes": megabytes,
    }
    try:
        child = subprocess.run(
            [sys.executable, "-m", "rehab.pdf_child"],
            input=json.dumps(work).encode(),
            capture_output=True,
            cwd=PROJECT,
            env=_environment(),
            timeout=seconds + 5,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PdfFailed(f"{template}: not ready after {seconds} seconds") from None
    if child.returncode != 0 or not child.stdout.startswith(b"%PDF-"):
        raise PdfFailed(f"{template}: {_why(child)}")
    return child.stdout


def _environment() -> dict[str, str]:
    """No secrets: the child sees none of the keys and addresses of its parent. One memory arena keeps it small."""
    kept = {
        name: os.environ[name] for name in ("PATH", "PYTHONPATH", "TMPDIR", "LD_LIBRARY_PATH") if name in os.environ
    }
    return {
        **kept,
        "MALLOC_ARENA_MAX": "1",
        "RAYON_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
    }


def _why(child: subprocess.CompletedProcess[bytes]) -> str:
    """The end of what the child said; a child that was killed says so by its number."""
    said = " ".join(child.stderr.decode(errors="replace").split())[-500:]
    return f"the child ended with {child.returncode}. {said}".strip()
