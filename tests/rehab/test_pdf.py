import os
import subprocess
import zlib

import pytest

from rehab import pdf
from rehab.pdf import PdfFailed, render

SMALL = '#set document(title: "Uji")\n#set text(lang: "id")\n'
PIXEL = (
    b"<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'><rect width='10' height='10' fill='black'/></svg>"
)


@pytest.fixture
def template(tmp_path):
    """Render a template of these words: `template("= {}", {"n": 1})`."""

    def made(words, data=None, **options):
        (tmp_path / "t.typ").write_text(SMALL + words)
        return render("t.typ", data or {}, folder=tmp_path, **options)

    return made


def text_of(paper: bytes) -> bytes:
    """All streams of the PDF, unpacked."""
    pieces = []
    for part in paper.split(b"stream\n")[1:]:
        try:
            pieces.append(zlib.decompressobj().decompress(part))
        except zlib.error:
            continue
    return b"".join(pieces)


def test_the_same_data_gives_the_same_bytes_and_other_data_others(template):
    words = "#let d = json(bytes(sys.inputs.data))\n= Laporan #d.name – “kutip” é"
    first = template(words, {"name": "a"})
    assert first == template(words, {"name": "a"})
    assert first != template(words, {"name": "b"})


def test_the_paper_is_tagged_and_says_its_language_and_title(template):
    paper = template("= Laporan")
    everything = paper + text_of(paper)
    assert b"/StructTreeRoot" in everything
    assert b"pdfuaid" in everything
    assert b"(id" in everything


def test_only_embedded_fonts_are_used(template):
    paper = template('#set text(font: "Libertinus Serif")\n= Kendala – tindak lanjut ÷ † ‘’ “” …')
    assert b"Libertinus" in paper + text_of(paper)


@pytest.mark.parametrize(
    "sign", ["\U0001f600", "\u4eba", "\ua98f", "\u0634", "\u2713\ufe0f", "\U0001f469\u200d\U0001f467", "\u0001"]
)
def test_a_sign_that_no_font_has_does_not_keep_the_paper_from_being_made(template, sign):
    words = '#set text(font: "Libertinus Serif")\n#let d = json(bytes(sys.inputs.data))\n= Kendala #d.notes.at(0)'
    assert template(words, {"notes": [f"kurang {sign} tenaga"], "none": None}).startswith(b"%PDF-")


def test_a_file_can_be_given_along(template):
    words = '#image("files/logo.svg", alt: "Lambang")'
    assert template(words, files={"logo.svg": PIXEL}) == template(words, files={"logo.svg": PIXEL})
    with pytest.raises(PdfFailed):
        template(words)


def test_a_file_cannot_leave_its_folder(template, tmp_path):
    template('#image("files/logo.svg", alt: "Lambang")', files={"../../logo.svg": PIXEL})
    assert not list(tmp_path.parent.glob("logo.svg"))


@pytest.mark.parametrize("words", ["#nothing", "#json(bytes(sys.inputs.data)).missing", '#read("/etc/passwd")'])
def test_a_broken_template_says_why_without_quoting_the_data(template, words):
    with pytest.raises(PdfFailed) as caught:
        template(words, {"name": "Rina Contoh"})
    assert "t.typ" in str(caught.value)
    assert "Rina" not in str(caught.value)


def test_a_paper_that_takes_too_much_memory_fails_and_not_the_caller(template):
    with pytest.raises(PdfFailed, match="memory"):
        template("#let a = range(40000000)\n#a.len()", megabytes=300)


def test_a_paper_that_takes_too_long_is_given_up(template):
    with pytest.raises(PdfFailed, match="ended with -14"):
        template("#let a = 0\n#for i in range(100000) { for j in range(100000) { a += 1 } }\n#a", seconds=1)


def test_the_child_gets_no_secrets(monkeypatch, template):
    seen = {}
    run = subprocess.run
    monkeypatch.setenv("TITIAN_MASTER_KEYS", "secret")
    monkeypatch.setattr(pdf.subprocess, "run", lambda *a, **k: seen.update(k["env"]) or run(*a, **k))
    template("= a")
    assert "secret" not in seen.values()
    assert set(seen) - {"MALLOC_ARENA_MAX", "RAYON_NUM_THREADS", "PYTHONDONTWRITEBYTECODE", "PYTHONUTF8"} <= set(
        os.environ
    )
