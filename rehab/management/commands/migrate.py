"""`migrate`, and what belongs to it: the triggers, the cache table, and what the application's database role may do."""

import pgtrigger
from django.core.management import call_command
from django.core.management.commands.migrate import Command as Migrate
from django.db import connections, transaction

from rehab.grants import grant
from rehab.schema import rendering_alone


class Command(Migrate):
    def handle(self, *args, **options):
        with rendering_alone():
            super().handle(*args, **options)
        connection = connections[options["database"]]
        if options["plan"] or options["check_unapplied"]:
            return
        # By us and in one transaction: the library's own signal would put each in place alone, after every flush of a test too.
        with transaction.atomic(using=connection.alias):
            pgtrigger.install(database=connection.alias)
        call_command("createcachetable", database=options["database"], verbosity=0)
        grant(connection)
