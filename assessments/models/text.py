import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rehab.constraints import both_or_neither
from rehab.history import tracked


class TextSetQuerySet(models.QuerySet):
    def in_force(self) -> "TextSetQuerySet":
        return self.filter(withdrawn_at=None)


@tracked()
class TextSet(models.Model):
    """The official wording of an instrument in one language, loaded under a licence. It never changes: other words are another set.

    `texts` by place (assessments/instruments/wording.py). An assessment keeps `version`, so that it stays readable in the
    words in which it was asked, also after the set is withdrawn.
    """

    instrument = models.CharField(_("instrument"), max_length=20)
    instrument_version = models.CharField(_("version of the instrument"), max_length=20)
    language = models.CharField(_("language"), max_length=2)
    version = models.CharField(_("version of the text"), max_length=80)
    licence_note = models.TextField(_("licence note"))
    texts = models.JSONField()
    loaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    loaded_at = models.DateTimeField(db_default=models.functions.Now())
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = TextSetQuerySet.as_manager()

    personal: frozenset[str] = frozenset()
    plain = frozenset(
        {
            "id", "instrument", "instrument_version", "language", "version", "licence_note", "texts", "loaded_by",
            "loaded_at", "withdrawn_at", "withdrawn_by",
        }
    )  # fmt: skip

    class Meta:
        ordering = ["instrument", "-loaded_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "language", "version"],
                name="text_version_once",
                violation_error_message=_("This version of the text is loaded already, in other words."),
            ),
            models.CheckConstraint(
                name="text_has_a_licence",
                condition=~Q(licence_note="") & ~Q(version=""),
                violation_error_message=_("A text has a version and a licence note."),
            ),
            both_or_neither(
                "text_withdrawn", "withdrawn_at", "withdrawn_by", _("A withdrawal has a person and a time.")
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="text_is_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="text_is_frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("instrument", "instrument_version", "language", "version", "texts"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument} {self.version} ({self.language})"
