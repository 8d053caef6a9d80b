import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.enums import Addressee, LetterLevel
from clients.models.treatment import Treatment
from facilities.access import facility_ids
from facilities.models import Facility
from rehab.constraints import date_order
from rehab.history import tracked
from rehab.models import User
from rehab.roles import Permission


class WarningLetterQuerySet(models.QuerySet):
    def visible_to(self, user: User, permission: Permission = Permission.TREAT) -> "WarningLetterQuerySet":
        return self.filter(facility__in=facility_ids(user, permission))


@tracked()
class WarningLetter(models.Model):
    """SP-1, SP-2 or SP-3 to a client who fell out of touch since `contact_on`: numbered by facility and year.

    `content` is all that the paper says, name and address included, sealed under the client's data key: printed again it is
    the same paper, whatever was corrected since. `digest` is its hash.
    """

    treatment = models.ForeignKey(Treatment, on_delete=models.PROTECT, related_name="letters")
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+", db_index=False)
    level = models.PositiveSmallIntegerField(_("letter"), choices=LetterLevel)
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveIntegerField(_("number"))
    addressee = models.CharField(_("addressed to"), max_length=8, choices=Addressee)
    contact_on = models.DateField(_("last contact"))
    missed = models.PositiveSmallIntegerField(_("missed in a row"))
    issued_on = models.DateField(_("written on"))
    come_by = models.DateField(_("asks to come by"))
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    content = models.BinaryField()
    digest = models.CharField(max_length=64)

    objects = WarningLetterQuerySet.as_manager()

    personal = frozenset({"content"})
    plain = frozenset(
        {
            "id", "treatment", "facility", "level", "year", "number", "addressee", "contact_on", "missed", "issued_on",
            "come_by", "issued_by", "digest",
        }
    )  # fmt: skip

    class Meta:
        ordering = ["-issued_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "year", "number"],
                name="letter_number_once",
                violation_error_message=_("A colleague has just taken this number. Try again."),
            ),
            models.UniqueConstraint(
                fields=["treatment", "contact_on", "level"],
                name="letter_level_once",
                violation_error_message=_("A colleague has just written this letter."),
            ),
            models.CheckConstraint(
                name="letter_in_silence",
                condition=Q(contact_on__lt=models.F("issued_on")),
                violation_error_message=_("The client was in touch since."),
            ),
            date_order(
                "letter_days", "issued_on", "come_by", _("The client cannot come before the letter is written.")
            ),
        ]
        triggers = [pgtrigger.Protect(name="letter_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """The number as it stands on the paper: 007/SP-1/KP-5371/2026."""
        return f"{self.number:03d}/{LetterLevel(self.level).label}/{self.facility.code}/{self.year}"
