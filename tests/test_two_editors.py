"""Two people edit one record: on every page that edits, the second is shown field by field what the first saved."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from assessments.enums import AssessmentStatus
from assessments.models import Assessment
from facilities.models import Facility
from rehab.roles import Role
from tests import factories
from tests.test_crawler import World, world  # noqa: F401  # world is a fixture

pytestmark = pytest.mark.django_db
ASKED = "Tidak ada yang tertimpa."
ONE, OTHER = "Yang pertama menyimpan", "Yang kedua menulis"


class Typed(HTMLParser):
    """The forms of a page with what a browser would send of each, all values of a name."""

    def __init__(self, page: str):
        super().__init__()
        self.forms: list[dict[str, list[str]]] = []
        self.open = self.text = self.select = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        known = {name: value or "" for name, value in attrs}
        name, value = known.get("name", ""), known.get("value", "on" if known.get("type") == "checkbox" else "")
        if tag == "form":
            self.forms.append({})
        if tag == "select":
            self.select = name
        if not self.forms:
            return
        held = self.forms[-1]
        if tag == "textarea":
            self.text = name
            held[name] = [""]
        elif tag == "option" and self.select and "selected" in known:
            held.setdefault(self.select, []).append(value)
        elif (tag == "input" and name and known.get("type") not in {"checkbox", "radio", "submit", "file"}) or (
            tag == "input" and name and "checked" in known
        ):
            held.setdefault(name, []).append(value)

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.text = ""
        if tag == "select":
            self.select = ""

    def handle_data(self, data):
        if self.text:
            self.forms[-1][self.text] = [self.forms[-1][self.text][0] + data.removeprefix("\n")]


@dataclass(frozen=True)
class Page:
    """A page that edits: who opens it, where, which field both change, and what the form needs besides."""

    role: Role
    at: Callable
    url: Callable
    name: str
    first: str = ONE
    second: str = OTHER
    more: dict = field(default_factory=dict)
    then: dict = field(default_factory=dict)  # what the second posts besides


def at_facility(world):  # noqa: F811
    return world.facility


def at_bnn(world):  # noqa: F811
    return factories.unit("BNN")


def at_unit(world):  # noqa: F811
    return world.unit


def rated(world) -> str:  # noqa: F811
    made = Assessment.objects.create(
        client=world.client, episode=world.episode, facility=world.facility, instrument="asi", version="5",
        status=AssessmentStatus.COMPLETED, answers={}, administered_on=date(2019, 2, 3), completed_at=timezone.now(),
        completed_by=world.assessment.completed_by,
    )  # fmt: skip
    return reverse("assessments:severities", args=[made.pk])


def tomorrow() -> str:
    return (timezone.localdate() + timedelta(days=1)).isoformat()


def prescribed(world) -> str:  # noqa: F811
    Facility.objects.filter(pk=world.facility.pk).update(services=["methadone"])
    return reverse("clients:prescribe", args=[world.treatment.pk])


REASON = {"reason": "Perbaikan contoh"}
PAGES = {
    "attendance": Page(Role.COUNSELOR, at_facility, lambda w: reverse("clients:session", args=[w.session.pk]), "note_"),
    "session": Page(Role.COUNSELOR, at_facility, lambda w: reverse("clients:change_session", args=[w.session.pk]), "theme"),
    "plan": Page(
        Role.COUNSELOR, at_facility, lambda w: reverse("clients:write_plan", args=[w.goal.plan_id]), "goal-0-problem"
    ),
    "facts": Page(Role.COUNSELOR, at_facility, lambda w: reverse("assessments:facts", args=[w.client.code]), "substance_note"),
    "severities": Page(Role.COUNSELOR, at_facility, rated, "drug", "5", "7"),
    "follow-up": Page(
        Role.COUNSELOR, at_facility, lambda w: reverse("aftercare:follow_up", args=[w.follow_up.pk]), "note",
        more={"done_on": "2019-07-02", "contact_made": "no"},
    ),
    "identity": Page(
        Role.CLERK, at_facility, lambda w: reverse("clients:correct_identity", args=[w.client.code]), "mother_name",
        more=REASON | {"sex": "M", "birth_unknown": "on"},
    ),
    "facility": Page(
        Role.UNIT_ADMIN, at_unit, lambda w: reverse("facilities:edit", args=[w.facility.code]), "person_in_charge"
    ),
    "term": Page(
        Role.UNIT_ADMIN, at_unit,
        lambda w: reverse("facilities:correct_term", args=[w.facility.code, w.facility.terms.first().pk]),
        "ownership", "community", "government", more=REASON,
    ),
    "unit": Page(
        Role.UNIT_ADMIN, at_bnn, lambda w: reverse("facilities:rename_unit", args=[w.unit.code]), "name", more=REASON | {"from_on": "2019-06-01"},
        then={"from_on": "2019-07-01"},
    ),
    "qualification": Page(
        Role.UNIT_ADMIN, at_unit,
        lambda w: reverse("facilities:correct_qualification", args=[w.person.pk, w.person.qualifications.get().pk]),
        "issuer", more=REASON,
    ),
    "guardian": Page(
        Role.CLERK, at_facility, lambda w: reverse("clients:guardian", args=[w.client.code]), "name",
        "Ibu Contoh Satu", "Ibu Contoh Dua", more=REASON | {"relation": "parent"},
    ),
    "prescription": Page(Role.DOCTOR, at_facility, prescribed, "mg", "50,00", "70,00", more={"starts_on": tomorrow()}),
    "target": Page(
        Role.UNIT_STAFF, at_unit,
        lambda w: reverse("reports:target", args=[w.unit.code, 2019, "clients_rehabilitated"]), "value", "60", "70",
        more=REASON,
    ),
    "setting": Page(
        Role.UNIT_ADMIN, at_bnn, lambda w: reverse("facilities:setting", args=["drafts.days"]), "value",
        "40", "50", more={"source_note": "Surat contoh"},
    ),
}  # fmt: skip


def signed_in(page: Page, world: World) -> Browser:  # noqa: F811
    browser = Browser()
    browser.force_login(factories.user(page.role, page.at(world)))
    return browser


def the_form(page: Page, html: str) -> tuple[str, dict[str, list[str]]]:
    """The form that holds the field, and the field's whole name."""
    for fields in Typed(html).forms:
        for name in fields:
            if name == page.name or (page.name.endswith("_") and name.startswith(page.name)):
                return name, fields
    for fields in Typed(html).forms:
        if "seen" in fields:
            return page.name, fields
    raise AssertionError("no form with this field")


