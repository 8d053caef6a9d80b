"""Loading the official wording of an instrument, whole or not at all, and withdrawing it."""

import hashlib
import json
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.instruments import Instrument
from assessments.instruments.wording import places, uncovered
from assessments.models import TextSet
from rehab import audit
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User
from rehab.tabular.columns import Column, unknown
from rehab.tabular.errors import Problem, TableRefused
from rehab.tabular.reading import Limits
from rehab.tabular.table import Record, Table

LONGEST = 2000
NAMED = 10
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


@dataclass(frozen=True)
class Loaded:
    """What a file brought: sets that are new, and sets that stood in these very words already."""

    new: list[TextSet]
    unchanged: int


def _language(word: str) -> str:
    if word.lower() not in LANGUAGES:
        raise ValueError(unknown(word, LANGUAGES))
    return word.lower()


TABLE = Table(
    columns=(
        Column("item", required=True, max_length=60),
        Column("language", required=True, convert=_language, aliases=("bahasa",)),
        Column("text", required=True, max_length=LONGEST, aliases=("teks",)),
        Column("licence_note", needed=True, max_length=LONGEST, aliases=("licence note", "license_note", "lisensi")),
        Column("version", max_length=80, aliases=("versi",)),
    ),
    limits=Limits(rows=5_000),
)


@action
def load(*, by: User | None, instrument: Instrument, data: bytes, name: str) -> Loaded:
    """The texts of a CSV or XLSX file (item, language, text, licence_note, optionally version), a set for each language.

    The licence note stands in at least one row of each language. Without a version the set is named by the day and its
    content. The same file twice changes nothing. Raises TableRefused with all that is wrong: an unknown item, a text twice,
    an item without a text. `by=None` is the command.
    """
    by_language: dict[str, list[Record]] = {}
    for record in TABLE.read(data, name):
        by_language.setdefault(record["language"], []).append(record)
    if not by_language:
        raise TableRefused([Problem(_("the file has no rows."))])
    problems = [problem for language, rows in by_language.items() for problem in _problems(instrument, language, rows)]
    if problems:
        raise TableRefused(problems)
    name_of = _version(by_language)
    found = [_kept(by, instrument, language, rows, name_of) for language, rows in by_language.items()]
    return Loaded([row for row, is_new in found if is_new], sum(not is_new for _row, is_new in found))


@action
def withdraw(*, by: User, text_set: TextSet, reason: str) -> TextSet:
    """No further assessment begins in these words; those that did stay readable in them."""
    if not reason.strip():
        raise Refused(_("Say why."), field="reason")
    row = TextSet.objects.select_for_update().get(pk=text_set.pk)
    if row.withdrawn_at:
        raise Refused(_("This text is withdrawn already."), code="withdrawn")
    row.withdrawn_at, row.withdrawn_by = timezone.now(), by
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])
    audit.record("text.withdrawn", by=by, subject=row, reason=reason.strip(), data=_told(row))
    return row


def _problems(instrument: Instrument, language: str, rows: list[Record]) -> list[Problem]:
    known, seen, problems = places(instrument), set(), []
    for row in rows:
        if row["item"] not in known:
            problems.append(Problem(unknown(row["item"], sorted(known)), row.line, "item"))
        elif row["item"] in seen:
            problems.append(Problem(_("the text of %(item)s stands twice.") % {"item": row["item"]}, row.line, "item"))
        seen.add(row["item"])
    if not any(row["licence_note"] for row in rows):
        told: dict[str, object] = {"language": language}
        problems.append(Problem(_("no row of %(language)s says under which licence.") % told, column="licence_note"))
    if len({row["version"] for row in rows if row["version"]}) > 1:
        problems.append(Problem(_("a file has one version."), column="version"))
    missing = uncovered(instrument, dict.fromkeys(seen, ""))
    if missing and not problems:
        named = ", ".join(missing[:NAMED]) + (", …" if len(missing) > NAMED else "")
        told = {"count": len(missing), "items": named, "language": language}
        text = ngettext(
            "%(count)s item has no text in %(language)s: %(items)s.",
            "%(count)s items have no text in %(language)s: %(items)s.",
            len(missing),
        )
        problems.append(Problem(text % told))
    return problems


def _version(by_language: dict[str, list[Record]]) -> str:
    """The version that the file names, else the day and a code of its content: one for all languages of the file."""
    rows = [row for each in by_language.values() for row in each]
    named = next((row["version"] for row in rows if row["version"]), "")
    content = json.dumps([[row["item"], row["language"], row["text"]] for row in rows])
    return named or f"{timezone.localdate():%Y-%m-%d} {hashlib.sha256(content.encode()).hexdigest()[:8]}"


def _kept(
    by: User | None, instrument: Instrument, language: str, rows: list[Record], version: str
) -> tuple[TextSet, bool]:
    texts = {row["item"]: row["text"] for row in rows}
    same = TextSet.objects.in_force().filter(instrument=instrument.key, language=language, texts=texts).first()
    if same:
        return same, False
    row = TextSet.objects.create(
        instrument=instrument.key,
        instrument_version=instrument.version,
        language=language,
        version=version,
        licence_note=next(row["licence_note"] for row in rows if row["licence_note"]),
        texts=texts,
        loaded_by=by,
    )
    audit.record("text.loaded", by=by, subject=row, data=_told(row))
    return row, True


def _told(row: TextSet) -> dict[str, str]:
    return {"instrument": row.instrument, "language": row.language, "version": row.version}
