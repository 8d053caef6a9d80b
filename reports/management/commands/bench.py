"""`manage.py bench [--json FILE] [--only PART …]`: the design's budgets on the data at hand, each beside its floor, in one run."""

import json
import os
import platform
from pathlib import Path

from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from clients.models import Episode
from rehab.commands import OneLineCommand
from rehab.numbers import format_number
from reports.bench import PARTS
from reports.bench.facility import FULL
from reports.bench.results import lines


class Command(OneLineCommand):
    help = "Measure pages, figures, reports and exports on the data at hand, each against its floor; a table and JSON."

    def add_arguments(self, parser):
        parser.add_argument("--json", type=Path, help="write the figures to this file as well")
        parser.add_argument(
            "--only", nargs="+", choices=sorted(PARTS), default=sorted(PARTS), help="measure only these"
        )
        parser.add_argument("--episodes", type=int, help="first simulate a nation of so many where there is none")
        parser.add_argument("--year", type=int, help="the year looked at; the last full one unless said")

    def handle(self, *args, **options):
        if options["episodes"] and not Episode.objects.exists():
            size = ["--episodes", str(options["episodes"]), "--busy", str(FULL)]
            call_command("simulate", *size, "--years", "10", "--seed", "7")
        episodes = Episode.objects.count()
        if not episodes:
            raise CommandError("There is nothing to measure on; `manage.py simulate` makes a nation.")
        year = options["year"] or timezone.localdate().year - 1
        machine = f"{os.cpu_count()} × {platform.machine()}, Python {platform.python_version()}"
        moment = f"{timezone.localtime():%Y-%m-%d %H:%M}"
        self.stdout.write(f"{moment} · {machine} · {format_number(episodes)} episodes · year {year}")
        found = []
        for name, part in PARTS.items():
            if name in options["only"]:
                measured = list(part(year))
                found += measured
                self.stdout.write("\n".join(lines(measured)))
                self.stdout.flush()
        if options["json"]:
            told = {"at": moment, "machine": machine, "episodes": episodes, "year": year}
            options["json"].write_text(json.dumps(told | {"results": [each.as_json() for each in found]}, indent=1))
