from datetime import date

import pytest
from django.urls import reverse

from aftercare.enums import Relapse
from aftercare.models import FollowUp
from rehab.models import AuditEvent
from tests.aftercare import makers


@pytest.fixture
def plan(counselor, clinic):
    return makers.plan(counselor, clinic)


@pytest.fixture
def row(plan):
    return plan.follow_ups.first()


@pytest.fixture
def address(row):
    return reverse("aftercare:follow_up", args=[row.pk])


@pytest.fixture
def inside(client, counselor):
    client.force_login(counselor)
    return client


def posted(**changes) -> dict[str, str]:
    return {
        "contact_made": "yes", "done_on": "2019-09-30", "kind": "monitoring", "way": "phone", "relapse": "no",
        "productive": "yes", "urine": "not_done", "note": "Bekerja di bengkel", "edit": "1",
    } | changes  # fmt: skip


def test_a_contact_is_recorded(inside, address, row):
    response = inside.post(address, posted())
    row.refresh_from_db()
    assert response["Location"] == reverse("aftercare:plan", args=[row.plan_id])
    assert (row.done_on, row.contact_made, row.relapse, row.note, row.edit) == (
        date(2019, 9, 30), True, Relapse.NO, "Bekerja di bengkel", 2,
    )  # fmt: skip


def test_no_contact_needs_nothing_more(inside, address, row):
    inside.post(address, {"contact_made": "no", "done_on": "2019-09-30", "kind": "monitoring", "edit": "1"})
    row.refresh_from_db()
    assert (row.contact_made, row.relapse) == (False, Relapse.UNKNOWN)


def test_an_answer_about_relapse_without_contact_is_refused_beside_it(inside, address, row):
    response = inside.post(address, posted(contact_made="no"))
    assert response.context["form"].errors.keys() == {"relapse"}
    row.refresh_from_db()
    assert row.done_on is None


def test_whether_there_was_contact_must_be_said(inside, address):
    values = posted()
    del values["contact_made"]
    assert inside.post(address, values).context["form"].errors.keys() == {"contact_made"}


def test_nonsense_is_refused_and_not_a_fault(inside, address):
    response = inside.post(address, posted(done_on="31-02-2019", relapse="maybe", edit="x"))
    assert response.status_code == 200
    assert response.context["form"].errors.keys() == {"done_on", "relapse", "edit"}


def test_the_second_person_sees_both_and_chooses(inside, counselor, address, row):
    makers.record(counselor, row, date(2019, 9, 29), note="Ditemui di rumah")
    clash = inside.post(address, posted(note="Bekerja"))
    page = clash.content.decode()
    assert "Ditemui di rumah" in page
    assert "Bekerja" in page
    row.refresh_from_db()
    assert row.note == "Ditemui di rumah"
    again = {
        "edit": str(clash.context["edit"]),
        "keep-done_on": "theirs",
        "keep-note": "yours",
        "keep-relapse": "yours",
    }
    inside.post(address, posted(note="Bekerja", **again))
    row.refresh_from_db()
    assert (row.done_on, row.note, row.relapse, row.edit) == (date(2019, 9, 29), "Bekerja", Relapse.NO, 3)


def test_a_correction_shows_what_was_recorded_and_leaves_a_trace_of_the_look(inside, counselor, address, row):
    assert AuditEvent.objects.filter(verb="aftercare.opened").count() == 0
    makers.record(counselor, row, date(2019, 9, 30), note="Ditemui di rumah")
    page = inside.get(address).content.decode()
    assert "Ditemui di rumah" in page
    assert AuditEvent.objects.filter(verb="aftercare.opened").count() == 1


def test_a_contact_beyond_the_plan_is_recorded_once_however_often_it_is_sent(inside, plan):
    address = reverse("aftercare:extra", args=[plan.pk])
    answers = [inside.post(address, posted(done_on="2019-09-10", edit="0", form_token="b")) for _ in range(2)]
    assert {answer["Location"] for answer in answers} == {reverse("aftercare:plan", args=[plan.pk])}
    assert FollowUp.objects.filter(plan=plan).count() == 7


def test_a_relapse_says_what_follows(inside, address):
    page = inside.post(address, posted(relapse="yes"), follow=True).content.decode()
    assert "Kambuh membuka asesmen dan episode baru." in page
