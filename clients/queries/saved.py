"""The filters and columns that a person keeps for the list of clients."""

from dataclasses import dataclass

from django.db.models import BooleanField, CharField, Value

from clients.models import ChosenColumns, SavedFilter
from rehab.models import User


@dataclass(frozen=True)
class Kept:
    filters: list[SavedFilter]
    columns: list[str]

    @property
    def opening(self) -> SavedFilter | None:
        """The filter that the list opens with."""
        return next((each for each in self.filters if each.is_default), None)

    def filter(self, pk: str) -> SavedFilter | None:
        return next((each for each in self.filters if str(each.pk) == pk), None)


def kept_of(user: User) -> Kept:
    """One query."""
    text = CharField()
    filters = SavedFilter.objects.visible_to(user).kept().order_by()
    own = ChosenColumns.objects.visible_to(user).order_by()
    rows = filters.values_list("pk", "name", "query", "columns", "is_default").union(
        own.values_list(Value(0), Value("", text), Value("", text), "columns", Value(False, BooleanField())),
        all=True,
    )
    found, columns = [], []
    for pk, name, query, kept, is_default in rows:
        if pk:
            found.append(SavedFilter(pk=pk, user=user, name=name, query=query, columns=kept, is_default=is_default))
        else:
            columns = kept
    return Kept(sorted(found, key=lambda each: (each.name.casefold(), each.pk)), columns)
