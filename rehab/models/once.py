from django.db import models


class FormToken(models.Model):
    """A form that has been accepted, and where it led: posting it twice changes nothing (rehab/once.py)."""

    token = models.CharField(max_length=64, primary_key=True)
    user_id = models.BigIntegerField()
    location = models.CharField(max_length=300)
    used_at = models.DateTimeField(db_default=models.functions.Now(), db_index=True)

    personal: frozenset[str] = frozenset()
    plain = frozenset({"token", "user_id", "location", "used_at"})

    def __str__(self) -> str:
        return self.token
