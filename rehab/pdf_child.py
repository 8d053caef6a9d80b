"""The child process of `rehab.pdf`: work as JSON on stdin, the PDF on stdout, what went wrong on stderr."""

import base64
import json
import resource
import shutil
import signal
import sys
import tempfile
from math import ceil
from pathlib import Path
from typing import Any, Final

import typst

# The embedded fonts only: with those of the system the same data would give other bytes on another machine.
FONTS = typst.Fonts(include_system_fonts=False)
STANDARD: Final = "ua-1"


def main() -> int:
    work = json.load(sys.stdin.buffer)
    _limit(work["megabytes"] * 2**20, ceil(work["seconds"]))
    try:
        paper = _with_files(work) if work["files"] else _compiled(work, Path(work["folder"]))
    except typst.TypstError as error:
        # Not the whole diagnostic: it quotes the data, and this line ends in a log.
        sys.stderr.write(" ".join([error.message, *error.hints])[:500])
        return 1
    sys.stdout.buffer.write(paper)
    return 0


def _limit(size: int, seconds: int) -> None:
    """The kernel ends us when we take too much, also when the parent has long been killed."""
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(seconds)


def _with_files(work: dict[str, Any]) -> bytes:
    """A template reads only within its root: the files are laid beside a copy of the templates, in files/."""
    with tempfile.TemporaryDirectory(prefix="titian-pdf-") as place:
        root = Path(place) / "pdf"
        shutil.copytree(work["folder"], root)
        (root / "files").mkdir()
        for name, content in work["files"].items():
            (root / "files" / Path(name).name).write_bytes(base64.b64decode(content))
        return _compiled(work, root)


def _compiled(work: dict[str, Any], root: Path) -> bytes:
    return typst.compile(
        str(root / Path(work["template"]).name),
        root=str(root),
        font_paths=FONTS,
        sys_inputs={"data": json.dumps(work["data"])},
        pdf_standards=[STANDARD],
        timestamp=0,
    )


if __name__ == "__main__":
    sys.exit(main())
