"""`manage.py bench [--json FILE]`: pages and work on the demo's data, each beside its floor, in one run."""

import json
import platform
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from rehab.numbers import format_number
from reports.bench import pages, work
from reports.demo.load import is_loaded


class Command(BaseCommand):
    help = "Measure pages and work on the demo's data, each against its floor; a table, and JSON where a file is named."

    def add_arguments(self, parser):
        parser.add_argument("--json", type=Path, help="write the figures to this file as well")

    def handle(self, *args, **options):
        if not is_loaded():
            raise CommandError("There is nothing to measure on; `manage.py demo` loads the demo's data.")
        year = timezone.localdate().year
        self.stdout.write(f"{timezone.localtime():%Y-%m-%d %H:%M} · {platform.python_version()} · {platform.machine()}")
        self.stdout.write(f"{'page':<24}{'queries':>8}{'ms':>8}{'× floor':>9}{'kB sent':>9}")
        measured = []
        for page in pages.measure(year):
            measured.append(page)
            ratio, milliseconds = format_number(page.ratio, 1), format_number(page.seconds * 1000, 1)
            self.stdout.write(
                f"{page.name:<24}{page.queries:>8}{milliseconds:>8}{ratio:>9}{format_number(page.zipped / 1000, 1):>9}"
            )
        done = []
        for each in work.measure(year):
            done.append(each)
            self.stdout.write(f"{each.name:<50}{format_number(each.figure, 2):>14} {each.measure:<7}{each.budget}")
        if options["json"]:
            figures = {"pages": [asdict(page) for page in measured], "work": [asdict(each) for each in done]}
            options["json"].write_text(json.dumps(figures, indent=1))
