import pytest
from django.test import Client as Browser
from django.urls import reverse

from clients.actions import stewarding
from clients.models import Client, KeptApart, MatchCandidate
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories
from tests.clients.people import registered, rina

pytestmark = pytest.mark.django_db

CLEAR = (
    "Rina",
    "Contoh Kupang",
    "Siti",
    "17 Mei",
    "1995-05-17",
    "081234567890",
    "Klinik Kupang",
    "Klinik Denpasar",
    "Kota Kupang",
)
WHOLE = {"name": "Rina Contoh Kupang", "mother_name": "Siti Rekaan", "phone": "081234567890"}


@pytest.fixture
def town():
    kupang = factories.facility("Klinik Kupang")
    denpasar = factories.facility("Klinik Denpasar", of=factories.unit("BNNP-51"))
    clerk = factories.user(Role.CLERK, kupang)
    for place in (kupang, denpasar):
        registered(clerk, place, rina(**WHOLE, region=factories.region("5371")))
    return kupang


@pytest.fixture
def browser():
    browser = Browser()
    browser.force_login(factories.user(Role.DATA_STEWARD, factories.unit("BNN"), name="Sinta Penata"))
    return browser


def pair() -> MatchCandidate:
    return MatchCandidate.objects.get()


def page(browser, name, *args, **query) -> str:
    answer = browser.get(reverse(f"clients:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def decide(browser, decision, reason="Nama, ibu, dan telepon sama", **more):
    return browser.post(
        reverse("clients:candidate", args=[pair().pk]), {"decision": decision, "reason": reason, **more}
    )


def test_the_queue_and_the_pair_are_explained_without_anything_clear(town, browser):
    text = page(browser, "candidates")
    assert pair().first.code in text
    assert "R. C. K." in text
    text += page(browser, "candidate", pair().pk)
    assert "S. R." in text
    assert "1995" in text
    assert "Wilayah 53" in text
    stewarding.link(by=factories.user(), candidate=pair(), reason="Sama")
    text += page(browser, "person", pair().first.person_id) + page(browser, "candidates", show="decided")
    assert [word for word in CLEAR if word in text] == []


def test_each_look_is_recorded_without_the_clients_code(town, browser):
    page(browser, "candidates")
    page(browser, "candidate", pair().pk)
    page(browser, "person", pair().first.person_id)
    looks = AuditEvent.objects.filter(verb__startswith="person.")
    assert list(looks.order_by("pk").values_list("verb", "client_code")) == [
        ("person.queue_opened", ""), ("person.compared", ""), ("person.opened", ""),
    ]  # fmt: skip


def test_linking_and_undoing_it_by_clicking(town, browser):
    assert decide(browser, "link").url == reverse("clients:candidates")
    first = pair().first
    assert first.person_id == pair().second.person_id
    text = page(browser, "person", first.person_id)
    assert text.count("Pengelola data") >= 2 or text.count("Penata data") >= 2
    go = reverse("clients:let_go", args=[first.person_id, pair().second.code])
    assert browser.post(go, {"reason": ""}).status_code == 302
    assert KeptApart.objects.count() == 0
    browser.post(go, {"reason": "Ternyata kembar"})
    assert pair().first.person_id != pair().second.person_id
    text = page(browser, "person", pair().first.person_id)
    assert "Ternyata kembar" in text
    browser.post(reverse("clients:let_together", args=[KeptApart.objects.get().pk]), {"reason": "Diperiksa"})
    assert pair().is_open


def test_a_double_click_and_an_empty_reason(town, browser):
    assert decide(browser, "apart", reason=" ").status_code == 200
    assert pair().is_open
    assert decide(browser, "elsewhere").status_code == 200
    token = {"form_token": "a" * 32}
    for _ in range(2):
        assert decide(browser, "apart", **token).status_code == 302
    assert KeptApart.objects.count() == 1


def test_the_second_steward_is_told_who_was_first(town, browser):
    stewarding.keep_apart(by=factories.user(name="Rudi Duluan"), candidate=pair(), reason="Kembar")
    text = decide(browser, "link").content.decode()
    assert "Rudi Duluan" in text
    assert pair().first.person_id != pair().second.person_id


def test_a_person_is_found_by_the_code_of_a_client(town, browser):
    code = pair().first.code
    find = reverse("clients:find_person")
    assert browser.post(find, {"code": code.lower()}).url == reverse("clients:person", args=[pair().first.person_id])
    for wrong in ("K-00000000", "Rina", ""):
        assert browser.post(find, {"code": wrong}).url == reverse("clients:candidates")


def test_a_suspect_without_an_episode_is_nobody_to_the_steward(browser):
    suspect = factories.client("Terduga Contoh")
    assert browser.post(reverse("clients:find_person"), {"code": suspect.code}).url == reverse("clients:candidates")
    assert browser.get(reverse("clients:person", args=[suspect.person_id])).status_code == 404
    assert browser.post(reverse("clients:let_go", args=[suspect.person_id, suspect.code])).status_code == 404


def test_open_treatments_at_two_facilities_are_a_finding_that_names_no_place(town, browser):
    for client in Client.objects.all():
        factories.treatment(client.episodes.get(), started_on="2019-02-02", planned_on="2019-02-02")
    decide(browser, "link")
    text = page(browser, "person", pair().first.person_id)
    assert "dua fasilitas" in text
    assert [word for word in CLEAR if word in text] == []


@pytest.mark.parametrize(
    "role", [Role.CLERK, Role.COUNSELOR, Role.DOCTOR, Role.UNIT_STAFF, Role.AUDITOR, Role.SYSTEM_ADMIN]
)
def test_nobody_else_comes_in(town, role):
    place = town if role in {Role.CLERK, Role.COUNSELOR, Role.DOCTOR} else factories.unit("BNN")
    browser = Browser()
    browser.force_login(factories.user(role, place))
    assert browser.get(reverse("clients:candidates")).status_code == 403
    assert browser.post(reverse("clients:find_person"), {"code": Client.objects.first().code}).status_code == 403
    assert decide(browser, "link").status_code == 404
    assert browser.get(reverse("clients:person", args=[pair().first.person_id])).status_code == 404
    assert pair().is_open


def test_a_steward_below_bnn_reaches_nothing(town):
    browser = Browser()
    browser.force_login(factories.user(Role.DATA_STEWARD, factories.unit("BNNP-53")))
    assert browser.get(reverse("clients:candidates")).status_code == 403
    assert browser.get(reverse("clients:candidate", args=[pair().pk])).status_code == 404


def test_a_facility_learns_nothing_of_a_decision(town, browser):
    client = pair().first
    counselor = Browser()
    counselor.force_login(factories.user(Role.COUNSELOR, town))
    urls = [reverse(f"clients:{name}", args=[client.code]) for name in ("client", "who_looked")]
    before = [counselor.get(url).content.decode() for url in urls]
    decide(browser, "link")
    after = [counselor.get(url).content.decode() for url in urls]
    for text in before + after:
        assert pair().second.code not in text
        assert "Sinta Penata" not in text


def test_the_queue_costs_the_same_for_one_and_for_many_pairs(town, browser, django_assert_max_num_queries):
    clerk = factories.user(Role.CLERK, town)
    for _ in range(3):
        registered(clerk, town, rina(**WHOLE))
    assert MatchCandidate.objects.count() > 5
    with django_assert_max_num_queries(12):
        page(browser, "candidates")
