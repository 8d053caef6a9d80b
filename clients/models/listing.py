"""What a person keeps for the list of clients: filters under a name, and the columns one wants to see."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rehab.history import tracked
from rehab.models import User


class OwnQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(user=user)


class SavedFilterQuerySet(OwnQuerySet):
    def kept(self) -> "SavedFilterQuerySet":
        """Those not thrown away; one thrown away stays for a while, so that it can be taken back."""
        return self.filter(removed_at=None)


@tracked()
class SavedFilter(models.Model):
    """A filter of the list as its address carries it, which never holds an identifier. Empty `columns`: the person's own."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_filters")
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=1000, blank=True)
    columns = ArrayField(models.CharField(max_length=40), default=list)
    is_default = models.BooleanField(_("opens with the list"), default=False)
    removed_at = models.DateTimeField(null=True)

    objects = SavedFilterQuerySet.as_manager()

    personal: frozenset[str] = frozenset()
    plain = frozenset({"id", "user", "name", "query", "columns", "is_default", "removed_at"})

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name"],
                condition=Q(removed_at=None),
                name="saved_filter_name_once",
                violation_error_message=_("You have a saved filter of this name already."),
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(is_default=True, removed_at=None),
                name="one_default_filter",
                violation_error_message=_("Another filter opens with the list already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class ChosenColumns(models.Model):
    """The columns that a person wants in the list where no saved filter says otherwise."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="chosen_columns", primary_key=True
    )
    columns = ArrayField(models.CharField(max_length=40), default=list)

    objects = OwnQuerySet.as_manager()

    personal: frozenset[str] = frozenset()
    plain = frozenset({"user", "columns"})

    def __str__(self) -> str:
        return ", ".join(self.columns)
