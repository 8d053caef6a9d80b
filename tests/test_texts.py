"""The interface speaks Indonesian, whole: every text of the source has its translation, and no more."""

import json
from pathlib import Path

import polib
import pytest

from rehab import texts


@pytest.fixture
def catalogue(tmp_path, monkeypatch):
    path = tmp_path / "id" / "LC_MESSAGES" / "django.po"
    monkeypatch.setattr(texts, "CATALOGUE", path)
    return path


def test_every_text_of_the_source_is_translated():
    assert [f"{text.place} {text.msgid}" for text in texts.missing()] == []


def test_the_catalogue_holds_nothing_that_no_source_names():
    assert [entry.msgid for entry in texts.unused()] == []


def test_no_entry_is_fuzzy_or_obsolete():
    assert [entry.msgid for entry in texts.open_catalogue() if entry.fuzzy or entry.obsolete] == []


def test_translations_fill_in_the_same_placeholders():
    assert [problem for entry in texts.open_catalogue() if (problem := texts.disagreement(entry))] == []


def test_indonesian_has_one_form_for_one_and_many():
    assert texts.open_catalogue().metadata["Plural-Forms"] == "nplurals=1; plural=0;"


PYTHON = r"""
x = _("Save")
y = ngettext("one client", "%(n)s clients", n)
z = pgettext("verb", "Open")
w = f"{n} {_('Days')}"
_(n)
"""
TEMPLATE = """
<p>It's
   {% trans "Search" %}</p>
  {% blocktrans trimmed with name=x %}
   Dear {{ name }},
   welcome
{% endblocktrans %}
{% blocktrans count n=k %}{{ n }} day{% plural %}{{ n }} days{% endblocktrans %}
{% trans "Open" context "state" %}{% include "x.html" with label=_("Draft") %}
"""


def test_texts_are_found_in_python_and_in_templates(tmp_path: Path):
    (tmp_path / "a.py").write_text(PYTHON)
    (tmp_path / "b.html").write_text(TEMPLATE)
    found = {(text.context, text.msgid, text.plural) for text in texts.texts_in_source([tmp_path]).values()}
    assert found == {
        ("", "Save", ""),
        ("", "one client", "%(n)s clients"),
        ("verb", "Open", ""),
        ("", "Days", ""),
        ("", "Search", ""),
        ("", "Dear %(name)s, welcome", ""),
        ("", "%(n)s day", "%(n)s days"),
        ("state", "Open", ""),
        ("", "Draft", ""),
    }


def test_added_texts_are_sorted_and_replace_older_ones(catalogue):
    assert texts.add({"Save": "Simpn", "Open": "Buka"}) == []
    assert texts.add({"Save": "Simpan", "one day|||%(n)s days": "%(n)s hari", "state\x04Open": "Terbuka"}) == []
    written = [(entry.msgid, entry.msgctxt, texts.translation_of(entry)) for entry in polib.pofile(str(catalogue))]
    assert written == [
        ("Open", None, "Buka"),
        ("Open", "state", "Terbuka"),
        ("Save", None, "Simpan"),
        ("one day", None, "%(n)s hari"),
    ]


@pytest.mark.parametrize(
    ("msgid", "msgstr"), [("Hello %(name)s", "Halo"), ("{count} rows", "{jumlah} baris"), ("Save", "")]
)
def test_a_translation_that_loses_a_placeholder_is_refused_whole(catalogue, msgid, msgstr):
    assert len(texts.add({"Open": "Buka", msgid: msgstr})) == 1
    assert not catalogue.exists()


def test_what_a_library_says_may_be_said_in_our_words(catalogue, monkeypatch):
    monkeypatch.setattr(texts, "texts_in_source", dict)
    texts.add({"Sign In": "Masuk"}, library=True)
    texts.add({"Never used": "Tidak dipakai"})
    assert [entry.msgid for entry in texts.unused()] == ["Never used"]
    assert texts.prune() == 1
    assert [entry.msgid for entry in texts.open_catalogue()] == ["Sign In"]


def test_bad_json_is_refused_with_a_sentence(monkeypatch, capsys, tmp_path):
    broken = tmp_path / "broken.json"
    broken.write_text('{"Save": ')
    with broken.open() as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        assert texts.main(["add"]) == 2
    assert capsys.readouterr().err.startswith("not JSON")


def test_missing_names_the_place_in_a_form_that_add_takes(catalogue, tmp_path, capsys):
    (tmp_path / "a.py").write_text('\ny = ngettext("one client", "%(n)s clients", n)\n')
    assert texts.main(["missing", str(tmp_path)]) == 1
    place, key = capsys.readouterr().out.strip().split("\t")
    assert place.endswith("a.py:2")
    assert texts.add({json.loads(key): "%(n)s klien"}) == []
    assert texts.main(["missing", str(tmp_path)]) == 0
