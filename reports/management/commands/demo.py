"""`manage.py demo`: migrates and loads the demo data once; a second call changes nothing."""

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from rehab.demo import LOGINS
from reports.demo.load import is_loaded, load


class Command(BaseCommand):
    help = "Migrate and load the demo data: real institutions and figures, invented people."
    requires_migrations_checks = False
    # The checks are the tests' work; here they would stand between the newcomer and the first page.
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--logins", action="store_true", help="only print the logins, one a line")

    def handle(self, *args, **options):
        if options["logins"]:
            for login in LOGINS:
                self.stdout.write(f"{login.username}\t{login.password}\t{login.role_label}\t{login.place_name}")
            return
        if not settings.DEMO:
            raise CommandError("Demo data is for demonstration only; set TITIAN_DEMO=1 where that is what you want.")
        call_command("migrate", verbosity=0)
        if is_loaded():
            self.stderr.write("demo: already loaded, nothing changed")
            return
        load(lambda step: self.stderr.write(f"demo: {step} …"))
        self.stderr.write("demo: ready")
