from django.core.management.base import BaseCommand

from facilities.imports.facilities import load_facilities


class Command(BaseCommand):
    help = "Take in the register's first institutions; those that exist are left alone."

    def handle(self, *args, **options):
        self.stdout.write(f"{load_facilities()} new facilities")
