"""Texts of the interface: found in the source, kept in locale/id, compiled without gettext's own tools.

python -m rehab.texts add            read {"English": "Indonesian", …} from stdin into the catalogue, and compile it
python -m rehab.texts missing [path] list source texts without translation (exit 1 when there are any)
python -m rehab.texts unused         list catalogue entries that no source names any more (exit 1 when there are any)
python -m rehab.texts prune          remove those
python -m rehab.texts compile        make the .mo files

In `add`, "one client|||%(count)s clients" is a plural and "context\\u0004text" a text with a context. A text of a library
(Django, allauth) that we say in our own words is added with `add --library`, and is not asked for in our source.
"""

import ast
import fcntl
import io
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import polib
from django.utils.translation.template import templatize

try:
    from babel.messages.extract import extract
except ImportError:  # a development package; compiling, which every machine does, works without it
    extract = None  # type: ignore[assignment]  # then `missing` and `unused` cannot run

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale" / "id" / "LC_MESSAGES" / "django.po"
SOURCES = ("rehab", "facilities", "clients", "assessments", "aftercare", "reports", "templates")
LIBRARY = "library"
# What each function's arguments are; _lazy and _noop variants and the alias _ are read alike.
PARTS = {
    "gettext": ("msgid",),
    "ngettext": ("msgid", "plural"),
    "pgettext": ("context", "msgid"),
    "npgettext": ("context", "msgid", "plural"),
}
# The calls that templatize writes.
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3)}
HEADER = {
    "Project-Id-Version": "Titian",
    "Language": "id",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}
_PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|%([sd])|\{(\w*)[^{}]*\}")


@dataclass(frozen=True, order=True)
class Text:
    """A text as the source says it; `place` is "path:line" of its first use."""

    context: str
    msgid: str
    plural: str = ""
    place: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return (self.context, self.msgid)


def source_files(paths: Iterable[str | Path] = ()) -> Iterator[Path]:
    """Python files and templates under the given paths (default: all that may show a text)."""
    for path in [Path(each) for each in paths] or [ROOT / name for name in SOURCES]:
        if path.is_file():
            yield path
        else:
            yield from (each for each in sorted(path.rglob("*")) if each.suffix in {".py", ".html", ".txt"})


def texts_of(path: Path) -> Iterator[Text]:
    """Each translatable text of one Python file or template."""
    source = path.read_text(encoding="utf-8")
    place = str(path.resolve().relative_to(ROOT) if path.resolve().is_relative_to(ROOT) else path)
    yield from _in_python(source, place) if path.suffix == ".py" else _in_template(source, place)


