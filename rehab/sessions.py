"""Signed-in sessions of a person, wherever they are."""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

from rehab.models import User


def end_all(user: User) -> int:
    """End every session of the person; gives how many. Sessions are idle for half an hour at most, so there are few to read."""
    running = Session.objects.filter(expire_date__gt=timezone.now())
    theirs = [row.pk for row in running.iterator() if row.get_decoded().get(SESSION_KEY) == str(user.pk)]
    Session.objects.filter(pk__in=theirs).delete()
    return len(theirs)
