"""Envelope encryption: text is sealed with a data key, the data key is wrapped by the current master key.

Rotation wraps data keys anew and leaves what they sealed alone, so that rows of history stay readable. A keyring is
`{key id: 32 bytes}`, the first entry being the current key. AES-256-GCM throughout.

    wrapped  1 | length of id | id | nonce 12 | data key encrypted, tag 16      bound to the key id
    sealed   1 | fingerprint of the data key 4 | nonce 12 | text encrypted, tag 16   bound to the context
"""

import hashlib
import hmac
import os
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_SIZE, NONCE_SIZE, TAG_SIZE, FINGERPRINT_SIZE = 32, 12, 16, 4
VERSION = b"\x01"


class CryptoError(Exception):
    """Something sealed cannot be opened. Never says what was in it."""


class WrongKey(CryptoError):
    """It was sealed with a key that is not at hand."""


class Tampered(CryptoError):
    """It was changed, cut, or moved from the place it was sealed for."""


def new_data_key() -> bytes:
    return os.urandom(KEY_SIZE)


def wrap(data_key: bytes, keyring: Mapping[str, bytes]) -> bytes:
    """The data key under the first master key of the ring, with the id of that key in front."""
    name = next(iter(keyring))
    head = VERSION + bytes([len(name.encode())]) + name.encode()
    nonce = os.urandom(NONCE_SIZE)
    return head + nonce + AESGCM(keyring[name]).encrypt(nonce, data_key, b"titian wrap\0" + head)


def unwrap(wrapped: bytes, keyring: Mapping[str, bytes]) -> bytes:
    """The data key. Raises WrongKey when the ring lacks its master key, Tampered when it does not open."""
    name, head, rest = _open_head(wrapped)
    if name not in keyring:
        raise WrongKey(f"the ring holds no master key {name!r}")
    try:
        return AESGCM(keyring[name]).decrypt(rest[:NONCE_SIZE], rest[NONCE_SIZE:], b"titian wrap\0" + head)
    except (InvalidTag, ValueError) as error:
        raise Tampered(f"a data key does not open with master key {name!r}") from error


def key_id(wrapped: bytes) -> str:
    """Which master key it is wrapped with."""
    return _open_head(wrapped)[0]


def rewrap(wrapped: bytes, keyring: Mapping[str, bytes]) -> bytes:
    """The same data key under the current master key; untouched when it is so already."""
    return wrapped if key_id(wrapped) == next(iter(keyring)) else wrap(unwrap(wrapped, keyring), keyring)


def encrypt(data_key: bytes, plaintext: str, context: str) -> bytes:
    """Sealed text, opened only with the same key and context ('model.field:row'). Each call gives other bytes."""
    return encrypt_bytes(data_key, plaintext.encode(), context)


def decrypt(data_key: bytes, sealed: bytes, context: str) -> str:
    """Raises WrongKey or Tampered."""
    return decrypt_bytes(data_key, sealed, context).decode()


def encrypt_bytes(data_key: bytes, content: bytes, context: str) -> bytes:
    nonce = os.urandom(NONCE_SIZE)
    sealed = AESGCM(data_key).encrypt(nonce, content, b"titian field\0" + context.encode())
    return VERSION + fingerprint(data_key) + nonce + sealed


def decrypt_bytes(data_key: bytes, sealed: bytes, context: str) -> bytes:
    """Raises WrongKey when another data key sealed it, Tampered when it was changed or belongs elsewhere."""
    start = 1 + FINGERPRINT_SIZE
    if sealed[:1] != VERSION or len(sealed) < start + NONCE_SIZE + TAG_SIZE:
        raise Tampered(f"not sealed content: {context}")
    if not hmac.compare_digest(sealed[1:start], fingerprint(data_key)):
        raise WrongKey(f"sealed with another data key: {context}")
    nonce, content = sealed[start : start + NONCE_SIZE], sealed[start + NONCE_SIZE :]
    try:
        return AESGCM(data_key).decrypt(nonce, content, b"titian field\0" + context.encode())
    except InvalidTag as error:
        raise Tampered(f"changed, or moved from another place: {context}") from error


def fingerprint(data_key: bytes) -> bytes:
    """What tells two data keys apart without giving either away."""
    return hmac.digest(data_key, b"titian fingerprint", hashlib.sha256)[:FINGERPRINT_SIZE]


def _open_head(wrapped: bytes) -> tuple[str, bytes, bytes]:
    end = 2 + wrapped[1] if len(wrapped) > 1 else 0
    if wrapped[:1] != VERSION or len(wrapped) != end + NONCE_SIZE + KEY_SIZE + TAG_SIZE:
        raise Tampered("not a wrapped data key")
    try:
        return wrapped[2:end].decode(), wrapped[:end], wrapped[end:]
    except UnicodeDecodeError as error:
        raise Tampered("not a wrapped data key") from error
