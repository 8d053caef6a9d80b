"""What stands in a form is kept, encrypted, for its person alone, and comes back; a form sent too late is kept as well."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from rehab import drafts, tunables
from rehab.drafts import Content
from rehab.models import Draft, FormToken
from rehab.roles import Role
from tests import factories
from tests.drafting import hidden, keep

pytestmark = pytest.mark.django_db
PAGE = "/klien/daftar/"


@pytest.fixture
def clinic():
    return factories.facility("Klinik Pratama Contoh", of=factories.unit("BNNP-53"))


@pytest.fixture
def rina(clinic):
    return factories.user(Role.COUNSELOR, clinic, name="Rina Contoh", username="rina")


def opened(client) -> str:
    return client.get(PAGE).content.decode()


def test_what_is_typed_comes_back_encrypted_for_its_person_only(client, rina, clinic):
    client.force_login(rina)
    story = "Ibu Contoh 😀 " + "x" * 10_000
    answer = keep(client, opened(client), {"mother_name": ["Ibu Contoh 😀"], "address": [story], "sex": ["f"]})
    assert (answer.status_code, answer.json()["version"]) == (200, 1)
    row = Draft.objects.get()
    assert b"Contoh" not in bytes(row.content)
    page = opened(client)
    assert 'value="Ibu Contoh 😀"' in page
    assert story in page
    assert "Dikembalikan dari draf Anda" in page
    client.force_login(factories.user(Role.COUNSELOR, clinic))
    assert "Ibu Contoh" not in opened(client)


def test_the_day_s_page_leads_back_to_it(client, rina):
    client.force_login(rina)
    keep(client, opened(client), {"name": ["Andi"]})
    page = client.get("/hari-ini/").content.decode()
    assert f'<a href="{PAGE}">Judul</a>' in page


def test_a_draft_is_kept_only_where_the_form_was_made_for_this_person(client, rina, clinic):
    client.force_login(rina)
    page = opened(client)
    client.force_login(factories.user(Role.COUNSELOR, clinic))
    assert keep(client, page, {"name": ["Andi"]}).status_code == 403
    assert keep(client, 'name="draft" value="x" name="draft_page" value="/"', {"name": ["Andi"]}).status_code == 403
    assert not Draft.objects.exists()


def test_secrets_and_tokens_are_never_kept(client, rina):
    client.force_login(rina)
    sent = {
        "name": ["Andi"],
        "csrfmiddlewaretoken": ["a"],
        "form_token": ["b"],
        "password": ["c"],
        "new_password2": ["d"],
    }
    keep(client, opened(client), sent)
    row = Draft.objects.get()
    content, _row = drafts.read(by=rina, place=row.place)
    assert content.fields == {"name": ["Andi"]}


def test_a_second_tab_does_not_overwrite_the_first(client, rina):
    client.force_login(rina)
    one, two = opened(client), opened(client)
    assert keep(client, one, {"name": ["Andi"]}).status_code == 200
    refused = keep(client, two, {"name": ["Budi"]})
    assert (refused.status_code, refused.json()["version"]) == (409, 1)
    assert keep(client, two, {"name": ["Budi"]}, base=None).status_code == 200
    assert keep(client, one, {"name": ["Andi lagi"]}, base=1).status_code == 409
    assert 'value="Budi"' in opened(client)


def test_too_much_is_refused_and_said(client, rina):
    client.force_login(rina)
    page = opened(client)
    assert keep(client, page, {"note": ["x" * (drafts.LARGEST + 1)]}).status_code == 413
    assert keep(client, page, {"note": ["x" * 2_000_000]}).status_code == 413
    assert keep(client, page, {str(number): ["x"] for number in range(1001)}).status_code == 413


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", "[" * 100_000, '{"draft": 1, "fields": {}}', '{"draft": "x", "fields": 3}', "\x00"]
)
def test_nonsense_is_answered_400(client, rina, body):
    client.force_login(rina)
    assert client.post(reverse("keep_draft"), body, content_type="application/json").status_code == 400


def test_an_accepted_form_leaves_no_draft_and_one_with_mistakes_keeps_it(client, clinic):
    admin = factories.user(Role.UNIT_ADMIN, clinic.unit)
    client.force_login(admin)
    url = reverse("facilities:close", args=[clinic.code])
    page = client.get(url).content.decode()
    keep(client, page, {"reason": "Izin habis"})
    posted = {"draft": hidden(page, "draft"), "reason": "Izin habis"}
    assert client.post(url, posted).status_code == 200
    assert Draft.objects.exists()
    assert client.post(url, posted | {"closed_on": "2019-02-01"}).status_code == 302
    assert not Draft.objects.exists()


def test_what_was_sent_already_is_not_kept_again(client, rina):
    client.force_login(rina)
    FormToken.objects.create(token="used", user_id=rina.pk, location="/")
    assert keep(client, opened(client), {"name": ["Andi"]}, form_token="used").status_code == 410
    assert not Draft.objects.exists()


def test_a_draft_thrown_away_can_be_taken_back(client, rina):
    client.force_login(rina)
    page = opened(client)
    keep(client, page, {"name": ["Andi"]})
    answer = client.post(reverse("discard_draft"), {"draft": hidden(page, "draft"), "draft_page": PAGE}, follow=True)
    shown = answer.content.decode()
    assert 'value="Andi"' not in shown
    undo = re.search(r'name="undo" value="([^"]*)"', shown)[1]
    back = client.post(reverse("undo"), {"undo": undo}, follow=True)
    assert 'value="Andi"' in back.content.decode()
    again = client.post(reverse("undo"), {"undo": undo}, follow=True)
    assert "tidak dapat dikembalikan" in again.content.decode()


def test_old_drafts_are_swept(rina):
    drafts.keep(by=rina, place="a", content=Content({"x": ["1"]}))
    drafts.keep(by=rina, place="b", content=Content({"x": ["1"]}))
    drafts.keep(by=rina, place="c", content=Content({"x": ["1"]}))
    drafts.discard(by=rina, place="c")
    long_ago = timezone.now() - timedelta(days=tunables.value(drafts.KEPT_DAYS) + 1)
    Draft.objects.filter(place="a").update(saved_at=long_ago)
    Draft.objects.filter(place="c").update(discarded_at=timezone.now() - timedelta(hours=2))
    drafts.sweep()
    assert set(Draft.objects.values_list("place", flat=True)) == {"b"}


class TestSentTooLate:
    """Without a script: the session is over when the form is sent."""

    @pytest.fixture
    def page(self, client, rina) -> str:
        client.force_login(rina)
        page = opened(client)
        client.logout()
        return page

    def send(self, client, page: str):
        typed = {"draft": hidden(page, "draft"), "draft_page": PAGE, "name": "Andi Contoh", "csrfmiddlewaretoken": "x"}
        return client.post(PAGE, typed)

    def test_it_is_kept_and_the_sign_in_brings_it_back(self, client, page, rina):
        answer = self.send(client, page)
        assert answer.status_code == 401
        said = answer.content.decode()
        assert "tidak hilang" in said
        assert "Andi" not in said
        assert "Rina" not in said
        credentials = {"login": "rina", "password": factories.PASSWORD, "next": hidden(said, "next")}
        form = client.post(reverse("account_login"), credentials, follow=True)
        assert form.redirect_chain[-1][0] == PAGE
        assert 'value="Andi Contoh"' in form.content.decode()

    def test_another_person_gets_an_empty_form(self, client, page, clinic):
        self.send(client, page)
        client.force_login(factories.user(Role.COUNSELOR, clinic))
        assert "Andi" not in opened(client)

    def test_a_made_up_signature_keeps_nothing(self, client, rina):
        answer = client.post(PAGE, {"draft": "made-up", "draft_page": PAGE, "name": "Andi"})
        assert answer.status_code == 302
        assert not Draft.objects.exists()

    def test_it_leads_nowhere_else(self, client, page):
        typed = {"draft": hidden(page, "draft"), "draft_page": "//evil.example/", "name": "Andi"}
        assert client.post(PAGE, typed).status_code == 302


def test_asking_who_is_signed_in(client, rina):
    assert client.get(reverse("still_here")).status_code == 401
    assert settings.CSRF_COOKIE_NAME in client.cookies
    client.force_login(rina)
    assert client.get(reverse("still_here")).json() == {"user": rina.pk}
