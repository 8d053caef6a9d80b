"""`manage.py score KEY [FILE|-]`: score the answers of one JSON object. No database is needed.

stdout: the scores as JSON. Exit 0 scored, 2 not understood (one line on stderr that names the item).
"""

import difflib
import json
import math
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from assessments.instruments import AnswerError, registry, score
from rehab.commands import OneLineCommand

LONGEST_INTEGER = 300


class Command(OneLineCommand):
    help = gettext_noop("Score the answers to an instrument: one JSON object from a file or from standard input.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("key", metavar="KEY")
        parser.add_argument("file", metavar="FILE|-", nargs="?", default="-")

    def handle(self, *, key: str, file: str, **options: Any) -> None:
        try:
            instrument = registry.get(key)
        except KeyError:
            self.not_understood(_unknown_key(key))
        try:
            result = score(instrument, answers_from(self._read(file)))
        except AnswerError as error:
            self.not_understood(_(error.text) % error.params)
        except ValueError as error:
            self.not_understood(f"{_('Standard input') if file == '-' else file}: {error}")
        self.stdout.write(json.dumps(result.as_json(), indent=2))

    def _read(self, file: str) -> bytes:
        try:
            return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        except FileNotFoundError:
            self.not_understood(_("%(file)s does not exist.") % {"file": file})
        except OSError as error:
            self.not_understood(_("%(file)s cannot be opened: %(reason)s") % {"file": file, "reason": error.strerror})


def answers_from(content: bytes) -> dict[str, object]:
    """The one JSON object in `content`. Raises ValueError, also for an item answered twice, where JSON readers guess."""
    try:
        found = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_once_each, parse_int=_integer)
    except json.JSONDecodeError as error:
        where = {"line": error.lineno, "column": error.colno}
        raise ValueError(_("not JSON, line %(line)s, column %(column)s") % where) from error
    except UnicodeDecodeError as error:
        raise ValueError(_("not a text in UTF-8")) from error
    except RecursionError as error:
        raise ValueError(_("nested too deeply")) from error
    if not isinstance(found, dict):
        raise ValueError(_("not a JSON object of answers"))
    return found


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(_("%(item)s is answered twice") % {"item": repr(twice)[:40]})
    return found


def _integer(digits: str) -> int | float:
    """Python refuses to read very long integers; as infinity they are refused by the name of their item."""
    return int(digits) if len(digits) <= LONGEST_INTEGER else math.inf


def _unknown_key(key: str) -> str:
    known = [instrument.key for instrument in registry.all()]
    near = difflib.get_close_matches(key.lower(), known, n=1, cutoff=0.4)
    told = _("There is no instrument %(key)s.") % {"key": repr(key)[:40]}
    if near:
        return f"{told} {_('Did you mean %(key)s?') % {'key': near[0]}}"
    return f"{told} {_('Known: %(keys)s.') % {'keys': ', '.join(known)}}"
