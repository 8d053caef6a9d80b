"""The kernel's keys at work: envelope encryption and blind indexes with the keys of the environment.

Each client has a data key of its own, wrapped by the master key. Rotation re-wraps the data keys only, so that rows of
history stay readable.
"""

from collections.abc import Iterable

from django.conf import settings

from rehab.identity import crypto, tokens

# What a BinaryField gives: bytes as it was set, a memoryview as some drivers read it.
Stored = bytes | memoryview


def new_key() -> bytes:
    """A fresh data key, wrapped by the current master key; this is what is stored."""
    return crypto.wrap(crypto.new_data_key(), settings.MASTER_KEYS)


def rewrap(wrapped: Stored) -> bytes:
    return crypto.rewrap(bytes(wrapped), settings.MASTER_KEYS)


def encrypt(wrapped: Stored, text: str, context: str) -> bytes:
    """`context` binds the ciphertext to its place (`clients.identity.name:K-…`); elsewhere it does not open."""
    return crypto.encrypt(crypto.unwrap(bytes(wrapped), settings.MASTER_KEYS), text, context) if text else b""


def decrypt(wrapped: Stored, sealed: Stored, context: str) -> str:
    if not sealed:
        return ""
    return crypto.decrypt(crypto.unwrap(bytes(wrapped), settings.MASTER_KEYS), bytes(sealed), context)


def decrypt_all(wrapped: Stored, sealed: Iterable[tuple[Stored, str]]) -> list[str]:
    """Several texts under one data key, each with its context; the key is unwrapped once."""
    key = crypto.unwrap(bytes(wrapped), settings.MASTER_KEYS)
    return [crypto.decrypt(key, bytes(each), context) if each else "" for each, context in sealed]


def seal_alone(text: str, context: str) -> bytes:
    """For content without a client (drafts): the wrapped key travels in front of the ciphertext."""
    key = new_key()
    return len(key).to_bytes(2, "big") + key + encrypt(key, text, context)


def open_alone(sealed: Stored, context: str) -> str:
    sealed = bytes(sealed)
    size = int.from_bytes(sealed[:2], "big")
    return decrypt(sealed[2 : 2 + size], sealed[2 + size :], context)


def index_key() -> bytes:
    return next(iter(settings.INDEX_KEY.values()))


def blind(kind: str, value: str) -> bytes | None:
    """Keyed index of an exact value (`nik`, `phone`, `birth_date`); None for nothing."""
    return tokens.blind(index_key(), kind, value) if value else None


def name_tokens(name: str) -> list[int]:
    return tokens.name_tokens(index_key(), name)


def query_tokens(text: str) -> list[list[int]]:
    """For each word asked, the tokens of which a stored name must hold at least one (`name_tokens__overlap`)."""
    return tokens.query_tokens(index_key(), text)
