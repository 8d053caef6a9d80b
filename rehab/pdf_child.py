"""The child process of `rehab.pdf`: work as JSON on stdin, the PDF on stdout, what went wrong on stderr."""

import base64
import json
import re
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
INSTEAD: Final = "\u25a1"
MISSING: Final = re.compile(r'the text `"(.*?)"` could not be displayed', re.DOTALL)
ESCAPED: Final = re.compile(r"\\u\{([0-9a-f]+)\}")
# From here on scripts and symbols of which the embedded fonts have next to nothing.
EUROPE: Final = "\u2e80"


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
    """PDF/UA refuses a paper with a sign that no font has, an emoji say: there `INSTEAD` is printed."""
    unshown: set[str] = set()
    while True:
        try:
            return _paper(_without(work["data"], dict.fromkeys(map(ord, unshown), INSTEAD)), work, root)
        except typst.TypstError as error:
            signs = _not_in_fonts(error.message, work["data"]) - unshown
            if not signs:
                raise
            unshown |= signs


def _paper(data: Any, work: dict[str, Any], root: Path) -> bytes:
    return typst.compile(
        str(root / Path(work["template"]).name),
        root=str(root),
        font_paths=FONTS,
        sys_inputs={"data": json.dumps(data)},
        pdf_standards=[STANDARD],
        timestamp=0,
    )


def _without(data: Any, table: dict[int, str]) -> Any:
    if isinstance(data, str):
        return data.translate(table)
    if isinstance(data, dict):
        return {name: _without(each, table) for name, each in data.items()}
    return [_without(each, table) for each in data] if isinstance(data, list) else data


def _not_in_fonts(said: str, data: Any) -> set[str]:
    """The signs of the text that the message quotes; with one from beyond `EUROPE`, all such signs of the data."""
    found = MISSING.search(said)
    if found is None:
        return set()
    text = ESCAPED.sub(lambda code: chr(int(code[1], 16)), found[1])
    signs = {sign for sign in text if not (sign.isascii() and sign.isprintable())}
    if any(sign >= EUROPE for sign in signs):
        signs |= {sign for sign in json.dumps(data, ensure_ascii=False) if sign >= EUROPE}
    return signs


if __name__ == "__main__":
    sys.exit(main())
