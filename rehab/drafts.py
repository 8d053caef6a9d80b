"""Encrypted server drafts: what was typed survives a lost login, a crash and a closed laptop.

A form keeps one by `{% draft form %}` in its template (rehab/templatetags/titian.py). The tag signs the form's place for its
person; only with that signature anything is kept, so that no draft can be put into somebody else's form.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rehab import panels, tunables, undo, vault
from rehab.errors import Refused
from rehab.identity.crypto import Tampered, WrongKey
from rehab.models import Draft, User
from rehab.tunables import Tunable

FIELD = "draft"  # the hidden input that carries the form's signed place
LARGEST = 200_000  # characters of one draft
KEPT_DAYS = "drafts.days"
TAKEN_BACK_WITHIN = timedelta(hours=1)
MOST_TODAY = 20
_MOST_FIELDS = 1000
_SALT = "rehab.draft"
_OPEN_FOR = 7 * 24 * 3600  # seconds for which an open page may still keep its draft
_NEVER = {"csrfmiddlewaretoken", "form_token", FIELD}
_SECRET = ("password", "otp", "secret")

tunables.declare(
    Tunable(
        KEPT_DAYS, _("Days for which an unfinished draft is kept"), 30, least=1, most=365,
        default_source=_("our own choice: a month's leave ends in time"),
    )
)  # fmt: skip

Fields = dict[str, list[str]]


class Newer(Exception):
    """Another tab or device has kept this draft since; `draft` is what stands there."""

    def __init__(self, draft: Draft):
        super().__init__(draft.version)
        self.draft = draft


class TooLong(Exception):
    """More than a draft holds."""


@dataclass(frozen=True)
class Content:
    """The fields as a browser posts them, and by which words and address the form is found again."""

    fields: Fields
    title: str = ""
    about: str = ""
    url: str = ""


def place_of(path: str, name: str = "") -> str:
    """The form's place, from the address of its page (with its parameters) and its name on the page."""
    place = f"{path}#{name}" if name else path
    return place if len(place) <= 300 else f"{place[:200]}#{hashlib.sha256(place.encode()).hexdigest()}"


def sign(user: User, place: str) -> str:
    return signing.dumps([user.pk, place], salt=_SALT, compress=True)


