from django.core.management.base import BaseCommand, CommandError

from facilities.imports.regions import load_regions


class Command(BaseCommand):
    help = "Take in provinces, regencies and districts from the installed list; a second run changes nothing."

    def handle(self, *args, **options):
        try:
            count = load_regions()
        except FileNotFoundError as error:
            raise CommandError(f"The list of regions is not installed ({error.filename}); run `make setup`.") from error
        self.stdout.write(f"{count} regions")
