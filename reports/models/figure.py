from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from facilities.models import Unit
from rehab.history import tracked


@tracked()
class ReportedFigure(models.Model):
    """A figure published elsewhere, kept as printed with its source; shown beside counted ones, never added to them."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="reported_figures")
    year = models.PositiveSmallIntegerField(_("year"))
    indicator = models.CharField(_("indicator"), max_length=40)
    title = models.CharField(_("as named by the source"), max_length=150)
    target = models.DecimalField(_("target"), max_digits=14, decimal_places=4, null=True)
    realised = models.DecimalField(_("realised"), max_digits=14, decimal_places=4, null=True)
    printed_percent = models.CharField(_("printed %"), max_length=20, blank=True)
    parts = models.CharField(_("parts"), max_length=250, blank=True)
    as_of = models.DateField(_("as of"))
    source = models.CharField(_("source"), max_length=250)
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    personal: frozenset[str] = frozenset()
    plain = frozenset(
        {
            "id", "unit", "year", "indicator", "title", "target", "realised", "printed_percent", "parts", "as_of",
            "source", "imported_by",
        }
    )  # fmt: skip

    class Meta:
        ordering = ["unit", "-year", "indicator", "-as_of"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year", "indicator", "as_of"],
                name="reported_once",
                violation_error_message=_("This figure is already reported as of this date."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit.code} {self.year} {self.indicator}"
