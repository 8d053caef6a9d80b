from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from facilities.enums import FacilityKind, Ownership, Service
from facilities.models import Facility, IpwlDesignation
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def ntt(db):
    return factories.unit("BNNP-53")


@pytest.fixture
def admin(ntt, client):
    user = factories.user(Role.UNIT_ADMIN, ntt, name="Admin Contoh")
    client.force_login(user)
    return user


def names(response):
    return [facility.name for facility in response.context["page"].rows]


def test_filters_find_by_kind_place_service_unit_ownership_decree_and_state(admin, ntt, client):
    today = timezone.localdate()
    clinic = factories.facility("Klinik A", of=ntt, services=[Service.DETOX])
    home = factories.facility(
        "Yayasan B", of=factories.unit("BNNP-51"), kind=FacilityKind.YAYASAN, ownership=Ownership.COMMUNITY
    )
    factories.facility("Klinik C", of=ntt, closed_on=today)
    IpwlDesignation.objects.create(
        facility=home, decree_number="1", decree_date=date(2020, 1, 1), starts_on=date(2020, 1, 1)
    )

    def found(**filters):
        return names(client.get(reverse("facilities:list"), filters))

    assert found() == ["Klinik A", "Yayasan B"]
    assert found(state="all") == ["Klinik A", "Klinik C", "Yayasan B"]
    assert found(state="closed") == ["Klinik C"]
    assert (
        found(kind="yayasan")
        == found(province="51")
        == found(ownership="community")
        == found(ipwl="yes")
        == ["Yayasan B"]
    )
    assert found(service="detox") == found(unit=ntt.code) == found(ipwl="no") == found(name="klinik a") == [clinic.name]
    assert found(name="nothing like it") == []


@pytest.mark.parametrize(
    "query",
    [
        "name=" + "x" * 10_000,
        "kind=%F0%9F%98%80",
        "province=%00",
        "unit=zz",
        "after=99999999999999999999",
        "after=x",
        "name=%00",
    ],
)
def test_nonsense_in_the_address_is_answered(admin, client, query):
    assert client.get(reverse("facilities:list") + "?" + query).status_code == 200


@pytest.mark.parametrize("rows", [1, 3, 60])
def test_the_list_takes_as_many_queries_for_one_row_as_for_many(admin, ntt, client, rows, django_assert_num_queries):
    for _ in range(rows):
        factories.facility(of=ntt)
    client.get(reverse("facilities:list"))

    with django_assert_num_queries(9):
        client.get(reverse("facilities:list"))


def test_pages_go_forth_and_back_by_key(admin, ntt, client):
    for number in range(120):
        factories.facility(f"Klinik {number:03d}", of=ntt)

    first = client.get(reverse("facilities:list"))
    second = client.get(first.context["page"].next_url)
    third = client.get(second.context["page"].next_url)
    back = client.get(third.context["page"].previous_url)

    assert names(first)[0] == "Klinik 000"
    assert (names(second)[0], names(third)[-1]) == ("Klinik 050", "Klinik 119")
    assert names(back) == names(second)
    assert (first.context["page"].previous_url, third.context["page"].next_url) == ("", "")
    assert first.context["count"].number == 120


def test_who_may_see_the_register_sees_the_whole_nation(ntt, client):
    factories.facility("Klinik Bali", of=factories.unit("BNNP-51"))
    client.force_login(factories.user(Role.COUNSELOR, factories.facility("Klinik NTT", of=ntt)))

    assert names(client.get(reverse("facilities:list"))) == ["Klinik Bali", "Klinik NTT"]


def test_a_data_steward_has_no_register(client):
    client.force_login(factories.user(Role.DATA_STEWARD, factories.unit("BNN")))

    assert client.get(reverse("facilities:list")).status_code == 403


def test_the_export_is_a_post_that_is_recorded(admin, ntt, client):
    factories.facility("=1+1", of=ntt)

    assert client.get(reverse("facilities:export")).status_code == 405
    response = client.post(reverse("facilities:export"))

    assert b"".join(response.streaming_content)[:2] == b"PK"
    assert AuditEvent.objects.get(verb="facilities.exported").data == {"rows": 1}


def test_papers_that_end_soon_stand_on_the_admins_day(admin, ntt, client):
    today = timezone.localdate()
    clinic = factories.facility("Klinik A", of=ntt, licence_until=today - timedelta(days=1))
    factories.facility("Klinik B", of=factories.unit("BNNP-51"), licence_until=today)
    IpwlDesignation.objects.create(
        facility=clinic,
        decree_number="SK 1",
        decree_date=date(2020, 1, 1),
        starts_on=date(2020, 1, 1),
        ends_on=today + timedelta(days=30),
    )
    IpwlDesignation.objects.create(
        facility=clinic,
        decree_number="SK 2",
        decree_date=date(2020, 1, 1),
        starts_on=date(2020, 1, 1),
        ends_on=today + timedelta(days=90),
    )

    due = client.get(reverse("today")).context["groups"]["due"].items

    assert [(item.urgent, "Klinik A" in item.title) for item in due] == [(True, True), (False, True)]
    assert Facility.objects.count() == 2
