"""Typed reading of the environment. A missing value that production needs stops the start and is named."""

import os
from urllib.parse import parse_qs, unquote, urlsplit


class MissingSetting(RuntimeError):
    """A required environment variable is not set; the message names it."""


def text(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, default)
    if value is None or value == "":
        raise MissingSetting(f"{name} is not set. Titian does not start without it; see docs/architecture.md.")
    return value


def optional(name: str) -> str:
    return os.environ.get(name, "")


def flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def keyring(name: str, default: str | None = None) -> dict[str, bytes]:
    """`id:hex,id:hex` → {id: 32 bytes}, the first one being the key that new data is wrapped with."""
    keys = {}
    for part in text(name, default).split(","):
        key_id, _, value = part.strip().partition(":")
        try:
            keys[key_id] = bytes.fromhex(value)
        except ValueError:
            keys[key_id] = b""
        if not key_id or len(keys[key_id]) != 32:
            raise MissingSetting(f"{name}: each key is written as id:64 hex digits.")
    return keys


def database(name: str) -> dict[str, object]:
    """`postgresql://user:password@host:port/name?host=/socket/folder` → a Django database entry."""
    url = urlsplit(text(name))
    if url.scheme not in {"postgresql", "postgres"}:
        raise MissingSetting(f"{name}: PostgreSQL is the only database; the address begins with postgresql://")
    query = {key: values[-1] for key, values in parse_qs(url.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": query.pop("host", url.hostname or ""),
        "PORT": url.port or "",
        "OPTIONS": query,
    }
