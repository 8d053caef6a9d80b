"""The pages of a reset: asked on the person's page, shown to another admin, decided there."""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from facilities.models import TwoStepReset
from rehab.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def rina(db):
    found = factories.user(Role.COUNSELOR, factories.facility(of=factories.unit("BNNP-53")), name="Rina Contoh")
    Authenticator.objects.create(user=found, type=Authenticator.Type.TOTP, data={})
    return found


@pytest.fixture
def pages(rina):
    return {name: reverse(f"facilities:{name}", args=[rina.pk]) for name in ("person", "ask_two_step_reset", "decide_two_step_reset")}  # fmt: skip


def admin(client, code):
    found = factories.user(Role.UNIT_ADMIN, factories.unit(code))
    client.force_login(found)
    return found


def test_asked_by_one_and_decided_by_another(client, pages, mailoutbox):
    asker = admin(client, "BNNP-53")
    assert pages["ask_two_step_reset"] in client.get(pages["person"]).content.decode()
    posts = [client.post(pages["ask_two_step_reset"], {"reason": "Ponsel hilang", "form_token": "a"}) for _ in range(2)]
    assert [post.url for post in posts] == [pages["person"]] * 2
    assert TwoStepReset.objects.count() == 1
    page = client.get(pages["person"]).content.decode()
    assert "Ponsel hilang" in page
    assert pages["decide_two_step_reset"] not in page
    assert pages["decide_two_step_reset"] not in client.get(reverse("today")).content.decode()
    assert client.post(pages["decide_two_step_reset"], {"approve": "yes"}).status_code == 404

    admin(client, "BNN")
    assert f'href="{reverse("today")}"' in client.get(pages["person"]).content.decode()
    today = client.get(reverse("today")).content.decode()
    assert pages["decide_two_step_reset"] in today
    assert asker.name in today
    assert pages["decide_two_step_reset"] in client.get(pages["person"]).content.decode()
    assert client.get(pages["decide_two_step_reset"]).status_code == 200
    assert Authenticator.objects.count() == 1
    assert client.post(pages["decide_two_step_reset"], {"approve": "yes"}).url == pages["person"]
    assert (Authenticator.objects.count(), len(mailoutbox)) == (0, 1)
    assert client.get(pages["decide_two_step_reset"]).status_code == 404
    assert "disetujui" in client.get(pages["person"]).content.decode()


def test_declining_asks_for_a_reason_beside_its_field(client, pages):
    admin(client, "BNNP-53")
    client.post(pages["ask_two_step_reset"], {"reason": "Ponsel hilang"})
    admin(client, "BNN")

    for data, wrong in (
        ({"reason": ""}, "approve"),
        ({"approve": "no"}, "reason"),
        ({"approve": "mungkin"}, "approve"),
    ):
        assert set(client.post(pages["decide_two_step_reset"], data).context["form"].errors) == {wrong}
    client.post(pages["decide_two_step_reset"], {"approve": "no", "reason": "Sudah ketemu"})
    assert Authenticator.objects.count() == 1
    assert "Sudah ketemu" in client.get(pages["person"]).content.decode()


def test_another_province_finds_neither_page_and_staff_may_not(client, pages):
    admin(client, "BNNP-53")
    client.post(pages["ask_two_step_reset"], {"reason": "Ponsel hilang"})
    admin(client, "BNNP-51")
    assert {client.get(page).status_code for page in pages.values()} == {404}
    assert {client.post(page, {"reason": "x", "approve": "yes"}).status_code for page in pages.values()} == {404}
    client.force_login(factories.user(Role.UNIT_STAFF, factories.unit("BNNP-53")))
    assert {client.get(page).status_code for page in pages.values()} == {403}


def test_without_a_second_step_there_is_nothing_to_ask(client, pages):
    Authenticator.objects.all().delete()
    admin(client, "BNNP-53")
    assert pages["ask_two_step_reset"] not in client.get(pages["person"]).content.decode()
    response = client.post(pages["ask_two_step_reset"], {"reason": "Ponsel hilang"})
    assert response.context["form"].non_field_errors()
