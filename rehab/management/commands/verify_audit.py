"""`manage.py verify_audit`: recompute the audit chain. Exit 0 whole, 1 broken."""

import sys

from django.core.management.base import BaseCommand

from rehab import audit
from rehab.models import AuditSeal


class Command(BaseCommand):
    help = "Recompute every link of the audit chain and name what does not hold."

    def handle(self, *args, **options):
        broken = list(audit.breaks())
        for found in broken:
            self.stdout.write(f"seal {found.seal_id}: {found.what}")
        self.stderr.write(f"{AuditSeal.objects.count()} seals checked, {len(broken)} broken")
        if broken:
            sys.exit(1)
