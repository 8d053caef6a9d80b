from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftercare.enums import ContactWay, FollowUpKind, PlanStatus, Productive, Relapse, Urine
from clients.models import Client, Treatment
from facilities.access import facility_ids, unit_ids
from facilities.models import Facility, Unit
from rehab.constraints import date_order, one_open
from rehab.history import tracked
from rehab.models import User
from rehab.roles import Permission

READING = (Permission.SEE_CLINICAL, Permission.SEE_CLINICAL_SUMMARY)


class AftercarePlanQuerySet(models.QuerySet):
    def open(self) -> "AftercarePlanQuerySet":
        return self.filter(status=PlanStatus.OPEN)

    def visible_to(self, user: User, *permissions: Permission) -> "AftercarePlanQuerySet":
        """Plans served in the person's reach, for those who may read what is clinical, at least as a summary."""
        permissions = permissions or READING
        return self.filter(Q(facility__in=facility_ids(user, *permissions)) | Q(unit__in=unit_ids(user, *permissions)))


@tracked()
class AftercarePlan(models.Model):
    """Follow-ups from the end of a treatment to the end of the window. Served by exactly one facility or unit.

    `counted_unit` is the unit it counts for, set with `first_contact_on`.
    """

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="aftercare_plans")
    treatment = models.ForeignKey(Treatment, on_delete=models.PROTECT, null=True, related_name="aftercare_plans")
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    status = models.CharField(_("status"), max_length=10, choices=PlanStatus, default=PlanStatus.OPEN)
    starts_on = models.DateField(_("starts on"))
    window_ends_on = models.DateField(_("window ends on"))
    first_contact_on = models.DateField(_("first contact"), null=True)
    counted_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    ended_on = models.DateField(_("ended on"), null=True)
    end_note = models.TextField(_("reason"), blank=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = AftercarePlanQuerySet.as_manager()

    personal = frozenset({"end_note"})
    plain = frozenset(
        {
            "id", "client", "treatment", "facility", "unit", "status", "starts_on", "window_ends_on", "first_contact_on",
            "counted_unit", "ended_on", "started_by",
        }
    )  # fmt: skip

    class Meta:
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="plan_at_one_place",
                condition=Q(unit=None, facility__isnull=False) | Q(unit__isnull=False, facility=None),
                violation_error_message=_("Aftercare is served by a facility or by a unit, not by both."),
            ),
            one_open(
                "one_open_plan",
                "client",
                open_when=Q(status=PlanStatus.OPEN),
                message=_("This client already has an open aftercare plan."),
            ),
            date_order("plan_window", "starts_on", "window_ends_on", _("The window ends before it starts.")),
            models.CheckConstraint(
                name="plan_counted",
                condition=Q(first_contact_on=None, counted_unit=None)
                | Q(first_contact_on__isnull=False, counted_unit__isnull=False),
                violation_error_message=_("A plan counts from its first contact, for a unit."),
            ),
            models.CheckConstraint(
                name="plan_ended",
                condition=Q(status=PlanStatus.OPEN, ended_on=None)
                | (~Q(status=PlanStatus.OPEN) & Q(ended_on__isnull=False)),
                violation_error_message=_("An ended plan has a status and a date."),
            ),
            date_order("plan_dates", "starts_on", "ended_on", _("The plan ends before it starts.")),
        ]
        indexes = [
            models.Index(
                fields=["counted_unit", "first_contact_on"],
                include=["facility", "client"],
                condition=Q(first_contact_on__isnull=False),
                name="plan_counted_index",
            ),
            # Plans that run, and those that ended lately, with the facility that serves them.
            models.Index(fields=["ended_on"], include=["id", "facility"], name="plan_ended_on"),
            models.Index(fields=["facility"], include=["id"], condition=Q(ended_on=None), name="plan_running"),
        ]

    def __str__(self) -> str:
        return f"{self.client} {self.starts_on}"

    @property
    def is_open(self) -> bool:
        return self.status == PlanStatus.OPEN

    @property
    def place(self) -> Facility | Unit:
        place = self.facility or self.unit
        assert place is not None  # held by the constraint plan_at_one_place
        return place


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def visible_to(self, user: User, *permissions: Permission) -> "FollowUpQuerySet":
        """Follow-ups of the plans that `AftercarePlan.objects.visible_to` gives, found through the plan's own row."""
        permissions = permissions or READING
        reach = Q(plan__facility__in=facility_ids(user, *permissions)) | Q(plan__unit__in=unit_ids(user, *permissions))
        return self.filter(reach)

    def open(self) -> "FollowUpQuerySet":
        """Still to be done. A plan runs as long as it has no end (constraint plan_ended): so its index finds it."""
        return self.filter(done_on=None, plan__ended_on=None)

    def next_of_plans(self) -> "FollowUpQuerySet":
        """Of each open plan the one that is due next, overdue or not. What narrows the plans goes before, the dates after:
        the rows are collected from the plans, since those due early in the whole nation are many."""
        first = self.open().order_by("plan_id", "due_on", "pk").distinct("plan_id")
        return self.model.objects.filter(pk__in=first.values("pk"))


@tracked()
class FollowUp(models.Model):
    """One planned or made contact. `done_on` null: still due. No contact made is a fact of its own."""

    plan = models.ForeignKey(AftercarePlan, on_delete=models.PROTECT, related_name="follow_ups")
    due_on = models.DateField(_("due on"))
    done_on = models.DateField(_("done on"), null=True)
    kind = models.CharField(_("kind"), max_length=14, choices=FollowUpKind, default=FollowUpKind.MONITORING)
    way = models.CharField(_("way"), max_length=10, choices=ContactWay, blank=True)
    contact_made = models.BooleanField(_("contact made"), null=True)
    productive = models.CharField(_("productive"), max_length=8, choices=Productive, default=Productive.UNKNOWN)
    relapse = models.CharField(_("relapse"), max_length=8, choices=Relapse, default=Relapse.UNKNOWN)
    urine = models.CharField(_("urine test"), max_length=8, choices=Urine, default=Urine.NOT_DONE)
    note = models.TextField(_("note"), blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    edit = models.PositiveIntegerField(default=1)

    objects = FollowUpQuerySet.as_manager()

    personal = frozenset({"productive", "relapse", "urine", "note"})
    plain = frozenset({"id", "plan", "due_on", "done_on", "kind", "way", "contact_made", "recorded_by", "edit"})

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="follow_up_done",
                condition=Q(done_on=None, contact_made=None) | Q(done_on__isnull=False, contact_made__isnull=False),
                violation_error_message=_("A follow-up that was done says whether contact was made."),
            ),
            models.CheckConstraint(
                name="follow_up_knows_by_contact",
                condition=Q(contact_made=True)
                | Q(relapse=Relapse.UNKNOWN, productive=Productive.UNKNOWN, urine=Urine.NOT_DONE),
                violation_error_message=_(
                    "Without contact nothing is known: leave relapse, activity and urine test open."
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], include=["plan"], condition=Q(done_on=None), name="follow_up_due"),
            # The last follow-up of a facility is looked for among those of the last weeks.
            models.Index(
                fields=["done_on"], include=["plan"], condition=Q(done_on__isnull=False), name="follow_up_done_on"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.due_on}"
