"""What every model, template, address and migration must hold to."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command, get_commands, load_command_class
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pghistory.models import Event

from rehab.middleware import OPEN

PROJECT = Path(__file__).resolve().parent.parent
OWN = {"rehab", "facilities", "clients", "assessments", "aftercare", "reports"}
# Rows that belong to a client, or tell that one exists.
CLIENT_APPS = {"clients", "assessments", "aftercare"}
WITHOUT_READERS = {
    "Person": "a bare number",
    "PersonLink": "read by the data steward's actions only",
    "MatchNotice": "read through its facility by clients.panels",
    "TreatmentPhase": "read through its treatment",
    "RelapseRule": "by which settings windows stand",
    "RelapseWindow": "read as figures only",
    "EpisodeWay": "read as figures only",
    "AssessmentScore": "read through its assessment",
    "MeasuringScore": "read through its assessment",
    "LifeChange": "read as figures only",
    "TextSet": "the words of an instrument, nothing of a client",
}


def own_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in OWN and not issubclass(model, Event)]


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model.__name__)
def test_every_field_is_declared_personal_or_plain(model):
    fields = {field.name for field in model._meta.get_fields() if field.concrete and not field.many_to_many}
    assert model.personal | model.plain == fields
    assert model.personal & model.plain == frozenset()


@pytest.mark.parametrize(
    "model",
    [model for model in own_models() if model._meta.app_label in CLIENT_APPS and model.__name__ not in WITHOUT_READERS],
    ids=lambda model: model.__name__,
)
def test_client_data_says_who_may_see_it(model):
    assert hasattr(model.objects.all(), "visible_to")


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_no_template_is_unused():
    text = "".join(
        path.read_text()
        for folder in (*OWN, "templates")
        for path in (PROJECT / folder).rglob("*")
        if path.suffix in {".py", ".html", ".typ", ".txt"}
    )
    found_by_library = re.compile(r"^(account|mfa|allauth|admin|django|bootstrap5|40[034]|403_csrf|500|usersessions)")
    unused = [
        name
        for path in (PROJECT / "templates").rglob("*")
        if path.is_file()
        for name in [str(path.relative_to(PROJECT / "templates"))]
        if not found_by_library.match(name) and name not in text and not (path.suffix == ".typ" and path.name in text)
    ]
    assert unused == []


def test_templates_print_keys_and_edits_without_a_thousands_mark():
    """ "1.234" is a number for people: a form that sends it back names nothing."""
    bare = re.compile(r"\{\{ (?!form\.)[\w.]+\.(?:pk|id|edit)(?:\|default:[\w.]+)? \}\}|value=\"\{\{ \w+_id \}\}")
    wrong = [
        f"{path.name}: {found}"
        for path in (PROJECT / "templates").rglob("*.html")
        for found in bare.findall(path.read_text())
    ]
    assert wrong == []


def test_templates_carry_no_inline_script_style_or_handler():
    bad = re.compile(
        r"<style|\sstyle=|\son(?:click|change|submit|load|input)=|<script(?![^>]*\bsrc=)(?![^>]*application/json)", re.I
    )
    wrong = [
        f"{path.name}: {match.group()}"
        for path in (PROJECT / "templates").rglob("*.html")
        for match in bad.finditer(path.read_text())
    ]
    assert wrong == []


def addresses(patterns, prefix: str = "") -> list[tuple[str, str]]:
    found = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found += addresses(pattern.url_patterns, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            found.append((prefix + str(pattern.pattern), pattern.name or ""))
    return found


def concrete(route: str) -> str:
    """An address with something in each hole."""
    route = re.sub(r"<(?:int|year):[^>]+>", "1", route)
    route = re.sub(r"<[^>]+>", "x", route)
    route = re.sub(r"\(\?P<[^>]+>[^)]*\)", "x", route)
    return "/" + re.sub(r"[\^$\\]|\.\*", "", route)


ADDRESSES = sorted({concrete(route) for route, _ in addresses(get_resolver().url_patterns)})


@pytest.mark.django_db
def test_everything_asks_for_a_login(client):
    login = reverse("account_login")
    open_doors = [
        f"{method.__name__} {address}: {response.status_code}"
        for address in ADDRESSES
        if not OPEN.match(address)
        for method in (client.get, client.post)
        for response in [method(address)]
        if response.status_code != 302 or not response["Location"].startswith(login)
    ]
    assert len(ADDRESSES) > 50
    assert open_doors == []


@pytest.mark.django_db
def test_a_page_part_says_that_the_login_is_over(client):
    response = client.get("/klien/", headers={"HX-Request": "true"})
    assert (response.status_code, response["HX-Trigger"]) == (401, "signed-out")


@pytest.mark.parametrize(
    "command", sorted(name for name, app in get_commands().items() if isinstance(app, str) and app in OWN)
)
def test_every_command_says_what_it_is_for(command):
    assert load_command_class(get_commands()[command], command).create_parser("manage.py", command).format_help()
