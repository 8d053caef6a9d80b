from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from clients.enums import Admission, AdmissionGroup, EpisodeStatus, Outcome, Substance
from clients.models.client import Client
from facilities.access import facility_ids
from facilities.models import Facility
from rehab.constraints import both_or_neither, date_order, one_open
from rehab.history import tracked
from rehab.models import User
from rehab.roles import Permission


class EpisodeQuerySet(models.QuerySet["Episode"]):
    def open(self) -> "EpisodeQuerySet":
        return self.exclude(status=EpisodeStatus.CLOSED)

    def visible_to(self, user: User, permission: Permission = Permission.SEE_CLIENTS) -> "EpisodeQuerySet":
        reach = facility_ids(user, permission)
        treatments = self.model.treatments.rel.related_model._default_manager.filter(
            episode=OuterRef("pk"), facility__in=reach
        )
        return self.filter(Q(responsible_facility__in=reach) | Exists(treatments))


@tracked()
class Episode(models.Model):
    """One way from a door to closing. `facts_on` and `assessed_on` are told from above by `episodes.mark_…`."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="episodes")
    number = models.PositiveSmallIntegerField(_("episode"))
    admission = models.CharField(_("came by"), max_length=20, choices=Admission)
    admission_group = models.CharField(_("report group"), max_length=10, choices=AdmissionGroup)
    referrer = models.CharField(_("referred by"), max_length=150, blank=True)
    status = models.CharField(_("status"), max_length=14, choices=EpisodeStatus, default=EpisodeStatus.REGISTERED)
    responsible_facility = models.ForeignKey(
        Facility, on_delete=models.PROTECT, related_name="episodes", db_index=False
    )
    opened_on = models.DateField(_("registered on"))
    facts_on = models.DateField(_("six facts complete since"), null=True)
    assessed_on = models.DateField(_("first completed instrument"), null=True)
    main_substance = models.CharField(_("main substance"), max_length=14, choices=Substance, blank=True)
    closed_on = models.DateField(_("closed on"), null=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, null=True)
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = EpisodeQuerySet.as_manager()

    personal = frozenset({"referrer"})
    plain = frozenset(
        {
            "id", "client", "number", "admission", "admission_group", "status", "responsible_facility", "opened_on",
            "facts_on", "assessed_on", "main_substance", "closed_on", "outcome", "registered_by",
        }
    )  # fmt: skip

    class Meta:
        ordering = ["client", "-number"]
        constraints = [
            one_open(
                "one_open_episode",
                "client",
                open_when=~Q(status=EpisodeStatus.CLOSED),
                message=_("This client already has an open episode."),
            ),
            models.UniqueConstraint(
                fields=["client", "number"],
                name="episode_number_once",
                violation_error_message=_("This episode was registered at the same moment by somebody else."),
            ),
            both_or_neither("episode_closed", "closed_on", "outcome", _("A closed episode has a date and an outcome.")),
            models.CheckConstraint(
                name="episode_closed_status",
                condition=Q(status=EpisodeStatus.CLOSED, closed_on__isnull=False)
                | ~Q(status=EpisodeStatus.CLOSED) & Q(closed_on=None),
                violation_error_message=_("A closed episode has a date and an outcome."),
            ),
            date_order("episode_dates", "opened_on", "closed_on", _("It cannot close before the registration.")),
        ]
        indexes = [
            models.Index(fields=["responsible_facility", "status", "-id"], name="episode_of_facility"),
            models.Index(fields=["responsible_facility", "client"], name="episode_reaches"),
            models.Index(fields=["opened_on"], include=["client"], name="episode_opened"),
            # Whole in the index: how far those registered in a period have come, and the last registration of a facility.
            models.Index(
                fields=["responsible_facility", "opened_on"],
                include=["id", "assessed_on", "facts_on", "closed_on"],
                name="episode_registered",
            ),
            models.Index(
                fields=["responsible_facility"],
                include=["facts_on"],
                condition=~Q(status=EpisodeStatus.CLOSED),
                name="episode_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client} · {self.number}"

    @property
    def is_open(self) -> bool:
        return self.status != EpisodeStatus.CLOSED
