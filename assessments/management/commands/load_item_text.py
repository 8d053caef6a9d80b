"""`manage.py load_item_text KEY FILE.csv|.xlsx`: load the official wording of an instrument, whole or not at all.

Columns: item, language, text, licence_note, optionally version. stdout: what was loaded. Exit 0 loaded, 2 not understood
(one line). Twice changes nothing.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from assessments.actions import texts
from assessments.instruments import registry
from rehab.commands import OneLineCommand, first_of
from rehab.errors import Refused
from rehab.tabular.errors import TableRefused
from rehab.tabular.reading import DEFAULT_LIMITS


class Command(OneLineCommand):
    help = gettext_noop(
        "Load the official wording of an instrument under its licence; without it our own labels are shown."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("key", metavar="KEY")
        parser.add_argument("file", metavar="FILE.csv|.xlsx")

    def handle(self, *, key: str, file: str, **options: Any) -> None:
        if key not in registry.INSTRUMENTS:
            told = {"key": repr(key)[:40], "keys": ", ".join(registry.INSTRUMENTS)}
            self.not_understood(_("There is no instrument %(key)s. Known: %(keys)s.") % told)
        data = self.read_file(file, DEFAULT_LIMITS.size)
        try:
            loaded = texts.load(by=None, instrument=registry.get(key), data=data, name=Path(file).name)
        except TableRefused as refused:
            self.not_understood(f"{file}: {first_of(refused)}")
        except Refused as refused:
            self.not_understood(f"{file}: {refused.messages[0]}")
        for row in loaded.new:
            self.stdout.write(_("loaded: %(text)s") % {"text": row})
        if loaded.unchanged:
            self.stdout.write(_("unchanged: %(count)s") % {"count": loaded.unchanged})
