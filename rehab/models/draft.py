from django.conf import settings
from django.db import models


class Draft(models.Model):
    """What somebody has typed into a form and not yet saved; encrypted, one row for each form and person.

    `place` names the form and what it is about, for example `clients.register:12`.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    place = models.CharField(max_length=120)
    content = models.BinaryField()
    saved_at = models.DateTimeField(auto_now=True)

    personal = frozenset({"content"})
    plain = frozenset({"id", "user", "place", "saved_at"})

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "place"], name="draft_once")]

    def __str__(self) -> str:
        return self.place
