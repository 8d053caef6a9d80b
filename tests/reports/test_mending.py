"""What a facility's own people are told about their records, and nobody else."""

from datetime import timedelta

import pytest
from django.urls import reverse

from rehab.roles import Role
from reports import mending
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic():
    clinic = factories.facility("Klinik Contoh Kupang", of=factories.unit("BNNP-53"))
    today = clinic.local_date()
    episode = factories.episode(at=clinic, opened_on=today - timedelta(days=1))
    factories.treatment(episode, started_on=today.replace(day=1, month=today.month))
    return clinic


def test_today_says_what_does_not_count_with_its_list(client, clinic):
    client.force_login(factories.user(Role.COUNSELOR, clinic))
    page = client.get(reverse("today"))
    (block,) = [each for each in page.context["groups"]["attention"].blocks if each.worklist is mending.UNCOUNTED]
    assert "1 layanan sudah mulai tetapi belum dihitung" in block.items[0].title
    assert client.get(block.more).status_code == 200
    assert block.items[0].title in page.content.decode()


@pytest.mark.parametrize(
    ("role", "at"), [(Role.CLERK, "own"), (Role.COUNSELOR, "other"), (Role.UNIT_STAFF, "unit"), (Role.ANALYST, "unit")]
)
def test_others_are_told_nothing_today(client, clinic, role, at):
    place = {"own": clinic, "other": factories.facility(of=clinic.unit), "unit": clinic.unit}[at]
    client.force_login(factories.user(role, place))
    assert "belum dihitung" not in client.get(reverse("today")).content.decode()


def test_the_facilitys_page_shows_its_people_how_fresh_it_is(client, clinic):
    client.force_login(factories.user(Role.FACILITY_ADMIN, clinic))
    page = client.get(reverse("facilities:facility", args=[clinic.code])).content.decode()
    assert "Entri terakhir" in page
    client.force_login(factories.user(Role.UNIT_ADMIN, clinic.unit))
    assert "Entri terakhir" not in client.get(reverse("facilities:facility", args=[clinic.code])).content.decode()
    client.force_login(factories.user(Role.COUNSELOR, factories.facility(of=factories.unit("BNNP-51"))))
    assert "Entri terakhir" not in client.get(reverse("facilities:facility", args=[clinic.code])).content.decode()
