import pytest

from rehab.filetypes import HEAD, TAIL, Unfit, kind_of
from tests.papers import JPEG, PDF, PROGRAM, WEBP, ZIP_END, png


def told(content: bytes) -> str:
    return kind_of(content[:HEAD], content[-TAIL:], len(content))


@pytest.mark.parametrize(
    ("content", "kind"),
    [(PDF, "pdf"), (JPEG, "jpeg"), (JPEG + b"SEFH trailer of a phone", "jpeg"), (png(), "png"), (WEBP, "webp")],
)
def test_a_file_is_told_by_its_bytes(content, kind):
    assert told(content) == kind


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (PROGRAM, "program"),
        (b"\x7fELF" + bytes(100), "program"),
        (b"#!/bin/sh\nrm -rf /\n", "program"),
        (b"PK\x03\x04" + bytes(100) + ZIP_END, "arsip"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(100), "HEIC"),
        (b"<html><script>alert(1)</script>", "bukan salah satunya"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "bukan salah satunya"),
        (b"%PDF-1.4\n<html><script>x()</script>\n%%EOF", "dua hal sekaligus"),
        (b"%PDF-1.4 < ?php system(1)\n<?php x() ?>\n%%EOF", "dua hal sekaligus"),
        (PDF + b"PK\x03\x04 archive " + ZIP_END + b"\n%%EOF", "dua hal sekaligus"),
        (png()[:-12] + b"<svg onload=x()>" + png()[-12:], "dua hal sekaligus"),
        (png() + ZIP_END, "rusak"),
        (PDF[:40], "rusak"),
        (JPEG[:20], "rusak"),
        (JPEG[:2] + b"\xff" * 400, "rusak"),
        (b"\xff\xd8\xff\xe0" + bytes(300), "rusak"),
        (WEBP + b"more of something else", "rusak"),
        (b"", "bukan salah satunya"),
        (b"\x00", "bukan salah satunya"),
        (b" " + PDF, "bukan salah satunya"),
    ],
)
def test_anything_else_is_refused_in_a_sentence(content, word):
    with pytest.raises(Unfit) as refused:
        told(content)
    assert word in str(refused.value.args[0])
