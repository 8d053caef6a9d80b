"""Each page of the register and of people, for each kind of person who may, may only look, or may not."""

from datetime import date

import pytest
from django.urls import reverse

from facilities.models import IpwlDesignation
from rehab.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(db):
    return factories.facility("Klinik Contoh", of=factories.unit("BNNP-53"), code="F00001")


@pytest.fixture
def pages(place):
    decree = IpwlDesignation.objects.create(
        facility=place, decree_number="1", decree_date=date(2020, 1, 1), starts_on=date(2020, 1, 1)
    )
    staff = factories.user(Role.COUNSELOR, place)
    here, decrees = [place.code], [place.code, decree.pk]
    keeper = {
        "edit": here, "ipwl": here, "end_ipwl": decrees, "capacity": here,
    }  # fmt: skip
    unit = {
        "close": here, "reopen": here, "change_term": here, "correct_term": [place.code, place.terms.get().pk],
        "strengthening": here, "access": here, "person": [staff.pk], "give_post": [staff.pk], "deactivate": [staff.pk],
        "reactivate": [staff.pk], "end_post": [staff.postings.get().pk], "unit_access": ["BNNP-53"],
    }  # fmt: skip
    return keeper, unit


def statuses(client, user, pages):
    client.force_login(user)
    return {client.get(reverse(f"facilities:{name}", args=arguments)).status_code for name, arguments in pages.items()}


def test_the_unit_admin_opens_every_page_below_the_unit(client, place, pages):
    keeper, unit = pages
    admin = factories.user(Role.UNIT_ADMIN, place.unit)

    assert statuses(client, admin, keeper | unit) == {200}
    assert statuses(
        client,
        admin,
        {"list": [], "add": [], "people": [], "create_person": [], "give_by_email": [], "settings": [], "units": []},
    ) == {200}


def test_the_admin_of_another_province_finds_no_page_to_edit(client, place, pages):
    keeper, unit = pages
    bali = factories.user(Role.UNIT_ADMIN, factories.unit("BNNP-51"))

    assert statuses(client, bali, keeper | unit) == {404}
    assert statuses(client, bali, {"facility": [place.code]}) == {200}


def test_the_facility_admin_keeps_the_own_facility_and_not_its_supervision(client, place, pages):
    keeper, unit = pages
    own = factories.user(Role.FACILITY_ADMIN, place)
    other = factories.user(Role.FACILITY_ADMIN, factories.facility(of=place.unit))

    assert statuses(client, own, keeper) == {200}
    assert statuses(client, own, unit | {"add": []}) == {403}
    assert statuses(client, other, keeper) == {404}


@pytest.mark.parametrize("role", [Role.COUNSELOR, Role.CLERK, Role.SIGNATORY, Role.ANALYST])
def test_others_read_and_edit_nothing(client, place, pages, role):
    keeper, unit = pages
    at = place if role in (Role.COUNSELOR, Role.CLERK) else place.unit
    reader = factories.user(role, at)

    assert statuses(client, reader, {"facility": [place.code], "list": [], "units": []}) == {200}
    assert statuses(client, reader, keeper | unit | {"add": [], "people": [], "settings": [], "add_unit": []}) == {403}


def test_unit_staff_record_strengthening_and_nothing_else(client, place, pages):
    keeper, unit = pages
    staff = factories.user(Role.UNIT_STAFF, place.unit)

    assert statuses(client, staff, {"strengthening": [place.code]}) == {200}
    assert statuses(client, staff, keeper | {name: args for name, args in unit.items() if name != "strengthening"}) == {
        403
    }


def test_names_of_staff_are_for_those_who_keep_them(client, place):
    factories.user(Role.COUNSELOR, place, name="Rina Contoh")
    page = reverse("facilities:facility", args=[place.code])

    client.force_login(factories.user(Role.UNIT_ADMIN, place.unit))
    assert "Rina Contoh" in client.get(page).content.decode()
    client.force_login(factories.user(Role.UNIT_ADMIN, factories.unit("BNNP-51")))
    assert "Rina Contoh" not in client.get(page).content.decode()


def test_the_tree_is_kept_at_bnn_and_read_everywhere(client, place):
    bnn = factories.user(Role.UNIT_ADMIN, factories.unit("BNN"))

    assert statuses(
        client, bnn, {"add_unit": [], "rename_unit": ["BNNP-53"], "close_unit": ["BNNP-53"], "units": []}
    ) == {200}
    province = factories.user(Role.UNIT_ADMIN, place.unit)
    assert statuses(client, province, {"add_unit": [], "rename_unit": ["BNNP-53"], "close_unit": ["BNNP-53"]}) == {403}


@pytest.mark.parametrize("rows", [1, 3])
def test_the_pages_take_the_same_queries_for_one_row_and_for_more(client, place, rows, django_assert_num_queries):
    admin = factories.user(Role.UNIT_ADMIN, place.unit)
    for number in range(rows):
        person = factories.user(Role.COUNSELOR, place)
        factories.post(person, Role.CLERK, place)
        IpwlDesignation.objects.create(
            facility=place, decree_number=str(number), decree_date=date(2020, 1, 1), starts_on=date(2020, 1, 1)
        )
    client.force_login(admin)
    client.get(reverse("today"))

    with django_assert_num_queries(9):
        client.get(reverse("facilities:people"))
    with django_assert_num_queries(12):
        client.get(reverse("facilities:facility", args=[place.code]))
