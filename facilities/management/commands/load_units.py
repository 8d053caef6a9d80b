from django.core.management.base import BaseCommand

from facilities.imports.units import load_units


class Command(BaseCommand):
    help = "Take in BNN and the BNNP of each province; units that exist are left alone."

    def handle(self, *args, **options):
        self.stdout.write(f"{load_units()} new units")
