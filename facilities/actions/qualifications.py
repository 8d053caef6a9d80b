"""Licences and certificates of staff: recorded by whoever keeps the facility or its people, never by the holder."""

from dataclasses import dataclass, fields
from datetime import date

from django.utils.translation import gettext as _

from facilities.actions.checks import believable, clean, ordered, reason_given
from facilities.enums import Qualifying
from facilities.models import Qualification
from rehab import audit
from rehab.actions import action
from rehab.errors import Refused
from rehab.history import as_it_was
from rehab.models import User


@dataclass(frozen=True)
class QualificationData:
    """`what` is a code of Qualifying, `result` one of CertificateResult; `ends_on` is the first day it no longer holds."""

    what: str
    starts_on: date
    ends_on: date | None = None
    number: str = ""
    issuer: str = ""
    level: str = ""
    result: str = ""


FIELDS = tuple(field.name for field in fields(QualificationData))


@action
def record(*, by: User | None, user: User, data: QualificationData) -> Qualification:
    """`by=None` is Titian itself (demo). Raises Refused to oneself, and for what a certificate or licence lacks."""
    _not_oneself(by, user)
    row = _filled(Qualification(user=user, recorded_by=by), data)
    row.save()
    audit.record("qualification.recorded", by=by, subject=row, data=_told(row))
    return row


@action
def correct(*, by: User, qualification: Qualification, data: QualificationData, reason: str) -> Qualification:
    """What was recorded wrongly; the versions before stay in the row's history."""
    reason = reason_given(reason)
    row = Qualification.objects.select_for_update(of=("self",)).select_related("user").get(pk=qualification.pk)
    _not_oneself(by, row.user)
    before = [getattr(row, name) for name in FIELDS]
    _filled(row, data)
    if before == [getattr(row, name) for name in FIELDS]:
        # The same form once more: nothing to correct, and no version of the row that says nothing.
        return row
    row.recorded_by, row.edit = by, row.edit + 1
    row.save()
    audit.record("qualification.corrected", by=by, subject=row, reason=reason, data=_told(row))
    return row


@action
def remove(*, by: User, qualification: Qualification, reason: str) -> None:
    """Recorded by mistake; one that was withdrawn by its issuer is corrected to its last day instead."""
    reason = reason_given(reason)
    row = Qualification.objects.select_for_update(of=("self",)).select_related("user").get(pk=qualification.pk)
    _not_oneself(by, row.user)
    audit.record("qualification.removed", by=by, subject=row, reason=reason, data=_told(row))
    row.delete()


@action
def bring_back(*, by: User, user: User, qualification: int) -> Qualification:
    """Undo `remove`. Raises Refused when there is nothing to bring back."""
    _not_oneself(by, user)
    row = as_it_was(Qualification, qualification)
    if row is None or row.user_id != user.pk:
        raise Refused(_("This can no longer be brought back."))
    row.edit += 1
    row.save(force_insert=True)
    audit.record("qualification.restored", by=by, subject=row, data=_told(row))
    return row


def _filled(row: Qualification, data: QualificationData) -> Qualification:
    for name in FIELDS:
        value = getattr(data, name)
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    clean(row, FIELDS)
    believable(row.starts_on, "starts_on")
    believable(row.ends_on, "ends_on")
    ordered(row.starts_on, row.ends_on, "ends_on")
    if row.what in Qualifying.certificates():
        if not row.number:
            raise Refused(_("A certificate has a number."), field="number")
        if not row.result:
            raise Refused(_("Say the result: competent, or not yet."), field="result")
    else:
        row.result = ""
    return row


def _not_oneself(by: User | None, user: User) -> None:
    if by is not None and by.pk == user.pk:
        raise Refused(_("Nobody records their own licences or certificates. Ask another admin."))


def _told(row: Qualification) -> dict[str, object]:
    return {
        "user": row.user.username,
        "what": row.what,
        "from": row.starts_on.isoformat(),
        "until": row.ends_on.isoformat() if row.ends_on else None,
    }
