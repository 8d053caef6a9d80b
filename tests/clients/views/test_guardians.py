import re

import pytest
from django.urls import reverse

from clients.actions import guardians
from clients.actions.people import GuardianData
from clients.models import Guardian
from clients.queries import identity_of
from rehab.errors import Refused
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db
IBU = GuardianData("Ibu Contoh", "parent", "081200007777")
TYPED = {"name": "Ibu Contoh", "relation": "parent", "phone": "081200007777", "reason": "keterangan keluarga"}


@pytest.fixture
def here():
    return factories.episode()


@pytest.fixture
def by(here):
    return factories.user(Role.COUNSELOR, here.responsible_facility)


def at(name, *args) -> str:
    return reverse(f"clients:{name}", args=args)


def text(response) -> str:
    return response.content.decode()


def hidden(page: str, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]


def test_a_guardian_is_recorded_and_opens_only_by_a_recorded_click(client, here, by):
    client.force_login(by)
    code = here.client.code
    assert "Catat wali" in text(client.get(at("consent", code)))
    assert client.post(at("guardian", code), TYPED)["Location"] == at("consent", code)
    shown = text(client.get(at("consent", code)))
    assert "Ibu Contoh" not in shown
    assert "081200007777" not in shown
    for headers in ({}, {"HX-Request": "true"}):
        opened = text(client.post(at("reveal_guardian", code), {"reason": "contact"}, headers=headers))
        assert "Ibu Contoh" in opened
        assert "081200007777" in opened
    looks = AuditEvent.objects.filter(verb="guardian.opened", client_code=code)
    assert {look.reason for look in looks} == {"Menghubungi klien atau keluarga"}
    assert client.get(at("reveal_guardian", code)).status_code == 405
    row = Guardian.objects.values().get()
    assert b"Ibu" not in bytes(row["name"])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "!!!"}, "name"),
        ({"relation": ""}, "relation"),
        ({"phone": "bukan nomor"}, "phone"),
        ({"reason": " "}, "reason"),
    ],
)
def test_what_cannot_be_recorded_is_said_beside_its_field(client, here, by, changes, field):
    client.force_login(by)
    answer = client.post(at("guardian", here.client.code), TYPED | changes)
    assert field in answer.context["form"].errors
    assert Guardian.objects.count() == 0


def test_two_who_correct_at_once_see_each_others_values(client, here, by):
    guardians.correct(by=by, client=here.client, guardian=IBU, reason="awal")
    client.force_login(by)
    where = at("guardian", here.client.code)
    page = text(client.get(where))
    assert 'value="Ibu Contoh"' in page
    other = GuardianData("Bapak Contoh", "parent", IBU.phone)
    guardians.correct(by=by, client=here.client, guardian=other, reason="kawan", edit=1)
    typed = TYPED | {"name": "Bibi Contoh", "relation": "relative", "seen": hidden(page, "seen")}
    answer = client.post(where, typed)
    assert answer.status_code == 200
    assert "Bapak Contoh" in text(answer)
    assert "Bibi Contoh" in text(answer)
    assert identity_of(here.client).guardian.name == "Bapak Contoh"
    settled = typed | {"seen": hidden(text(answer), "seen"), "keep-name": "theirs"}
    assert client.post(where, settled).status_code == 302
    now = identity_of(here.client).guardian
    assert (now.name, Guardian.objects.get().relation) == ("Bapak Contoh", "relative")


def test_an_older_version_is_not_saved_over_a_newer_one(here, by):
    guardians.correct(by=by, client=here.client, guardian=IBU, reason="awal")
    for edit in (0, 2):
        with pytest.raises(Refused, match="Orang lain"):
            guardians.correct(by=by, client=here.client, guardian=IBU, reason="lagi", edit=edit)
    guardians.correct(by=by, client=here.client, guardian=IBU, reason="lagi", edit=1)
    assert Guardian.objects.get().edit == 2


def test_strangers_learn_nothing(client, here, by):
    guardians.correct(by=by, client=here.client, guardian=IBU, reason="awal")
    for person in (factories.user(Role.CLERK, factories.facility()), factories.user(Role.FACILITY_ADMIN, here.responsible_facility)):  # fmt: skip
        client.force_login(person)
        assert client.get(at("guardian", here.client.code)).status_code == 404
        assert client.post(at("reveal_guardian", here.client.code), {"reason": "contact"}).status_code == 404
