"""What a file is, read from its bytes and never from its name: PDF, JPEG, PNG or WebP, or refused with a sentence.

This is no virus scanner. It keeps out what is something else under a harmless name, and what is two things at once.
"""

import re
import struct

from django.utils.translation import gettext as _

MIME = {"pdf": "application/pdf", "jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
SUFFIX = {"pdf": "pdf", "jpeg": "jpg", "png": "png", "webp": "webp"}
# How much of the beginning and of the end is looked at.
HEAD, TAIL = 1024 * 1024, 66 * 1024

_MARKUP = re.compile(rb"<\s*(?:!doctype|html|head|body|script|svg|iframe|object|embed)\b|<\?php|<%", re.I)
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa")
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
_ZIP_END = b"PK\x05\x06"
_PNG_END = b"\x00\x00\x00\x00IEND\xaeB`\x82"
# Markers that carry the size of a JPEG picture (C4, C8 and CC of that row mean something else).
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


class Unfit(ValueError):
    """The file is not kept; the message is for the person."""


def kind_of(head: bytes, tail: bytes, size: int) -> str:
    """A key of `MIME`. `head` and `tail` are the first HEAD and the last TAIL bytes of `size`. Raises Unfit."""
    kind = next((kind for kind, fits in _CHECKS.items() if fits(head, tail, size)), None)
    if kind is None:
        raise Unfit(_what_else(head))
    if _ZIP_END in tail or _MARKUP.search(head[:4096]):
        raise Unfit(_("This file is two things at once: it could be opened as a web page or an archive too. Scan or photograph the paper anew."))  # fmt: skip
    return kind


def _what_else(head: bytes) -> str:
    if head.startswith(_PROGRAMS):
        return _("This is a program, whatever its name says. Titian keeps PDF, JPEG, PNG and WebP only.")
    if head.startswith(_ARCHIVES):
        return _("This is an archive or an office file. Save it as PDF, then choose it again.")
    if head[4:12] in {b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypheif"}:
        return _("This photograph is in the HEIC format of a phone. Send it as JPEG, then choose it again.")
    if head.startswith((b"%PDF-", b"\xff\xd8\xff", b"\x89PNG", b"RIFF")):
        return _("This file is damaged or was cut off. Scan or photograph the paper anew.")
    return _("Titian keeps PDF, JPEG, PNG and WebP only, and this is none of them.")


def _is_pdf(head: bytes, tail: bytes, size: int) -> bool:
    return head.startswith(b"%PDF-") and b"%%EOF" in tail[-2048:]


def _is_png(head: bytes, tail: bytes, size: int) -> bool:
    return head.startswith(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR") and tail.endswith(_PNG_END)


def _is_webp(head: bytes, tail: bytes, size: int) -> bool:
    if head[:4] != b"RIFF" or head[8:12] != b"WEBP" or head[12:16] not in {b"VP8 ", b"VP8L", b"VP8X"}:
        return False
    return struct.unpack("<I", head[4:8])[0] + 8 in {size, size - 1}


def _is_jpeg(head: bytes, tail: bytes, size: int) -> bool:
    """From the start through the segments to one that tells the picture's size. Phones write more behind its end."""
    if not head.startswith(b"\xff\xd8\xff"):
        return False
    at = 2
    while at + 9 <= len(head) and head[at] == 0xFF:
        marker = head[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker in _FRAMES:
            return 0 not in struct.unpack(">HH", head[at + 5 : at + 9])
        at += 2 + struct.unpack(">H", head[at + 2 : at + 4])[0]
    return False


_CHECKS = {"pdf": _is_pdf, "jpeg": _is_jpeg, "png": _is_png, "webp": _is_webp}
