from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from clients.models import known
from facilities.access import facility_ids, nationwide
from rehab.constraints import one_open
from rehab.enums import Sex
from rehab.history import tracked
from rehab.models import User
from rehab.roles import Permission


class Person(models.Model):
    """A bare number behind which clients that are one human being stand; linked and unlinked, never merged.

    `has_nik`: whether some client of it has one; kept by triggers, so that persons are counted without reading identity.
    """

    has_nik = models.BooleanField(db_default=False)

    personal: frozenset[str] = frozenset()
    plain = frozenset({"id", "has_nik"})

    def __str__(self) -> str:
        return str(self.pk)


class LinkGround(models.TextChoices):
    REGISTRATION = "registration", _("Registered")
    NIK = "nik", _("Same NIK")
    STEWARD = "steward", _("Data steward")


class ClientQuerySet(models.QuerySet["Client"]):
    def visible_to(self, user: User, permission: Permission = Permission.SEE_CLIENTS) -> "ClientQuerySet":
        """Clients with an episode under a facility of the person's scope, or treated there once."""
        if nationwide(user, permission):
            return self.filter(Exists(self._episodes().filter(client=OuterRef("pk"))))
        return self.at(facility_ids(user, permission))

    def at(self, facilities) -> "ClientQuerySet":
        """The clients are collected from the facilities' own rows: looking at each client of the nation would take a second."""
        return self.filter(pk__in=self.known_at(facilities))

    def known_at(self, facilities) -> models.QuerySet:
        """Their keys alone, for rows that hang on a client: they need not look at the clients themselves."""
        registered, treated = (rows.values("client") for rows in self.rows_at(facilities))
        return registered.union(treated)

    def rows_at(self, facilities) -> tuple[models.QuerySet, models.QuerySet]:
        """The episodes and the treatments there that make a client known."""
        treatments = self.model.treatments.rel.related_model._default_manager.filter(facility__in=facilities)
        return self._episodes().filter(responsible_facility__in=facilities).order_by(), treatments.order_by()

    def _episodes(self) -> models.QuerySet:
        return self.model.episodes.rel.related_model._default_manager.all()


@tracked()
class Client(models.Model):
    """A person served, without any direct identifier; those are in `Identity`, encrypted under `data_key`."""

    code = models.CharField(_("client code"), max_length=12, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="clients")
    sex = models.CharField(_("sex"), max_length=1, choices=Sex)
    birth_year = models.PositiveSmallIntegerField(_("year of birth"), null=True)
    region = models.ForeignKey("facilities.Region", on_delete=models.PROTECT, null=True, related_name="+")
    data_key = models.BinaryField()
    created_at = models.DateTimeField(db_default=models.functions.Now())

    objects = ClientQuerySet.as_manager()

    # What a page hangs on the row: the masked name (`queries.with_names`), and what its panels fetch once.
    masked: str
    page_cache: dict[str, Any]

    personal = frozenset({"birth_year", "region", "sex"})
    plain = frozenset({"id", "code", "person", "data_key", "created_at"})

    class Meta:
        ordering = ["-id"]
        triggers = known.OF_CLIENT

    def __str__(self) -> str:
        return self.code


@tracked()
class PersonLink(models.Model):
    """Which person a client stood for, from when until when, and why; the latest open row agrees with `Client.person`."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="person_links")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="links")
    ground = models.CharField(max_length=12, choices=LinkGround)
    linked_at = models.DateTimeField(db_default=models.functions.Now())
    ended_at = models.DateTimeField(null=True)

    personal: frozenset[str] = frozenset()
    plain = frozenset({"id", "client", "person", "ground", "linked_at", "ended_at"})

    class Meta:
        constraints = [
            one_open(
                "one_person_at_a_time",
                "client",
                open_when=models.Q(ended_at=None),
                message=_("A client stands for one person at a time."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.client} → {self.person}"