def signed(token: str) -> tuple[int, str] | None:
    """(the person's id, the place) of a signature of ours that is not too old."""
    try:
        user_id, place = signing.loads(token, salt=_SALT, max_age=_OPEN_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return user_id, place


def of_post(data: QueryDict) -> Fields:
    """What a posted form holds that may be kept: no token, no secret."""
    return clean(dict(data.lists()))


def clean(fields: Mapping[str, Iterable[str]]) -> Fields:
    """Raises TooLong."""
    kept = {
        name: [str(value).replace("\x00", "") for value in values]
        for name, values in fields.items()
        if name not in _NEVER and not any(word in name.lower() for word in _SECRET)
    }
    size = sum(len(name) + sum(map(len, values)) for name, values in kept.items())
    if len(kept) > _MOST_FIELDS or size > LARGEST:
        raise TooLong
    return kept


def keep(*, by: User, place: str, content: Content, base: int | None = None, post_id: int | None = None) -> Draft:
    """Save what stands in a form now; one draft for each person and place.

    `base` is the version that the sender knew, 0 for none; None overwrites. Raises Newer where another was kept since, and
    TooLong.
    """
    clean(content.fields)
    sealed = vault.seal_alone(json.dumps(vars(content)), _context(by.pk, place))
    try:
        with transaction.atomic():
            row = Draft.objects.select_for_update().filter(user=by, place=place).first()
            if row is None:
                return Draft.objects.create(
                    user=by, place=place, content=sealed, version=(base or 0) + 1, post_id=post_id
                )
            if base is not None and row.discarded_at is None and row.version != base:
                raise Newer(row)
            row.content, row.version, row.post_id, row.discarded_at = sealed, row.version + 1, post_id, None
            row.save()
            return row
    except IntegrityError as error:  # two first saves at once: the later one is told of the other
        row = Draft.objects.filter(user=by, place=place).first()
        if row is None:
            raise
        raise Newer(row) from error


def read(*, by: User, place: str) -> tuple[Content, Draft] | tuple[None, None]:
    """The person's draft of this place. One query."""
    draft = Draft.objects.filter(user=by, place=place, discarded_at=None).first()
    content = _opened(draft) if draft else None
    return (content, draft) if content and draft else (None, None)


def mine(user: User, post_id: int | None, *, most: int) -> list[tuple[Content, Draft]]:
    """The person's drafts of one post, the latest first. One query."""
    rows = Draft.objects.filter(user=user, discarded_at=None).filter(Q(post_id=post_id) | Q(post_id=None))
    found = [(_opened(row), row) for row in rows.order_by("-saved_at")[:most]]
    return [(content, row) for content, row in found if content]


def kept_at(user: User, places: Iterable[str]) -> set[str]:
    """Those of the places at which the person has a draft. One query."""
    rows = Draft.objects.filter(user=user, place__in=list(places), discarded_at=None)
    return set(rows.values_list("place", flat=True))


def finish(*, by: User, place: str) -> None:
    """The form was accepted; nothing is left of its draft."""
    Draft.objects.filter(user=by, place=place).delete()


def discard(*, by: User, place: str) -> Draft | None:
    """Throw the draft away, to be taken back by `take_back` within the hour."""
    row = Draft.objects.filter(user=by, place=place, discarded_at=None).first()
    if row:
        Draft.objects.filter(pk=row.pk).update(discarded_at=timezone.now())
    return row


@undo.verb("drafts.discarded")
def take_back(*, by: User, draft: int) -> None:
    """Undo `discard`. Raises Refused when it is gone, or something newer was typed since."""
    if not Draft.objects.filter(pk=draft, user=by).exclude(discarded_at=None).update(discarded_at=None):
        raise Refused(_("This draft can no longer be brought back."))


def sweep() -> None:
    """Delete what nobody came back to, and what was thrown away an hour ago."""
    now = timezone.now()
    old = Q(saved_at__lt=now - timedelta(days=tunables.value(KEPT_DAYS)))
    Draft.objects.filter(old | Q(discarded_at__lt=now - TAKEN_BACK_WITHIN)).delete()


def refill(form, fields: Fields) -> None:
    """Let an unbound form, or formset, show what was typed instead of its own initial values; nothing is validated."""
    if hasattr(form, "management_form"):
        _refill_all(form, fields)
        return
    data = QueryDict(mutable=True)
    for name, values in fields.items():
        data.setlist(name, values)
    for name, field in form.fields.items():
        key = form.add_prefix(name)
        widget = field.widget
        if widget.needs_multipart_form or widget.value_omitted_from_data(data, {}, key):
            continue
        form.initial[name] = widget.value_from_datadict(data, {}, key)


def _refill_all(formset, fields: Fields) -> None:
    """With as many rows as were there when it was typed."""
    typed = fields.get(f"{formset.prefix}-TOTAL_FORMS", ["0"])[0]
    if typed.isascii() and typed.isdecimal() and len(typed) < 5:
        missing = min(int(typed), formset.max_num) - formset.total_form_count()
        if missing > 0:
            formset.extra += missing
            formset.__dict__.pop("forms", None)
            formset.__dict__.pop("management_form", None)
    for form in formset.forms:
        refill(form, fields)


@panels.today.register(order=80)
def unfinished(user: User, on: date) -> list[panels.TodayItem]:
    """The person's drafts, on the page of the day."""
    found = mine(user, getattr(getattr(user, "active_post", None), "pk", None), most=MOST_TODAY)
    return [
        panels.TodayItem("drafts", content.title or draft.place, content.about, content.url, draft.saved_at)
        for content, draft in found
        if content.url
    ]


def _opened(draft: Draft) -> Content | None:
    """None for what no key opens any more."""
    try:
        return Content(**json.loads(vault.open_alone(draft.content, _context(draft.user_id, draft.place))))
    except (Tampered, WrongKey, ValueError, TypeError):
        return None


def _context(user_id: int, place: str) -> str:
    return f"rehab.draft:{user_id}:{place}"
