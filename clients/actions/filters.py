"""What a person keeps for the list of clients. Nobody else's, and never an identifier."""

import re
from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from clients.models import ChosenColumns, SavedFilter
from rehab import audit, undo
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User

MOST = 20
REMOVED = "saved_filters.removed"
# A name is read by everyone who looks over one's shoulder: a NIK or a phone number has no place in it.
_NUMBER = re.compile(r"(?:\d[\s.-]?){7,}")


@action
def save(*, by: User, name: str, query: str, columns: Iterable[str] = (), is_default: bool = False) -> SavedFilter:
    """Raises Refused for a name that is taken, the twenty-first, or a number in the name. `query` comes from the form."""
    _lock(by)
    if by.saved_filters.kept().count() >= MOST:
        raise Refused(_("You keep %(most)s filters already. Delete one first.") % {"most": MOST}, field="name")
    if is_default:
        _no_other(by)
    kept = SavedFilter.objects.create(
        user=by, name=_named(name), query=query, columns=list(columns), is_default=is_default
    )
    audit.record("saved_filters.saved", by=by, subject=kept, data={"query": query})
    return kept


@action
def change(*, by: User, kept: SavedFilter, name: str, is_default: bool, query: str | None = None) -> None:
    """A new name; with `query` what it asks for, too."""
    _lock(by)
    if is_default:
        _no_other(by)
    kept.name, kept.is_default = _named(name), is_default
    if query is not None:
        kept.query = query
    kept.save()
    audit.record("saved_filters.changed", by=by, subject=kept, data={"query": kept.query})


@action
def remove(*, by: User, kept: SavedFilter) -> None:
    """It goes at once and may be taken back for a while; what went a day ago goes for good."""
    day_ago = timezone.now() - timedelta(days=1)
    by.saved_filters.filter(removed_at__lt=day_ago).delete()
    kept.removed_at = timezone.now()
    kept.save()
    audit.record(REMOVED, by=by, subject=kept)


@undo.verb(REMOVED)
@action
def take_back(*, by: User, kept: int) -> None:
    """Undo `remove`. Raises Refused where its name has been taken since, or there is no room."""
    _lock(by)
    found = by.saved_filters.filter(pk=kept).exclude(removed_at=None).first()
    if found is None or by.saved_filters.kept().count() >= MOST:
        raise Refused(_("This filter can no longer be brought back."))
    found.removed_at = None
    found.is_default = found.is_default and not by.saved_filters.kept().filter(is_default=True).exists()
    found.save()
    audit.record("saved_filters.taken_back", by=by, subject=found)


@action
def choose_columns(*, by: User, columns: list[str], kept: SavedFilter | None = None) -> None:
    """The columns of a saved filter, or those that the person sees elsewhere."""
    if kept is None:
        ChosenColumns.objects.update_or_create(user=by, defaults={"columns": columns})
    else:
        kept.columns = columns
        kept.save(update_fields=["columns"])
    audit.record("clients.columns_chosen", by=by, subject="clients.chosencolumns", data={"columns": columns})


def _lock(by: User) -> None:
    """One after the other, so that the most and the one that opens the list hold."""
    User.objects.select_for_update().get(pk=by.pk)


def _no_other(by: User) -> None:
    for other in by.saved_filters.kept().filter(is_default=True):
        other.is_default = False
        other.save(update_fields=["is_default"])


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refused(_("Give the filter a name."), field="name")
    if _NUMBER.search(name):
        raise Refused(_("A NIK, a phone number or a code does not belong into a name."), field="name")
    return name
