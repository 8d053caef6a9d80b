from datetime import timedelta

import pytest
from django.urls import reverse

from facilities.models import Qualification
from rehab import tunables, worklists
from rehab.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db

TYPED = {"what": "cert_assessor", "number": "S 1", "result": "competent", "starts_on": "2019-01-01", "ends_on": ""}


@pytest.fixture
def place():
    return factories.facility(of=factories.unit("BNNP-53"))


@pytest.fixture
def admin(place, client):
    found = factories.user(Role.FACILITY_ADMIN, place)
    client.force_login(found)
    return found


@pytest.fixture
def rina(place):
    return factories.user(Role.COUNSELOR, place, name="Rina Contoh")


def page(person):
    return reverse("facilities:qualifications", args=[person.pk])


def add(client, person, kind="sertifikat", **changed):
    return client.post(reverse("facilities:add_qualification", args=[person.pk, kind]), TYPED | changed)


def test_the_facility_admin_records_for_the_own_staff(client, place, admin, rina):
    text = client.get(reverse("facilities:facility", args=[place.code])).content.decode()
    assert page(rina) in text
    assert "Belum ada izin" in client.get(page(rina)).content.decode()
    assert add(client, rina).url == page(rina)
    row = Qualification.objects.get()
    assert (row.user, row.recorded_by, row.ends_on) == (rina, admin, None)
    text = client.get(page(rina)).content.decode()
    assert "S 1" in text
    assert "berlaku" in text


def test_a_double_click_records_once(client, admin, rina):
    first, again = (add(client, rina, form_token="satu") for _ in range(2))
    assert first.url == again.url
    assert Qualification.objects.count() == 1


def test_what_was_typed_wrongly_stands_beside_its_field(client, admin, rina):
    response = add(client, rina, ends_on="2018-05-01")
    assert response.context["form"].errors["ends_on"]
    assert add(client, rina, result="lulus").context["form"].errors["result"]
    assert add(client, rina, what="doctor").context["form"].errors["what"]
    assert client.get(reverse("facilities:add_qualification", args=[rina.pk, "ijazah"])).status_code == 404
    assert not Qualification.objects.exists()


def test_a_licence_is_corrected_and_removed_with_a_reason(client, admin, rina):
    row = factories.qualification(rina, "doctor", number="STR 1")
    where = reverse("facilities:correct_qualification", args=[rina.pk, row.pk])
    typed = {"what": "doctor", "number": "STR 2", "starts_on": "2019-01-01", "ends_on": "2019-12-31"}
    assert client.get(where).status_code == 200
    assert client.post(where, typed).context["form"].errors["reason"]
    assert client.post(where, typed | {"reason": "Salah ketik"}).url == page(rina)
    row.refresh_from_db()
    assert (row.number, row.ends_on.isoformat()) == ("STR 2", "2020-01-01")
    where = reverse("facilities:remove_qualification", args=[rina.pk, row.pk])
    assert client.get(where).status_code == 200
    assert client.post(where, {"reason": "Orang lain"}).url == page(rina)
    assert not Qualification.objects.exists()


def test_the_holder_looks_and_changes_nothing(client, rina):
    row = factories.qualification(rina, number="STR 77")
    client.force_login(rina)
    text = client.get(page(rina)).content.decode()
    assert "STR 77" in text
    assert reverse("facilities:correct_qualification", args=[rina.pk, row.pk]) not in text
    assert add(client, rina).status_code == 403


@pytest.mark.parametrize("role", [Role.FACILITY_ADMIN, Role.COUNSELOR, Role.UNIT_ADMIN])
def test_others_learn_nothing(client, place, rina, role):
    row = factories.qualification(rina, number="STR 77")
    bali = factories.unit("BNNP-51")
    client.force_login(factories.user(role, bali if role == Role.UNIT_ADMIN else factories.facility(of=bali)))
    assert client.get(page(rina)).status_code == 404
    for name in ("correct_qualification", "remove_qualification"):
        where = reverse(f"facilities:{name}", args=[rina.pk, row.pk])
        assert client.post(where, {"reason": "uji"}).status_code in {403, 404}
    assert add(client, rina).status_code in {403, 404}
    assert Qualification.objects.get().number == "STR 77"


def test_a_row_of_somebody_else_is_not_reached_through_ones_own_staff(client, admin, rina):
    other = factories.qualification(factories.user(Role.COUNSELOR, factories.facility()))
    where = reverse("facilities:remove_qualification", args=[rina.pk, other.pk])
    assert client.post(where, {"reason": "uji"}).status_code == 404


def test_the_admin_of_a_place_that_was_left_keeps_nothing_any_more(client, admin, rina, place):
    rina.postings.update(ends_on=place.local_date())
    assert client.get(page(rina)).status_code == 404


def fresh(user):
    """As in the next request."""
    return type(user).objects.get(pk=user.pk)


def test_hari_ini_says_what_ends_to_the_holder_and_to_the_admin(place, admin, rina):
    today = place.local_date()
    factories.qualification(rina, "doctor", ends_on=today + timedelta(days=60))
    factories.qualification(rina, "nurse", ends_on=today + timedelta(days=61))
    factories.qualification(rina, "psychologist", ends_on=today - timedelta(days=3))
    factories.qualification(rina, "counselor", ends_on=today + timedelta(days=5))
    factories.qualification(rina, "counselor")  # renewed without end
    for who in (rina, admin):
        (block,) = worklists.told(fresh(who), today, "izin-sertifikat")
        assert [(item.group, item.urgent) for item in block.items] == [("due", True), ("due", False)]
    elsewhere = factories.user(Role.FACILITY_ADMIN, factories.facility())
    assert worklists.told(elsewhere, today, "izin-sertifikat") == []
    bnn = factories.user(Role.UNIT_ADMIN, factories.unit("BNN"))
    tunables.change(by=bnn, key="facilities.expiry_days", value=61, source_note="uji")
    assert worklists.told(fresh(rina), today, "izin-sertifikat")[0].total == 3


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_takes_the_same_queries_for_one_row_and_for_more(
    client, admin, rina, rows, django_assert_max_num_queries
):
    for _ in range(rows):
        factories.qualification(rina)
    client.get(page(rina))
    with django_assert_max_num_queries(12):
        client.get(page(rina))
