from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from rehab.history import tracked


@tracked(exclude=("password", "last_login"))
class User(AbstractUser):
    """A person with an account. What they may do comes from their posts (facilities), never from groups or flags."""

    first_name = None  # type: ignore[assignment]  # so Django lets a field of AbstractUser be left out
    last_name = None  # type: ignore[assignment]  # the same
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("e-mail"), unique=True)

    REQUIRED_FIELDS = ["email", "name"]

    personal = frozenset({"username", "name", "email"})
    plain = frozenset({"id", "password", "last_login", "is_superuser", "is_staff", "is_active", "date_joined"})

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("username"), name="user_username_once", violation_error_message=_("This username is taken.")
            ),
            models.UniqueConstraint(
                Lower("email"), name="user_email_once", violation_error_message=_("This e-mail address is taken.")
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else self.username