def told(response) -> list[str]:
    """What the page complains of."""
    return re.findall(
        r'(?:<li>|<p|<span|<div)[^<>]*invalid-feedback[^>]*>(.{3,150})|<li>([^<]{3,150}|<a href="#[^<]*</a>[^<]*)',
        response.content.decode(),
    )


@pytest.mark.parametrize("key", PAGES)
def test_the_second_is_asked_and_nothing_is_overwritten(world, key):  # noqa: F811
    page = PAGES[key]
    one, two = signed_in(page, world), signed_in(page, world)
    url = page.url(world)
    answers = [browser.get(url) for browser in (one, two)]
    (name, first), (_, second) = [the_form(page, answer.content.decode()) for answer in answers]
    saved = one.post(url, first | {name: page.first} | page.more)
    assert saved.status_code == 302, told(saved)
    asked = two.post(url, second | {name: page.second} | page.more | page.then)
    assert asked.status_code in {200, 409, 422}
    shown = asked.content.decode()
    assert ASKED in shown
    if page.first == ONE:
        assert ONE in shown
        assert OTHER in shown
    kept = the_form(page, one.get(url).content.decode())[1]
    assert kept.get(name, [page.first]) in ([page.first], [""])
    _, again = the_form(page, shown)
    done = two.post(url, again | {name: page.second, f"keep-{name}": "yours"} | page.more | page.then)
    assert done.status_code == 302, told(done)


@pytest.mark.parametrize("key", PAGES)
def test_the_first_one_s_value_may_stay(world, key):  # noqa: F811
    page = PAGES[key]
    one, two = signed_in(page, world), signed_in(page, world)
    url = page.url(world)
    answers = [browser.get(url) for browser in (one, two)]
    (name, first), (_, second) = [the_form(page, answer.content.decode()) for answer in answers]
    assert one.post(url, first | {name: page.first} | page.more).status_code == 302
    before = the_form(page, one.get(url).content.decode())[1].get(name)
    shown = two.post(url, second | {name: page.second} | page.more | page.then).content.decode()
    _, again = the_form(page, shown)
    two.post(url, again | {f"keep-{name}": "theirs"} | page.more | page.then)
    assert the_form(page, one.get(url).content.decode())[1].get(name) == before
