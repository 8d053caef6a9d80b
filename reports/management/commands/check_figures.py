"""`manage.py check_figures [--unit CODE] [--year Y] [--sample N] [--json]`: every path to a figure against a plain recount.

stdout: one line for each difference, `unit | year | scope | indicator | what | found | expected`. stderr: how much was
compared. Exit 0 no difference, 1 at least one, 2 not understood.
"""

import json
import random
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _

from aftercare.actions import windows
from clients.models import Treatment
from facilities.models import Unit
from rehab import periods
from rehab.commands import FINDINGS, OneLineCommand
from rehab.tabular.columns import unknown
from reports.checking.compare import Check, Difference, one_moment
from reports.enums import FigureScope
from reports.queries import Units

Job = tuple[Unit, int, FigureScope]


class Command(OneLineCommand):
    help = "Compare dashboard, command, report, workbook and lists of members with a plain recount."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--unit", metavar="CODE")
        parser.add_argument("--year", type=int)
        parser.add_argument("--sample", type=int, metavar="N", help="so many of them, drawn by --seed")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--json", action="store_true")

    def handle(self, *, unit: str | None, year: int | None, sample: int | None, seed: int, **options: Any) -> None:
        if year is not None and not periods.FIRST_YEAR < year < periods.LAST_YEAR:
            self.not_understood(_("“%(word)s” is not a year.") % {"word": year})
        if sample is not None and sample < 1:
            self.not_understood(_("--sample takes a number from one up."))
        places = list(Unit.objects.select_related("region").order_by("code"))
        if unit is not None and unit not in {place.code for place in places}:
            self.not_understood(unknown(unit, [place.code for place in places]))
        found, compared, count = [], 0, 0
        with one_moment():
            units = Units()
            jobs = [job for job in _jobs(places, units, year) if unit in (None, job[0].code)]
            chosen = random.Random(seed).sample(jobs, sample) if sample and sample < len(jobs) else jobs
            for job in chosen:
                check = Check(*job)
                check.run(units)
                found += check.differences
                compared, count = compared + check.compared, count + 1
            pending = not windows.stands_by_settings()
        self._tell(found, as_json=options["json"])
        told = {"numbers": compared, "count": count, "differences": len(found)}
        self.stderr.write(_("%(numbers)s numbers of %(count)s years of units compared, %(differences)s differ") % told)
        if pending:
            self.stderr.write(_("The settings of relapse windows were changed; the windows follow within a minute."))
        if found:
            sys.exit(FINDINGS)

    def _tell(self, found: list[Difference], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps([asdict(each) for each in found], ensure_ascii=False, indent=2))
            return
        for each in found:
            self.stdout.write(str(each))


def _jobs(places: list[Unit], units: Units, year: int | None) -> list[Job]:
    """Each unit's own figures of each year, and those of its tree where there is something below it."""
    earliest = Treatment.objects.aggregate(first=Min("started_on"))["first"]
    today = timezone.localdate()
    years = [year] if year else range(earliest.year if earliest else today.year, today.year + 1)
    found: list[Job] = []
    for each in years:
        tree = units.on(periods.year(each).last_day)
        for place in places:
            found.append((place, each, FigureScope.OWN))
            if place.pk in tree and tree.children(place.pk):
                found.append((place, each, FigureScope.TREE))
    return found
