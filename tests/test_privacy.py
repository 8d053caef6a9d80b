"""No clear identity at rest, and the whole way with the rights that the application has: no more is needed, no less is held."""

import base64
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse

from aftercare.actions import closing, follow_ups
from clients.actions import treatments
from clients.enums import Outcome, Programme, Setting
from clients.models import Client, Episode
from rehab import audit
from rehab.roles import Role
from tests import factories
from tests.assessments.makers import completed, six_facts
from tests.drafting import keep
from tests.reports.ready import quiet, ready, sealed

NIK, NAME, PHONE, ADDRESS, MOTHER, GUARDIAN = (
    "5371011705159001", "Rahasiawan Contohnama", "081277788899", "Jalan Tersembunyi 77", "Ibunda Rahasiawati", "Walinama Contohwali",
)  # fmt: skip
CLEAR = (NIK, "Rahasiawan", "Contohnama", PHONE, PHONE[1:], "Tersembunyi", "Rahasiawati", "Walinama", "2015-05-17")
TYPED = {
    "nik": NIK, "name": NAME, "sex": "M", "birth_date": "2015-05-17", "phone": PHONE, "address": ADDRESS,
    "mother_name": MOTHER, "guardian_name": GUARDIAN, "guardian_relation": "parent", "guardian_phone": PHONE,
    "admission": "voluntary", "opened_on": "2019-02-01", "consent_scope": "care",
}  # fmt: skip


def columns() -> list[tuple[str, str, str]]:
    """(table, column, type) of everything in the database that can hold words."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' "
            "AND data_type IN ('text', 'character varying', 'jsonb', 'json', 'bytea', 'ARRAY', 'date')"
        )
        return cursor.fetchall()


def at_rest(words: tuple[str, ...]) -> list[str]:
    """Every place of the database in which one of the words stands in the clear, as a dump would show it."""
    found = []
    for table, column, kind in columns():
        shown = f"encode(\"{column}\", 'escape')" if kind == "bytea" else f'"{column}"::text'
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT {shown} FROM "{table}" WHERE "{column}" IS NOT NULL')
            text = "\n".join(row[0] for row in cursor.fetchall())
        found += [f"{table}.{column}: {word}" for word in words if word.lower() in text.lower()]
    return found


@pytest.fixture
def clinic(db):
    return factories.facility()


@pytest.fixture
def browser(clinic) -> Browser:
    browser = Browser()
    browser.force_login(factories.user(Role.COUNSELOR, clinic))
    return browser


def test_no_clear_identity_is_at_rest_logged_or_in_an_address(browser, clinic, caplog, monkeypatch):
    """Registered, drafted, searched, matched, revealed, corrected: with all of that done nothing stands in the clear."""
    caplog.set_level(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(logging.INFO)
    answers = [
        drafted(browser),
        browser.post(reverse("clients:check_nik"), TYPED),
        browser.post(reverse("clients:check_matches"), TYPED),
        browser.post(reverse("clients:register"), TYPED | {"name": ""}),
        browser.post(reverse("clients:register"), TYPED | {"form_token": "satu"}),
    ]
    client = Client.objects.get()
    code = client.code
    answers += [drafted(browser)]
    answers += [browser.post(reverse("clients:search"), {"q": word}) for word in (NIK, NAME, PHONE, code)]
    answers += [browser.post(reverse("clients:reveal", args=[code]), {"reason": "serve"})]
    edited = TYPED | {"name": f"{NAME} Baru", "edit": "1", "reason": "Salah ketik", "was_sex": "M"}
    answers += [browser.post(reverse("clients:correct_identity", args=[code]), edited) for _ in range(2)]
    monkeypatch.setattr("clients.views.lists.search", lambda *_: 1 / 0)
    broken = Browser(raise_request_exception=False)
    broken.force_login(factories.user(Role.COUNSELOR, clinic))
    assert broken.post(reverse("clients:search"), {"q": NIK}).status_code == 500
    assert [answer.status_code for answer in answers if answer.status_code >= 500] == []
    assert NAME in answers[10].content.decode()
    addresses = "\n".join(answer.get("Location", "") + str(answer.request["QUERY_STRING"]) for answer in answers)
    assert [word for word in CLEAR if word in addresses + caplog.text] == []
    assert at_rest(CLEAR) == []
    assert [word for word in CLEAR if word in packed()] == []


def drafted(browser: Browser):
    return keep(browser, browser.get(reverse("clients:register")).content.decode(), TYPED, base=None)


def packed() -> str:
    """What sessions and cache hold, unpacked: there a word would not be found as it stands."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM rehab_cache")
        kept = [f"{key} {base64.b64decode(value)!r}" for key, value in cursor.fetchall()]
    return "\n".join([*kept, *(str(session.get_decoded()) for session in Session.objects.all())])


def test_the_search_of_the_database_finds_what_is_there(browser, db):
    """The test above would pass as well if it looked nowhere."""
    cache.set("uji", "bebas")
    factories.user(name="Petugas Terlihat")
    audit.record("uji", by=None, subject="uji", data={"kata": "terbaca"})
    assert {place.split(":")[0] for place in at_rest(("petugas terlihat", "terbaca"))} >= {
        "rehab_user.name", "rehab_userevent.name", "rehab_auditevent.data",
    }  # fmt: skip


def test_the_main_job_needs_no_more_than_the_applications_rights(app_role, monkeypatch):
    """Signed in, drafted, registered, assessed, treated, closed, followed, reported and sealed in the application's role."""
    quiet(monkeypatch)
    with as_owner(app_role):
        clinic = factories.facility()
        counselor, head = factories.user(Role.COUNSELOR, clinic), factories.user(Role.SIGNATORY, clinic.unit)
    came, browser = date(2019, 2, 1), Browser()
    browser.post(reverse("account_login"), {"login": counselor.username, "password": factories.PASSWORD})
    adult = TYPED | {"nik": "5371011705959001", "birth_date": "1995-05-17", "form_token": "satu"}
    assert drafted(browser).status_code == 200
    for name, status in {"check_matches": 200, "search": 200, "register": 302}.items():
        assert browser.post(reverse(f"clients:{name}"), adult | {"q": NAME}).status_code == status
    episode = Episode.objects.get()
    assert browser.get(reverse("clients:client", args=[episode.client.code])).status_code == 200
    completed(episode, counselor, administered_on=came)
    six_facts(episode, counselor)
    planned = treatments.plan(
        by=counselor,
        episode=episode,
        facility=clinic,
        programme=Programme.NON_TC,
        setting=Setting.OUTPATIENT,
        planned_on=came,
    )
    started = treatments.start(by=counselor, treatment=planned, started_on=came)
    closed = closing.close(by=counselor, treatment=started, ended_on=came, outcome=Outcome.COMPLETED)
    follow_ups.record_extra(
        by=counselor, plan=closed.plan, done_on=came, contact_made=True, kind="monitoring", way="phone"
    )
    report = ready(clinic.unit)
    assert sealed(clinic.unit, head, report).is_sealed
    assert report.lines.get(indicator="clients_rehabilitated").realised == 1
    audit.seal()


@contextmanager
def as_owner(role: str) -> Iterator[None]:
    """Reference data is made by whoever migrates."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        yield
        cursor.execute(f"SET ROLE {role}")
