from datetime import date

import pytest
from django.urls import reverse

from rehab.roles import Role
from reports.models import Target, TargetRevision
from tests import factories
from tests.reports import makers

pytestmark = pytest.mark.django_db


@pytest.fixture
def ntt():
    return factories.unit("BNNP-53")


@pytest.fixture
def staff(client, ntt):
    user = factories.user(Role.UNIT_STAFF, ntt)
    client.force_login(user)
    return user


LIST = reverse("reports:targets", args=["BNNP-53", 2019])
FORM = reverse("reports:target", args=["BNNP-53", 2019, "clients_rehabilitated"])
VALUES = {"value": "1.200", "scope": "own", "in_force_on": "2019-01-01", "reason": "DIPA 2019"}


def test_a_target_is_set_and_revised(client, staff):
    assert client.post(FORM, VALUES).url == LIST
    months = {f"month_{number}": "110" for number in range(1, 13)}
    assert client.post(FORM, VALUES | {"value": "1.320", "in_force_on": "2019-07-01"} | months).url == LIST
    target = Target.objects.get()
    assert [(int(each.value), len(each.months)) for each in target.revisions.all()] == [(1200, 0), (1320, 12)]
    assert "1.320" in client.get(LIST).content.decode()
    assert "1.200" in client.get(FORM).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": ""},
        {"value": "enam"},
        {"value": "-1"},
        {"scope": "all"},
        {"in_force_on": "2020-01-01"},
        {"reason": ""},
        {"month_1": "7"},
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(client, staff, wrong):
    response = client.post(FORM, VALUES | wrong)
    assert response.status_code == 422
    assert response.context["form"].errors
    assert not TargetRevision.objects.exists()


def test_the_same_form_sent_twice_makes_one_revision(client, staff):
    values = VALUES | {"form_token": "once-1"}
    assert [client.post(FORM, values).status_code for _ in range(2)] == [302, 302]
    assert TargetRevision.objects.count() == 1


@pytest.mark.parametrize("role", [Role.SIGNATORY, Role.UNIT_ADMIN])
def test_who_may_only_see_figures_reads_targets_and_sets_none(client, ntt, role):
    makers.target(ntt, 60)
    client.force_login(factories.user(role, ntt))
    assert client.get(LIST).status_code == client.get(FORM).status_code == 200
    assert b"month_1" not in client.get(FORM).content
    assert client.post(FORM, VALUES).status_code == 403
    assert TargetRevision.objects.get().value == 60


def test_an_unknown_indicator_is_not_found(client, staff):
    assert client.get(reverse("reports:target", args=["BNNP-53", 2019, "klien"])).status_code == 404
    assert client.get(reverse("reports:targets", args=["BNNP-53", 66])).status_code == 404


def test_a_target_to_come_says_so(client, staff, ntt):
    makers.target(ntt, 60, year=2090, in_force_on=date(2090, 1, 1))
    assert "belum berlaku" in client.get(reverse("reports:targets", args=["BNNP-53", 2090])).content.decode()
