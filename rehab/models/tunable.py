from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class TunableValue(models.Model):
    """One value of a setting that stands for an unverified fact, with its source. The latest row holds; none is deleted."""

    key = models.CharField(max_length=80)
    value = models.JSONField()
    source_note = models.TextField(_("source"))
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(db_default=models.functions.Now())

    personal: frozenset[str] = frozenset()
    plain = frozenset({"id", "key", "value", "source_note", "changed_by", "changed_at"})

    class Meta:
        indexes = [models.Index(fields=["key", "-id"], name="tunable_latest")]

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"
