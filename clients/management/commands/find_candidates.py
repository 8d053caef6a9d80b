from django.core.management.base import BaseCommand

from clients.actions import candidates
from clients.models import MatchCandidate


class Command(BaseCommand):
    help = "Compare the clients that never were compared, such as imported ones; a second run changes nothing."

    def handle(self, *args, **options):
        before, compared, last = MatchCandidate.objects.count(), 0, 0
        while found := candidates.backfill(after=last):
            compared, last = compared + len(found), found[-1]
            self.stderr.write(f"{compared} clients compared …")
        self.stdout.write(f"{compared} clients, {MatchCandidate.objects.count() - before} possible duplicates")
