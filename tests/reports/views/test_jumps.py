"""The queue of months that stand out, and explaining one."""

from datetime import date

import pytest
from django.urls import reverse

from rehab.models import AuditEvent
from rehab.roles import Role
from reports.models import JumpReason
from tests import factories
from tests.reports import makers

pytestmark = pytest.mark.django_db


@pytest.fixture
def ntt():
    return factories.unit("BNNP-53", name="BNNP Nusa Tenggara Timur")


@pytest.fixture
def clinic(ntt):
    """Two clients each month of 2018, and twenty in March 2019."""
    clinic = factories.facility("Klinik Contoh Kupang", of=ntt)
    for month in range(1, 15):
        for day in (1, 2):
            makers.counted(clinic, date(2018 + (month - 1) // 12, (month - 1) % 12 + 1, day))
    for day in range(1, 21):
        makers.counted(clinic, date(2019, 3, day))
    return clinic


def sign_in(client, role, at):
    user = factories.user(role, at)
    client.force_login(user)
    return user


def queue(code="BNNP-53", **query):
    return reverse("reports:jumps", args=[code, 2019], query=query)


def explain(client, jump, reason="Kegiatan penjangkauan", **changed):
    data = {
        "unit": jump.unit, "facility": jump.facility or "", "indicator": jump.indicator.key,
        "month": jump.first.isoformat(), "members": jump.members, "reason": reason,
    }  # fmt: skip
    return client.post(reverse("reports:explain_jump", args=["BNNP-53", 2019]), data | changed)


def waiting(client):
    return [row.jump for row in client.get(queue()).context["waiting"]]


def march(found):
    return [jump for jump in found if jump.first == date(2019, 3, 1)]


def test_a_month_that_stands_out_waits_for_the_unit_and_for_the_facility(client, ntt, clinic):
    sign_in(client, Role.UNIT_STAFF, ntt)
    found = march(waiting(client))
    assert {(jump.facility, jump.members, jump.usual) for jump in found} == {(clinic.pk, 20, 2), (None, 20, 2)}


def test_a_reason_takes_it_out_until_its_number_changes(client, ntt, clinic):
    by = sign_in(client, Role.UNIT_STAFF, ntt)
    of_clinic = next(jump for jump in march(waiting(client)) if jump.facility)
    assert explain(client, of_clinic).status_code == 302
    reason = JumpReason.objects.get()
    assert (reason.facility, reason.members, reason.given_by) == (clinic, 20, by)
    assert AuditEvent.objects.filter(verb="jump.explained", reason="Kegiatan penjangkauan").exists()
    assert [jump.facility for jump in march(waiting(client))] == [None]
    assert "Kegiatan penjangkauan" in client.get(queue()).content.decode()
    makers.counted(clinic, date(2019, 3, 25))
    again = next(jump for jump in march(waiting(client)) if jump.facility)
    assert (again.members, again.reason.members, again.changed) == (21, 20, True)
    explain(client, again, "Data susulan")
    assert JumpReason.objects.get().members == 21


def test_what_was_not_looked_at_is_not_explained(client, ntt, clinic):
    sign_in(client, Role.UNIT_STAFF, ntt)
    jump = march(waiting(client))[0]
    assert explain(client, jump, members=19).status_code == 422
    assert explain(client, jump, reason=" ").status_code == 422
    assert explain(client, jump, month="2019-01-01").status_code == 404
    assert explain(client, jump, unit=factories.unit("BNNP-51").pk).status_code == 404
    assert explain(client, jump, month="31").status_code == 422
    assert not JumpReason.objects.exists()


@pytest.mark.parametrize("role", [Role.UNIT_ADMIN, Role.TAT_SECRETARIAT])
def test_who_only_sees_figures_does_not_explain(client, ntt, clinic, role):
    sign_in(client, Role.UNIT_STAFF, ntt)
    jump = march(waiting(client))[0]
    sign_in(client, role, ntt)
    assert all(row.form is None for row in client.get(queue()).context["waiting"])
    assert explain(client, jump).status_code == 403


def test_another_province_neither_sees_nor_explains(client, ntt, clinic):
    sign_in(client, Role.UNIT_STAFF, ntt)
    jump = march(waiting(client))[0]
    sign_in(client, Role.UNIT_STAFF, factories.unit("BNNP-51"))
    assert client.get(queue()).status_code == 404
    assert explain(client, jump).status_code == 404


def test_a_signatory_explains_without_seeing_a_facilitys_month(client, ntt, clinic):
    sign_in(client, Role.SIGNATORY, ntt)
    rows = client.get(queue()).context["waiting"]
    assert {row.jump.facility: row.shown for row in rows if row.jump.first == date(2019, 3, 1)} == {
        clinic.pk: False,
        None: True,
    }


def test_a_year_that_has_not_begun_has_an_empty_queue(client, ntt):
    sign_in(client, Role.UNIT_STAFF, ntt)
    response = client.get(reverse("reports:jumps", args=["BNNP-53", 2090]))
    assert (response.status_code, response.context["waiting"]) == (200, [])
