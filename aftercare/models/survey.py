"""The satisfaction survey: who was asked stands with the treatment, what was answered stands apart from everybody.

No row leads from the one to the other, so that no page, export or history can: staff may ask for a survey and never learn
what this client said.
"""

import secrets

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import ExpressionWrapper, F, Func, IntegerField, Q, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Round
from django.utils.translation import gettext_lazy as _

from aftercare.enums import LEAST_ANSWERED, SurveyElement
from clients.models import Treatment
from facilities.access import facility_ids
from facilities.models import Facility, Unit
from rehab.history import tracked
from rehab.models import User
from rehab.roles import Permission

ELEMENTS = tuple(element.value for element in SurveyElement)
_SUM: Combinable = Coalesce(F(ELEMENTS[0]), Value(0))
for _name in ELEMENTS[1:]:
    _SUM = _SUM + Coalesce(F(_name), Value(0))
_ANSWERED = Func(*[F(name) for name in ELEMENTS], function="num_nonnulls", output_field=IntegerField())


class SatisfactionSurveyQuerySet(models.QuerySet):
    def visible_to(self, user: User, permission: Permission = Permission.TREAT) -> "SatisfactionSurveyQuerySet":
        return self.filter(treatment__facility__in=facility_ids(user, permission))


@tracked()
class SatisfactionSurvey(models.Model):
    """That the client of a treatment was asked, once, and answered or declined. Never what was answered."""

    treatment = models.OneToOneField(Treatment, on_delete=models.PROTECT, related_name="satisfaction")
    given = models.BooleanField(_("answered"))
    asked_on = models.DateField(_("asked on"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = SatisfactionSurveyQuerySet.as_manager()

    personal = frozenset({"given"})
    plain = frozenset({"id", "treatment", "asked_on", "asked_by"})

    class Meta:
        ordering = ["-asked_on", "-id"]
        triggers = [pgtrigger.Protect(name="survey_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.treatment_id} {self.asked_on}"


def drawn_id() -> int:
    """By chance, so that sheets do not stand in the order in which they were given."""
    return secrets.randbelow(2**53 - 1) + 1


def _element(element: SurveyElement) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(element.label, null=True)


class SatisfactionSheetQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "SatisfactionSheetQuerySet":
        """Nobody reads single sheets; they are only counted."""
        return self.none()


class SatisfactionSheet(models.Model):
    """One anonymous sheet: nine elements of public service from 1 (poor) to 4 (very good), at least five answered.

    `score` is the mean of those answered, in hundredths. `unit` is the one that supervised the facility on that day.
    Without row history, which would tell when and by whose session it came.
    """

    id = models.BigIntegerField(primary_key=True, default=drawn_id, editable=False)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    given_on = models.DateField(_("given on"))
    requirements = _element(SurveyElement.REQUIREMENTS)
    procedure = _element(SurveyElement.PROCEDURE)
    time = _element(SurveyElement.TIME)
    cost = _element(SurveyElement.COST)
    product = _element(SurveyElement.PRODUCT)
    competence = _element(SurveyElement.COMPETENCE)
    conduct = _element(SurveyElement.CONDUCT)
    means = _element(SurveyElement.MEANS)
    complaints = _element(SurveyElement.COMPLAINTS)
    score = models.GeneratedField(
        expression=Round(ExpressionWrapper(Value(100.0) * _SUM / _ANSWERED, models.DecimalField())),
        output_field=models.PositiveSmallIntegerField(),
        db_persist=True,
    )

    objects = SatisfactionSheetQuerySet.as_manager()

    personal = frozenset(ELEMENTS)
    plain = frozenset({"id", "facility", "unit", "given_on", "score"})

    class Meta:
        ordering = ["-given_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="sheet_scale",
                condition=Q(*[Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__range": (1, 4)}) for name in ELEMENTS]),
                violation_error_message=_("Each answer lies between 1 and 4."),
            ),
            models.CheckConstraint(
                name="sheet_answered",
                condition=Q(
                    Func(
                        *[F(name) for name in ELEMENTS],
                        template=f"num_nonnulls(%(expressions)s) >= {LEAST_ANSWERED}",
                        output_field=models.BooleanField(),
                    )
                ),
                violation_error_message=_("At least five of the nine questions must be answered."),
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "given_on"], include=["score", "facility"], name="sheet_counted"),
            models.Index(fields=["given_on"], include=["unit", "score", "facility"], name="sheet_counted_all"),
            models.Index(fields=["facility", "given_on"], include=["unit", "score"], name="sheet_counted_at"),
        ]

    def __str__(self) -> str:
        return f"{self.facility_id} {self.given_on}"
