from datetime import timedelta

import pytest
from django.urls import reverse

from assessments.actions import tat
from assessments.models import TatCase
from assessments.queries import tat_clock
from clients.actions.people import IdentityData
from clients.models import Client
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    return factories.unit("BNNP-53")


@pytest.fixture
def sri(unit, client):
    found = factories.user(Role.TAT_SECRETARIAT, unit, name="Sri Contoh")
    client.force_login(found)
    return found


def body(unit, **changes) -> dict:
    today = unit.local_date()
    return {
        "name": "Budi Contoh", "sex": "M", "birth_date": "1990-05-01", "nik": "", "no_nik_reason": "not_brought",
        "route": "with_evidence", "requested_by": "Satresnarkoba Polres Kupang Kota", "request_number": "R/12/XI/2026",
        "request_on": (today - timedelta(days=1)).isoformat(), "received_on": today.isoformat(),
    } | changes  # fmt: skip


def made(unit, by, days_ago=0) -> TatCase:
    received = unit.local_date() - timedelta(days=days_ago)
    request = tat.Request("Polres Contoh", "R/1", received, received)
    return tat.open_case(
        by=by, unit=unit, identity=IdentityData(name="Budi Contoh", sex="M", no_nik_reason="unknown"), request=request
    )


def url(name, *args) -> str:
    return reverse(f"assessments:{name}", args=args)


def test_a_case_is_opened_once_with_a_code_and_a_hidden_person(client, unit, sri):
    first = client.post(url("tat_open"), body(unit, form_token="t"))
    assert client.post(url("tat_open"), body(unit, form_token="t")).url == first.url
    case = TatCase.objects.get()
    assert case.code == f"TAT-53-{unit.local_date().year}-0001"
    assert (case.unit, case.client.episodes.count()) == (unit, 0)
    assert AuditEvent.objects.filter(verb="tat.opened").count() == 1
    text = client.get(first.url).content.decode()
    assert "Budi" not in text
    assert "B. C." in text


def test_the_identity_is_shown_after_the_look_was_recorded(client, unit, sri):
    case = made(unit, sri)
    assert "Budi Contoh" in client.post(url("tat_reveal", case.code)).content.decode()
    assert AuditEvent.objects.filter(verb="identity.revealed", client_code=case.client.code).count() == 1


def test_codes_count_on_within_unit_and_year(unit, sri):
    other = factories.unit("BNNK-5371")
    assert [made(unit, sri).code[-4:], made(unit, sri).code[-4:], made(other, sri).code[-4:]] == [
        "0001",
        "0002",
        "0001",
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "…"}, "name"),
        ({"name": "x" * 10_000}, "name"),
        ({"nik": "123", "no_nik_reason": ""}, "nik"),
        ({"nik": "5371010105900000"}, "nik"),
        ({"no_nik_reason": ""}, "nik"),
        ({"birth_date": "1899-01-01"}, "birth_date"),
        ({"birth_date": "2999-01-01"}, "birth_date"),
        ({"request_on": "1899-01-01"}, "request_on"),
        ({"request_on": "2999-01-01"}, "request_on"),
        ({"received_on": "2999-01-01"}, "received_on"),
        ({"requested_by": ""}, "requested_by"),
    ],
)
def test_bad_input_stays_on_the_form_and_registers_nobody(client, unit, sri, changes, field):
    response = client.post(url("tat_open"), body(unit, **changes))
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert (TatCase.objects.count(), Client.objects.count()) == (0, 0)


def test_a_refusal_needs_a_reason(client, unit, sri):
    case = made(unit, sri)
    assert client.post(url("tat_refuse", case.code), {"reason": ""}).status_code == 422
    assert client.post(url("tat_refuse", case.code), {"reason": "x" * 10_000}).status_code == 422
    assert client.post(url("tat_refuse", case.code), {"reason": "Berkas tidak lengkap"}).status_code == 302
    case.refresh_from_db()
    assert (case.status, case.refusal) == ("refused", "Berkas tidak lengkap")


ACTS = (
    "tat_reveal", "tat_submit", "tat_send_back", "tat_schedule", "tat_refuse", "tat_papers", "tat_team", "tat_record",
    "tat_plenary", "tat_letter", "tat_placement", "tat_not_ordered",
)  # fmt: skip


def test_nobody_else_learns_that_a_case_exists(client, unit, sri):
    case = made(unit, sri)
    facility = factories.facility(of=unit)
    others = [
        (Role.TAT_SECRETARIAT, factories.unit("BNNP-51")),
        (Role.COUNSELOR, facility),
        (Role.UNIT_STAFF, unit),
        (Role.UNIT_ADMIN, unit),
        (Role.TAT_MEDICAL, unit),
        (Role.TAT_LEGAL, unit),
        (Role.TAT_SECRETARIAT, factories.unit("BNN")),
        (Role.CORRECTIONS, facility),
        (Role.AUDITOR, factories.unit("BNN")),
    ]
    for role, place in others:
        client.force_login(factories.user(role, place))
        assert client.get(url("tat_case", case.code)).status_code == 404
        for name in ACTS if role == Role.TAT_MEDICAL else ("tat_reveal", "tat_refuse"):
            assert client.post(url(name, case.code)).status_code == 404
        assert case.code not in client.get(url("tat_list")).content.decode()
    assert TatCase.objects.get().status == "draft"


def test_the_clock_runs_to_the_end_of_the_sixth_day_in_the_units_zone(unit, sri):
    case = made(unit, sri, 6)
    clock = tat_clock(case, 6)
    assert clock.last_day == unit.local_date()
    assert clock.deadline.utcoffset() == timedelta(hours=8)
    assert clock.short
    assert not clock.late
    assert tat_clock(made(unit, sri, 7), 6).late


def test_the_list_takes_the_same_queries_at_one_and_three(client, unit, sri, django_assert_max_num_queries):
    made(unit, sri)
    client.get(url("tat_list"))
    with django_assert_max_num_queries(12) as one:
        client.get(url("tat_list"))
    made(unit, sri, 2)
    made(unit, sri, 9)
    with django_assert_max_num_queries(len(one.captured_queries)):
        text = client.get(url("tat_list")).content.decode()
    assert "lewat" in text
    assert client.get(url("tat_list") + "?status=result").context["cases"] == []


def test_each_page_of_a_case_is_a_recorded_look(client, unit, sri):
    case = made(unit, sri)
    for name in ("tat_case", "tat_papers", "tat_team"):
        assert client.get(url(name, case.code)).status_code == 200
    assert client.post(url("tat_refuse", case.code), {"reason": ""}).status_code == 422
    assert AuditEvent.objects.filter(verb="tat.opened_page", client_code=case.client.code).count() == 4
