"""Signing in: by e-mail or username, throttled, with the broker down; a timed-out login gives the page back."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from rehab.demo import LOGINS
from rehab.models import User
from rehab.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db
LOGIN = reverse("account_login")


@pytest.fixture
def counselor():
    return factories.user(Role.COUNSELOR, factories.facility(), username="rina", email="rina@contoh.test")


def sign_in(client, login="rina", password=factories.PASSWORD, **more):
    return client.post(LOGIN + more.pop("query", ""), {"login": login, "password": password} | more)


@pytest.mark.parametrize("login", ["rina", "RINA", "rina@contoh.test"])
def test_by_username_or_e_mail(client, counselor, login):
    assert sign_in(client, login)["Location"] == reverse("home")


def test_a_wrong_password_says_so_and_keeps_the_name(client, counselor):
    response = sign_in(client, password="salah")
    assert response.status_code == 200
    assert 'value="rina"' in response.content.decode()


def test_guessing_is_throttled(client, counselor):
    answers = [sign_in(client, password=f"salah{number}") for number in range(8)]
    assert ["Terlalu sering salah" in answer.content.decode() for answer in answers] == [False] * 5 + [True] * 3
    sign_in(client)
    assert "_auth_user_id" not in client.session


def test_the_page_one_was_on_comes_back(client, counselor):
    wanted = reverse("today")
    first = client.get(wanted)
    assert first["Location"] == f"{LOGIN}?next={wanted}"
    assert sign_in(client, query=f"?next={wanted}")["Location"] == wanted


def test_another_site_is_never_led_to(client, counselor):
    assert sign_in(client, query="?next=https://jahat.example/")["Location"] == reverse("home")


def test_an_idle_session_ends(client, counselor, settings):
    sign_in(client)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert client.get(reverse("today")).status_code == 302
    assert timedelta(seconds=settings.SESSION_COOKIE_AGE) <= timedelta(minutes=30)


def test_a_closed_account_cannot_sign_in(client, counselor):
    counselor.is_active = False
    counselor.save()
    sign_in(client)
    assert "_auth_user_id" not in client.session


def test_signing_out_is_a_post(client, counselor):
    sign_in(client)
    client.get(reverse("account_logout"))
    assert "_auth_user_id" in client.session
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session


def test_nobody_signs_up(client):
    response = client.post(
        reverse("account_signup"), {"username": "x", "email": "x@contoh.test", "password1": "y" * 12}
    )
    assert response.status_code in {200, 302, 403, 404}
    assert not User.objects.filter(username="x").exists()


def test_a_forgotten_password_is_reset_by_a_link_in_a_mail(client, counselor):
    client.post(reverse("account_reset_password"), {"email": "rina@contoh.test"})
    link = re.search(r"https?://\S+?(/masuk/\S+)", mail.outbox[0].body).group(1)
    form = client.get(link, follow=True)
    there = form.redirect_chain[-1][0] if form.redirect_chain else link
    client.post(there, {"password1": "kata-sandi-baru-9", "password2": "kata-sandi-baru-9"})
    assert sign_in(client, password="kata-sandi-baru-9")["Location"] == reverse("home")


def test_an_unknown_e_mail_learns_nothing(client, counselor):
    known = client.post(reverse("account_reset_password"), {"email": "rina@contoh.test"})
    unknown = client.post(reverse("account_reset_password"), {"email": "siapa@contoh.test"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert len(mail.outbox) == 1


def test_sign_in_works_with_the_broker_down(client, counselor, settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    assert sign_in(client).status_code == 302


@pytest.mark.parametrize(
    ("role", "home"),
    [(Role.COUNSELOR, "/hari-ini/"), (Role.UNIT_STAFF, "/capaian/"), (Role.UNIT_ADMIN, "/fasilitas/")],
)
def test_each_role_opens_its_own_page_first(client, role, home):
    at = factories.facility() if role == Role.COUNSELOR else factories.unit()
    client.force_login(factories.user(role, at))
    assert client.get("/")["Location"] == home


def test_a_person_without_a_post_is_told_so(client):
    client.force_login(factories.user())
    response = client.get("/")
    assert response.status_code == 200
    assert "belum" in response.content.decode().lower()


@pytest.mark.parametrize(("demo", "shown"), [(True, True), (False, False)])
def test_the_invented_logins_are_shown_in_the_demo_only(client, settings, demo, shown):
    settings.DEMO = demo
    page = client.get(LOGIN).content.decode()
    assert (LOGINS[0].password in page) is shown
    assert ("Data contoh" in page) is shown


def test_switching_an_account_off_ends_its_session_at_once(client, counselor):
    sign_in(client)
    assert client.get(reverse("today")).status_code == 200
    User.objects.filter(pk=counselor.pk).update(is_active=False)
    assert client.get(reverse("today"))["Location"].startswith(LOGIN)


def test_a_post_that_ends_today_ends_the_access_today(client, counselor):
    sign_in(client)
    assert client.get(reverse("clients:list")).status_code == 200
    counselor.postings.update(ends_on=timezone.localdate())
    assert client.get(reverse("clients:list")).status_code == 403


def test_signing_in_gives_a_new_session_key_and_a_new_password_ends_the_others(client, counselor):
    client.get(LOGIN)
    client.session["planted"] = 1
    client.session.save()
    planted = client.session.session_key
    sign_in(client)
    assert client.session.session_key != planted
    counselor.set_password("lain-kata-sandi-contoh")
    counselor.save()
    assert client.get(reverse("today"))["Location"].startswith(LOGIN)


def test_the_technical_admin_has_no_sign_in_of_its_own(client, counselor):
    """It would know neither the throttle nor the second factor."""
    client.force_login(counselor)
    admin = factories.user(Role.SYSTEM_ADMIN, factories.unit("BNN"), username="sistem", is_staff=True)
    response = client.post("/teknis/login/", {"username": admin.username, "password": factories.PASSWORD})
    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(counselor.pk)
