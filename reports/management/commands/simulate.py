"""`manage.py simulate`: a nation of invented clients to measure on."""

import argparse
import os
from datetime import date

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from django.utils.translation import gettext as _

from rehab.commands import OneLineCommand
from rehab.demo import PASSWORD
from rehab.numbers import format_date, format_number
from reports.simulation import load
from reports.simulation.plan import Plan
from reports.simulation.progress import Progress
from reports.simulation.staff import LOGINS


class Command(OneLineCommand):
    help = (
        "Simulate an obviously fake nation: 38 provinces, 600 facilities, and so many episodes over so many years. "
        "Same seed, same arguments and same day: same data. Logins (password "
        f"{PASSWORD}): {', '.join(login.username for login in LOGINS)}; sim.s00001 … for each facility, sim.bnnp-53 … for "
        "each unit."
    )
    requires_migrations_checks = False

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--episodes", type=_positive, default=100_000, help="how many in all (100000)")
        parser.add_argument("--years", type=_positive, default=10, help="the present one and those before it (10)")
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument("--today", type=date.fromisoformat, help="the last day, YYYY-MM-DD; today")
        parser.add_argument("--sessions", type=int, default=3, choices=range(13), help="at most, for a treatment (3)")
        parser.add_argument(
            "--busy", type=int, default=0, help="about so many open clients at one clinic (0: as it comes)"
        )
        parser.add_argument("--processes", type=_positive, help="that make clients; as many as the machine has cores")
        parser.add_argument("--add", action="store_true", help="although there are clients already")

    def handle(self, *args, **options) -> None:
        if settings.PRODUCTION or not (settings.DEMO or settings.TESTING):
            self.not_understood(_("Invented clients are for demonstration and tests only; set TITIAN_DEMO=1 there."))
        if not settings.TESTING:
            call_command("migrate", verbosity=0)
        if load.is_inhabited() and not options["add"]:
            self.not_understood(
                "There are clients in this database already; --add puts the simulated ones beside them."
            )
        plan = Plan(
            episodes=options["episodes"],
            years=options["years"],
            seed=options["seed"],
            today=options["today"] or timezone.localdate(),
            sessions=options["sessions"],
            busy=options["busy"],
        )
        progress = Progress(plan.episodes)
        before = os.times()
        load.simulate(plan, load.Say(progress.say, progress.done), processes=options["processes"])
        progress.say(_("tidying up (vacuum)"))
        load.vacuum()
        self._tell(plan, before)

    def _tell(self, plan: Plan, before: os.times_result) -> None:
        after = os.times()
        wall = after.elapsed - before.elapsed
        worked = sum(after[:4]) - sum(before[:4])
        told = {
            "episodes": format_number(plan.episodes), "first": format_date(plan.since), "last": format_date(plan.today),
            "seed": plan.seed, "wall": format_number(wall, 0), "worked": format_number(worked, 0),
        }  # fmt: skip
        self.stdout.write(
            _(
                "%(episodes)s episodes from %(first)s to %(last)s, seed %(seed)s: %(wall)s s, "
                "with %(worked)s s of processor time beside the database's"
            )
            % told
        )
        self.stdout.write(_("Logins (password %(password)s):") % {"password": PASSWORD})
        for login in LOGINS:
            self.stdout.write(f"  {login.username:<22}{login.role.label} · {login.place}")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number
