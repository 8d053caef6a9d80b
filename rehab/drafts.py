"""Encrypted server drafts: what was typed survives a lost login, a crash and a closed laptop."""

import json

from rehab import vault
from rehab.models import Draft, User


def keep(*, by: User, place: str, content: dict) -> Draft:
    """Save what stands in a form now; one draft for each person and place. `content` is JSON-able."""
    sealed = vault.seal_alone(json.dumps(content), _context(by, place))
    draft, _ = Draft.objects.update_or_create(user=by, place=place, defaults={"content": sealed})
    return draft


def read(*, by: User, place: str) -> tuple[dict, Draft] | tuple[None, None]:
    draft = Draft.objects.filter(user=by, place=place).first()
    if draft is None:
        return None, None
    return json.loads(vault.open_alone(draft.content, _context(by, place))), draft


def discard(*, by: User, place: str) -> None:
    Draft.objects.filter(user=by, place=place).delete()


def _context(user: User, place: str) -> str:
    return f"rehab.draft:{user.pk}:{place}"
