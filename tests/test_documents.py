"""Documents name only what exists, and the glossary every model."""

import re
from pathlib import Path

from django.apps import apps
from pghistory.models import Event

PROJECT = Path(__file__).resolve().parent.parent
OWN = {"rehab", "facilities", "clients", "assessments", "aftercare", "reports"}
DOCUMENTS = [PROJECT / "README.md", *sorted((PROJECT / "docs").rglob("*.md"))]
NAMED_FILE = re.compile(r"`((?:rehab|facilities|clients|assessments|aftercare|reports|templates|tests|docs)/[\w/.-]+)`")


def test_documents_name_only_files_that_exist():
    missing = [
        f"{document.name}: {name}"
        for document in DOCUMENTS
        for name in NAMED_FILE.findall(document.read_text())
        if not (PROJECT / name).exists()
    ]
    assert missing == []


def test_every_model_stands_in_the_glossary():
    glossary = (PROJECT / "docs" / "glossary.md").read_text()
    missing = [
        model.__name__
        for model in apps.get_models()
        if model._meta.app_label in OWN and not issubclass(model, Event) and f"`{model.__name__}`" not in glossary
    ]
    assert missing == []


def test_decisions_are_short_and_numbered():
    decisions = sorted((PROJECT / "docs" / "decisions").glob("*.md"))
    assert [int(path.name[:4]) for path in decisions] == list(range(1, len(decisions) + 1))
    assert [path.name for path in decisions if len(path.read_text().splitlines()) > 40] == []


def test_the_readme_fits_a_screen():
    assert len((PROJECT / "README.md").read_text().splitlines()) <= 60
