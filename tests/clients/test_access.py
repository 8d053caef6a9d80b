import pytest
from django.http import Http404
from django.urls import reverse

from clients.access import client_for, episode_for, treatment_for
from rehab.roles import Permission, Role
from tests import factories

pytestmark = pytest.mark.django_db


def test_the_team_of_the_responsible_facility_finds_client_episode_and_treatment():
    treatment = factories.treatment()
    counselor = factories.user(Role.COUNSELOR, treatment.facility)
    assert client_for(counselor, treatment.client.code) == treatment.client
    assert episode_for(counselor, treatment.client.code, 1, Permission.TREAT) == treatment.episode
    assert treatment_for(counselor, treatment.pk, Permission.TREAT) == treatment


@pytest.mark.parametrize("role", [Role.COUNSELOR, Role.CLERK])
def test_another_facility_learns_nothing(role):
    treatment = factories.treatment()
    outsider = factories.user(role, factories.facility())
    with pytest.raises(Http404):
        client_for(outsider, treatment.client.code)
    with pytest.raises(Http404):
        episode_for(outsider, treatment.client.code, 1)
    with pytest.raises(Http404):
        treatment_for(outsider, treatment.pk)


def test_staff_of_the_unit_see_the_client_and_those_of_another_do_not():
    episode = factories.episode()
    assert client_for(factories.user(Role.UNIT_STAFF, factories.unit("BNNP-53")), episode.client.code)
    with pytest.raises(Http404):
        client_for(factories.user(Role.UNIT_STAFF, factories.unit("BNNP-51")), episode.client.code)


def test_a_clerk_may_not_treat_and_the_national_analyst_sees_no_client():
    episode = factories.episode()
    clerk = factories.user(Role.CLERK, episode.responsible_facility)
    with pytest.raises(Http404):
        episode_for(clerk, episode.client.code, 1, Permission.TREAT)
    with pytest.raises(Http404):
        client_for(factories.user(Role.ANALYST, factories.unit("BNN")), episode.client.code)


def test_a_suspect_without_episode_is_seen_by_nobody_here():
    suspect = factories.client()
    for role, place in ((Role.COUNSELOR, factories.facility()), (Role.UNIT_STAFF, factories.unit("BNN"))):
        with pytest.raises(Http404):
            client_for(factories.user(role, place), suspect.code)


def test_at_bnn_itself_people_are_masked(client):
    """The nation's reach is for figures: a client is known there by code and initials, nothing more (DOMAIN.md section 8)."""
    episode = factories.episode(factories.client("Budi Contoh"), factories.facility(of=factories.unit("BNNP-53")))
    staff = factories.user(Role.UNIT_STAFF, factories.unit("BNN"))
    client.force_login(staff)
    page = client.get(reverse("clients:client", args=[episode.client.code]))
    assert "B. C." in page.content.decode()
    assert reverse("clients:reveal", args=[episode.client.code]) not in page.content.decode()
    assert client.post(reverse("clients:reveal", args=[episode.client.code])).status_code == 404
    assert client.get(reverse("clients:who_looked", args=[episode.client.code])).status_code == 404
    assert client.post(reverse("clients:search"), {"q": "Budi"}).context["rows"] == []  # by code alone
    assert client.get(reverse("aftercare:list")).status_code == 403