def _in_python(source: str, place: str) -> Iterator[Text]:
    """From the syntax tree: a reader of tokens does not see into f-strings."""
    for node in ast.walk(ast.parse(source, place)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        parts = PARTS.get("gettext" if name in {"_", "N_"} else name.removesuffix("_lazy").removesuffix("_noop"), ())
        constants = [getattr(argument, "value", None) for argument in node.args[: len(parts)]]
        values = [value for value in constants if isinstance(value, str) and value]
        if parts and len(values) == len(parts):
            said = dict(zip(parts, values, strict=True))
            yield Text(said.get("context", ""), said["msgid"], said.get("plural", ""), f"{place}:{node.lineno}")


def _in_template(source: str, place: str) -> Iterator[Text]:
    # What templatize leaves around its calls is no Python layout; without indentation it can still be read.
    calls = "\n".join(line.strip() for line in templatize(source, origin=place).split("\n"))
    for line, message, _comments, context in extract(
        "python", io.BytesIO(calls.encode()), KEYWORDS, options={"encoding": "utf-8"}
    ):
        msgid, plural = message if isinstance(message, tuple) else (message, "")
        if msgid:
            yield Text(context or "", msgid, plural or "", f"{place}:{line}")


def texts_in_source(paths: Iterable[str | Path] = ()) -> dict[tuple[str, str], Text]:
    """Texts by (context, msgid); a plural use of a text wins over a singular one."""
    found: dict[tuple[str, str], Text] = {}
    for path in source_files(paths):
        for text in texts_of(path):
            if text.key not in found or (text.plural and not found[text.key].plural):
                found[text.key] = text
    return found


def open_catalogue() -> polib.POFile:
    if CATALOGUE.exists():
        return polib.pofile(str(CATALOGUE), wrapwidth=120)
    catalogue = polib.POFile(wrapwidth=120)
    catalogue.metadata = dict(HEADER)
    return catalogue


def key_of(entry: polib.POEntry) -> tuple[str, str]:
    return (entry.msgctxt or "", entry.msgid)


def translation_of(entry: polib.POEntry) -> str:
    return entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr


def missing(paths: Iterable[str | Path] = ()) -> list[Text]:
    done = {key_of(entry) for entry in open_catalogue() if translation_of(entry) and not entry.fuzzy}
    return sorted(text for key, text in texts_in_source(paths).items() if key not in done)


def unused() -> list[polib.POEntry]:
    wanted = texts_in_source()
    return [entry for entry in open_catalogue() if key_of(entry) not in wanted and entry.tcomment != LIBRARY]


def placeholders(text: str) -> list[str]:
    """The names of %(x)s, %s and {x} in a text, sorted: a translation must fill in the same ones."""
    return sorted({named or positional or braced or "{}" for named, positional, braced in _PLACEHOLDER.findall(text)})


def disagreement(entry: polib.POEntry) -> str:
    """What is wrong with the placeholders of an entry, or an empty string."""
    wanted, given = placeholders(entry.msgid_plural or entry.msgid), placeholders(translation_of(entry))
    return "" if wanted == given else f"{entry.msgid!r}: placeholders {wanted}, in the translation {given}"


def entry_from(key: str, translation: str, *, library: bool = False) -> polib.POEntry:
    """An entry from the short form of `add`: "context\\x04one|||many" → its translation."""
    context, _mark, rest = key.rpartition("\x04")
    msgid, _bars, plural = rest.partition("|||")
    entry = polib.POEntry(msgid=msgid, msgctxt=context or None, tcomment=LIBRARY if library else "")
    if plural:
        entry.msgid_plural, entry.msgstr_plural = plural, {0: translation}
    else:
        entry.msgstr = translation
    return entry


@contextmanager
def _locked() -> Iterator[None]:
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    folder = os.open(CATALOGUE.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _write(entries: Iterable[polib.POEntry]) -> None:
    catalogue = polib.POFile(wrapwidth=120)
    catalogue.metadata = dict(HEADER)
    catalogue.extend(sorted(entries, key=lambda entry: (entry.msgid, entry.msgctxt or "")))
    fresh = CATALOGUE.with_suffix(f".{os.getpid()}.new")
    catalogue.save(str(fresh))
    fresh.replace(CATALOGUE)


def add(translations: dict[str, str], *, library: bool = False) -> list[str]:
    """Add or replace entries; → complaints, in which case nothing was written."""
    fresh = {key_of(entry): entry for entry in (entry_from(*pair, library=library) for pair in translations.items())}
    complaints = [problem for entry in fresh.values() if (problem := disagreement(entry))]
    complaints += [f"{entry.msgid!r}: empty" for entry in fresh.values() if not translation_of(entry)]
    if not complaints:
        with _locked():
            _write(({key_of(entry): entry for entry in open_catalogue()} | fresh).values())
    return complaints


def prune() -> int:
    """Remove what no source names; → how many entries went."""
    gone = {key_of(entry) for entry in unused()}
    with _locked():
        _write(entry for entry in open_catalogue() if key_of(entry) not in gone)
    return len(gone)


def compile_all() -> list[Path]:
    """Make the .mo file beside each .po file; a running reader sees the old one or the new one, never half of it."""
    made = []
    for source in sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po")):
        fresh = source.with_suffix(f".{os.getpid()}.mo-new")
        polib.pofile(str(source)).save_as_mofile(str(fresh))
        made.append(fresh.replace(source.with_suffix(".mo")))
    return made


def main(arguments: list[str]) -> int:
    match arguments:
        case ["add", *options] if options in ([], ["--library"]):
            try:
                translations = json.load(sys.stdin)
            except json.JSONDecodeError as error:
                print(f"not JSON: {error}", file=sys.stderr)
                return 2
            complaints = add(translations, library=bool(options))
            print("\n".join(complaints) or f"{len(translations)} added", file=sys.stderr)
            if not complaints:
                compile_all()
            return 1 if complaints else 0
        case ["missing", *paths]:
            lacking = missing(paths)
            for text in lacking:
                mark = f"{text.context}\x04" if text.context else ""
                plural = f"|||{text.plural}" if text.plural else ""
                print(f"{text.place}\t{json.dumps(mark + text.msgid + plural, ensure_ascii=False)}")
            return 1 if lacking else 0
        case ["unused"]:
            left = unused()
            print("".join(f"{json.dumps(entry.msgid, ensure_ascii=False)}\n" for entry in left), end="")
            return 1 if left else 0
        case ["prune"]:
            print(f"{prune()} removed", file=sys.stderr)
            return 0
        case ["compile"]:
            compile_all()
            return 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
