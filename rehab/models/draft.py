from django.conf import settings
from django.db import models


class Draft(models.Model):
    """What somebody has typed into a form and not yet saved; encrypted, one row for each form and person.

    `place` names the form: the address of its page and, where several stand on one page or one page serves several places,
    a name. `version` counts the saves, so that one tab does not overwrite what was typed in another. A draft that was thrown
    away stays for a while, so that it can be taken back.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    place = models.CharField(max_length=300)
    content = models.BinaryField()
    version = models.PositiveIntegerField(default=1)
    post_id = models.BigIntegerField(null=True)
    saved_at = models.DateTimeField(auto_now=True)
    discarded_at = models.DateTimeField(null=True)

    personal = frozenset({"content"})
    plain = frozenset({"id", "user", "place", "version", "post_id", "saved_at", "discarded_at"})

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "place"], name="draft_once")]

    def __str__(self) -> str:
        return self.place
