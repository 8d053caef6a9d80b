"""Signed-in sessions: kept in the database, written when something changed or a minute has gone by, ended all at once."""

from datetime import timedelta

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from rehab.models import User

# A page an idle person left is closed after thirty minutes; whether it is a minute less nobody can tell.
SPARED = timedelta(minutes=1)


class SessionStore(db.SessionStore):
    """The engine of the settings: every request extends the session, but only one a minute writes that down."""

    def load(self) -> dict:
        row = self._get_session_from_db()  # type: ignore[attr-defined]  # private to Django: the stubs leave it out
        self._until = row.expire_date if row else None
        return self.decode(row.session_data) if row else {}

    def save(self, must_create: bool = False) -> None:
        until = getattr(self, "_until", None)
        if must_create or self.modified or until is None or self.get_expiry_date() - until > SPARED:
            super().save(must_create)


def end_all(user: User) -> int:
    """End every session of the person; gives how many. Sessions are idle for half an hour at most, so there are few to read."""
    running = Session.objects.filter(expire_date__gt=timezone.now())
    theirs = [row.pk for row in running.iterator() if row.get_decoded().get(SESSION_KEY) == str(user.pk)]
    Session.objects.filter(pk__in=theirs).delete()
    return len(theirs)
