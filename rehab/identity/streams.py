"""A file sealed in pieces, so that a large one needs no more memory than a small one.

    file    version 1 | fingerprint of the data key 4 | piece, piece, …
    piece   nonce 12 | up to 64 KiB encrypted | tag 16

Each piece is bound to the context of its file, to its number and to whether it is the last: pieces cannot be swapped, left
out, repeated or cut off without being noticed, nor taken from another file under the same key.
"""

import hmac
import os
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from rehab.identity.crypto import FINGERPRINT_SIZE, NONCE_SIZE, TAG_SIZE, Tampered, WrongKey, fingerprint

VERSION = b"\x02"
PIECE = 64 * 1024
_SEALED = NONCE_SIZE + PIECE + TAG_SIZE


def seal(data_key: bytes, content: Iterable[bytes], context: str) -> Iterator[bytes]:
    """The sealed bytes of `content`, which may come in parts of any size."""
    cipher = AESGCM(data_key)
    yield VERSION + fingerprint(data_key)
    number, waiting = 0, b""
    for part in content:
        waiting += part
        while len(waiting) > PIECE:
            yield _piece(cipher, waiting[:PIECE], _bound(context, number, last=False))
            number, waiting = number + 1, waiting[PIECE:]
    yield _piece(cipher, waiting, _bound(context, number, last=True))


def unseal(data_key: bytes, file: BinaryIO, context: str) -> Iterator[bytes]:
    """The content, piece by piece. Raises WrongKey, or Tampered where the file is not what was sealed."""
    head = file.read(1 + FINGERPRINT_SIZE)
    if head[:1] != VERSION:
        raise Tampered(f"not a sealed file: {context}")
    if not hmac.compare_digest(head[1:], fingerprint(data_key)):
        raise WrongKey(f"sealed with another data key: {context}")
    cipher = AESGCM(data_key)
    number, sealed = 0, file.read(_SEALED)
    while True:
        following = file.read(_SEALED)
        try:
            yield cipher.decrypt(sealed[:NONCE_SIZE], sealed[NONCE_SIZE:], _bound(context, number, last=not following))
        except (InvalidTag, ValueError) as error:
            raise Tampered(f"changed, cut, or moved from another place: {context}, piece {number}") from error
        if not following:
            return
        number, sealed = number + 1, following


def _piece(cipher: AESGCM, content: bytes, bound: bytes) -> bytes:
    nonce = os.urandom(NONCE_SIZE)
    return nonce + cipher.encrypt(nonce, content, bound)


def _bound(context: str, number: int, *, last: bool) -> bytes:
    return b"titian file\0" + context.encode() + b"\0" + number.to_bytes(8, "big") + bytes([last])
