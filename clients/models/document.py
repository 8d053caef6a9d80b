import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.enums import MEDICAL_KINDS, DocumentKind, FileKind
from clients.models.client import Client
from clients.models.consent import Consent
from facilities.access import facility_ids
from facilities.models import Facility
from rehab.constraints import one_open
from rehab.history import tracked
from rehab.models import User
from rehab.roles import Permission


def new_key() -> str:
    """The name of a file in the store: nothing of what people typed is ever part of a path."""
    return secrets.token_hex(16)


class DocumentQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "DocumentQuerySet":
        """A document belongs to the facility that keeps it: papers of identity are for those who register and see identity
        there, medical ones for those who see clinical data. Staff of units open no documents."""
        registers = facility_ids(user, Permission.REGISTER)
        identity = Q(facility__in=registers & facility_ids(user, Permission.SEE_IDENTITY))
        medical = Q(facility__in=registers & facility_ids(user, Permission.SEE_CLINICAL))
        return self.filter(identity & ~Q(kind__in=sorted(MEDICAL_KINDS)) | medical & Q(kind__in=sorted(MEDICAL_KINDS)))

    def kept(self) -> "DocumentQuerySet":
        """Not withdrawn."""
        return self.filter(withdrawn_at=None)


@tracked()
class Document(models.Model):
    """A paper of a client, as a file under the client's key. Never deleted: one put there by mistake is withdrawn."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="documents")
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind of document"), max_length=16, choices=DocumentKind)
    title = models.BinaryField()
    file_name = models.BinaryField()
    file_kind = models.CharField(max_length=4, choices=FileKind)
    size = models.PositiveIntegerField()
    digest = models.BinaryField()
    key = models.CharField(max_length=32, unique=True, default=new_key)
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, null=True, related_name="documents")
    stored_at = models.DateTimeField(db_default=models.functions.Now())
    stored_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_reason = models.CharField(_("reason"), max_length=250, blank=True)

    objects = DocumentQuerySet.as_manager()

    # The digest is keyed, yet tells that two rows hold the same paper.
    personal = frozenset({"title", "file_name", "digest", "withdrawn_reason"})
    plain = frozenset(
        {
            "id", "client", "facility", "kind", "file_kind", "size", "key", "consent", "stored_at", "stored_by",
            "withdrawn_at", "withdrawn_by",
        }
    )  # fmt: skip

    class Meta:
        ordering = ["-id"]
        constraints = [
            one_open(
                "document_once",
                "client",
                "facility",
                "digest",
                open_when=Q(withdrawn_at=None),
                message=_("This very file is among the client's documents already."),
            ),
            models.CheckConstraint(
                name="document_withdrawn",
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_reason="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_reason=""),
                violation_error_message=_("A withdrawn document says who withdrew it, when and why."),
            ),
            models.CheckConstraint(
                name="document_not_empty", condition=Q(size__gt=0), violation_error_message=_("The file is empty.")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client} {self.kind} {self.pk}"

    @property
    def is_medical(self) -> bool:
        return self.kind in MEDICAL_KINDS

    @property
    def is_picture(self) -> bool:
        return self.file_kind != FileKind.PDF
