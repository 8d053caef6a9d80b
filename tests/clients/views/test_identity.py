import pytest
from django.urls import reverse

from clients.queries import identity_of
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories
from tests.clients.people import andi, registered

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(client):
    clinic = factories.facility()
    clerk = factories.user(Role.CLERK, clinic)
    client.force_login(clerk)
    return registered(clerk, clinic, andi(phone="08123456789")).client


def form_of(client, known) -> dict:
    """What a browser posts when nothing is changed."""
    form = client.get(reverse("clients:correct_identity", args=[known.code])).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: str(value) for name, value in values.items() if value not in (None, "", False)} | {
        "reason": "Salah ketik"
    }


def test_opening_the_form_is_a_recorded_look(client, known):
    values = form_of(client, known)
    assert (values["name"], values["phone"]) == ("Andi Contoh", "08123456789")
    assert AuditEvent.objects.filter(verb="identity.revealed", client_code=known.code).exists()


def test_a_correction_is_saved_with_its_reason(client, known):
    url = reverse("clients:correct_identity", args=[known.code])
    values = form_of(client, known) | {"name": "Andi Contoh Baru", "birth_date": "1990-05-17"}
    assert "reason" in client.post(url, values | {"reason": ""}).context["form"].errors
    assert client.post(url, values).status_code == 302
    known.refresh_from_db()
    assert (identity_of(known).name, known.birth_year) == ("Andi Contoh Baru", 1990)


def test_two_people_editing_lose_nothing(client, known):
    url = reverse("clients:correct_identity", args=[known.code])
    first, second = form_of(client, known), form_of(client, known)
    client.post(url, first | {"name": "Andi Pertama", "address": "Jalan Contoh 1", "sex": "F"})
    page = client.post(url, second | {"name": "Andi Kedua", "phone": "0812999888"})
    form = page.context["form"]
    (conflict,) = form.conflicts
    assert (conflict.field, conflict.before, conflict.theirs, conflict.yours) == (
        "name", "Andi Contoh", "Andi Pertama", "Andi Kedua",
    )  # fmt: skip
    assert "keep-name" in page.content.decode()
    again = {name: str(form[name].value()) for name in form.fields if form[name].value() not in (None, "", False)}
    assert (again["address"], again["phone"], again["sex"]) == ("Jalan Contoh 1", "0812999888", "F")
    assert client.post(url, again | {"keep-name": "theirs"}).status_code == 302
    known.refresh_from_db()
    saved = identity_of(known)
    assert (saved.name, saved.phone, saved.address, known.sex) == ("Andi Pertama", "0812999888", "Jalan Contoh 1", "F")


@pytest.mark.parametrize("changes", [{"edit": "0"}, {"keep-nik": "theirs", "reason": ""}])
def test_being_shown_what_is_saved_is_a_recorded_look_too(client, known, changes):
    """Somebody who never opened the form could post it from an older version, or ask for the other's value."""
    url = reverse("clients:correct_identity", args=[known.code])
    typed = {"name": "X", "no_nik_reason": "not_brought", "sex": "M", "birth_unknown": "on", "edit": "1", "reason": "y"}
    page = client.post(url, typed | changes)
    assert "5371011705950001" in page.content.decode()
    assert AuditEvent.objects.filter(verb="identity.revealed", client_code=known.code).count() == 1
