from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clients.actions import attendance, sessions
from clients.enums import Presence, SessionStatus
from clients.models import Attendance, Session
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories
from tests.clients.meetings import DAY, data, in_treatment, planned

pytestmark = pytest.mark.django_db
NOTE = "Ingin bekerja lagi"
FORM = {
    "kind": "group", "held_on": "2019-03-04", "starts_at": "09:00", "minutes": "60", "theme": "Pemicu", "weeks": "2",
}  # fmt: skip


@pytest.fixture
def clinic():
    return factories.facility()


@pytest.fixture
def sri(client, clinic):
    user = factories.user(Role.COUNSELOR, clinic)
    client.force_login(user)
    return user


@pytest.fixture
def group(clinic):
    return [in_treatment(clinic, name) for name in ("Andi Contoh", "Rina Contoh", "Budi Contoh")]


def form_of(sri, group, **changes) -> dict:
    return FORM | {"led_by": sri.pk, "treatments": [row.pk for row in group]} | changes


def test_a_weekly_group_is_planned_once_however_often_it_is_clicked(client, sri, group):
    url = reverse("clients:add_session")
    assert client.get(url).status_code == 200
    answers = [client.post(url, form_of(sri, group, form_token="satu")) for _ in range(2)]
    assert len({answer["Location"] for answer in answers}) == 1
    assert (Session.objects.count(), Attendance.objects.count()) == (2, 6)


def test_a_client_of_another_facility_cannot_be_posted_by_hand(client, sri, group):
    stranger = in_treatment(factories.facility(), "Orang Lain")
    page = client.post(reverse("clients:add_session"), form_of(sri, [*group, stranger]))
    assert page.context["form"].errors["treatments"] == ["Pilih dari daftar."]
    assert page.context["form"]["theme"].value() == "Pemicu"
    assert Session.objects.count() == 0


def test_refusals_stand_beside_their_field(client, sri, group):
    page = client.post(reverse("clients:add_session"), form_of(sri, group, kind="individual"))
    assert page.context["form"].errors["treatments"] == ["Sesi individu hanya untuk satu klien."]


def test_a_session_like_an_earlier_one_is_proposed_a_week_later(client, sri, clinic, group):
    held = planned(sri, clinic, *group, theme="Pemicu", held_on=timezone.localdate())
    initial = client.get(reverse("clients:add_session"), {"seperti": held.pk}).context["form"].initial
    assert (initial["held_on"], initial["theme"]) == (held.held_on + timedelta(7), "Pemicu")
    assert sorted(initial["treatments"]) == sorted(row.pk for row in group)
    one = client.get(reverse("clients:add_session"), {"klien": group[1].client.code}).context["form"].initial
    assert (one["treatments"], one["kind"]) == ([group[1].pk], "individual")


def test_one_tap_on_today_records_the_group_and_comes_back(client, sri, clinic, group):
    held = planned(sri, clinic, *group, held_on=clinic.local_date())
    today = client.get(reverse("today"))
    assert reverse("clients:all_present", args=[held.pk]) in today.content.decode()
    url = reverse("clients:all_present", args=[held.pk])
    answers = [client.post(url, {"next": "today"}) for _ in range(2)]
    assert {answer["Location"] for answer in answers} == {reverse("today")}
    assert set(Attendance.objects.values_list("presence", flat=True)) == {Presence.PRESENT}
    assert "3 dari 3 hadir" in client.get(reverse("today")).content.decode()


def test_attendance_is_recorded_one_by_one_with_a_note_on_the_client(client, sri, clinic, group):
    held = planned(sri, clinic, *group)
    url = reverse("clients:session", args=[held.pk])
    marks = dict(zip((f"presence_{row.pk}" for row in group), ("present", "excused", "absent"), strict=True))
    answer = client.post(url, marks | {"edit": "1", f"note_{group[0].pk}": NOTE})
    assert answer.status_code == 302
    held.refresh_from_db()
    rows = held.attendances.order_by("pk").values_list("presence", "note")
    assert (held.status, list(rows)) == (SessionStatus.HELD, [("present", NOTE), ("excused", ""), ("absent", "")])
    assert NOTE in client.get(url).content.decode()


def test_nothing_typed_is_lost_when_a_colleague_was_quicker(client, sri, clinic, group):
    held = planned(sri, clinic, *group)
    attendance.all_present(by=sri, session=held)
    marks = {f"presence_{row.pk}": "absent" for row in group} | {f"note_{group[0].pk}": NOTE, "edit": "1"}
    page = client.post(reverse("clients:session", args=[held.pk]), marks)
    text = page.content.decode()
    assert "Rekan Anda" in text
    assert NOTE in text
    assert "tersimpan sekarang: hadir" in text
    assert set(Attendance.objects.values_list("presence", flat=True)) == {Presence.PRESENT}
    assert client.post(reverse("clients:session", args=[held.pk]), marks | {"edit": page.context["session"].edit})
    assert set(Attendance.objects.values_list("presence", flat=True)) == {Presence.ABSENT}


def test_a_presence_that_is_none_is_refused(client, sri, clinic, group):
    held = planned(sri, clinic, *group)
    marks = {f"presence_{row.pk}": "there" for row in group} | {"edit": "1"}
    assert client.post(reverse("clients:session", args=[held.pk]), marks).context["form"].errors
    assert set(Attendance.objects.values_list("presence", flat=True)) == {Presence.EXPECTED}


def test_a_session_is_changed_cancelled_and_taken_up_again(client, sri, clinic, group):
    held = planned(sri, clinic, *group)
    url = reverse("clients:change_session", args=[held.pk])
    assert client.get(url).context["form"]["theme"].value() == ""
    assert client.post(url, form_of(sri, group[:2], edit="1")).status_code == 302
    assert held.attendances.count() == 2
    assert "Rekan" in client.post(url, form_of(sri, group, edit="1")).content.decode()
    page = client.post(reverse("clients:cancel_session", args=[held.pk]), {"reason": ""}, follow=True)
    assert "Sebutkan mengapa" in page.content.decode()
    page = client.post(reverse("clients:cancel_session", args=[held.pk]), {"reason": "Listrik padam"}, follow=True)
    assert "Listrik padam" in page.content.decode()
    for _ in range(2):
        client.post(reverse("clients:take_up_session", args=[held.pk]))
    held.refresh_from_db()
    assert held.status == SessionStatus.PLANNED


@pytest.mark.parametrize("show", ["day", "week", "open"])
def test_a_list_takes_the_same_queries_for_one_session_and_for_three(
    client, sri, clinic, show, django_assert_num_queries
):
    url = f"{reverse('clients:sessions')}?show={show}&day={DAY}"
    planned(sri, clinic, in_treatment(clinic))
    client.get(url)
    with django_assert_num_queries(8):
        client.get(url)
    for name in ("Citra Contoh", "Dewi Contoh"):
        planned(sri, clinic, in_treatment(clinic, name), in_treatment(clinic, f"{name} Dua"))
    with django_assert_num_queries(8):
        page = client.get(url)
    assert len(page.context["rows"]) == 3


def test_the_day_shows_only_its_own_sessions_of_its_own_place(client, sri, clinic):
    planned(sri, clinic, in_treatment(clinic), theme="Sendiri")
    other = factories.facility()
    planned(factories.user(Role.COUNSELOR, other), other, in_treatment(other, "Orang Lain"), theme="Di sana")
    text = client.get(f"{reverse('clients:sessions')}?day={DAY}").content.decode()
    assert "Sendiri" not in client.get(reverse("clients:sessions")).content.decode()
    assert "Sendiri" in text
    assert "Di sana" not in text


@pytest.fixture
def held(sri, clinic):
    """A recorded session with a note."""
    treatment = in_treatment(clinic)
    session = planned(sri, clinic, treatment, theme="Tema rahasia", kind="individual")
    attendance.record(by=sri, session=session, edit=1, marks={treatment.pk: attendance.Mark(Presence.PRESENT, NOTE)})
    return session


def pages_of(session) -> dict[str, str]:
    code = session.attendances.get().client.code
    return {
        "list": f"{reverse('clients:sessions')}?day={DAY}",
        "session": reverse("clients:session", args=[session.pk]),
        "tab": reverse("clients:client_sessions", args=[code]),
        "client": reverse("clients:client", args=[code]),
    }


@pytest.mark.parametrize(
    ("role", "opened"),
    [
        (Role.COUNSELOR, {"list": 200, "session": 200, "tab": 200, "client": 200}),
        (Role.CORRECTIONS, {"list": 200, "session": 200, "tab": 200, "client": 200}),
        (Role.CLERK, {"list": 403, "session": 404, "tab": 404, "client": 200}),
        (Role.FACILITY_ADMIN, {"list": 403, "session": 404, "tab": 404, "client": 404}),
    ],
)
def test_each_role_sees_its_part(client, held, role, opened):
    client.force_login(factories.user(role, held.facility))
    answers = {name: client.get(url) for name, url in pages_of(held).items()}
    assert {name: answer.status_code for name, answer in answers.items()} == opened
    for answer in answers.values():
        text = answer.content.decode()
        assert (NOTE in text or "Tema rahasia" in text) <= (role == Role.COUNSELOR)


def test_a_corrections_officer_sees_attendance_and_records_none(client, held):
    client.force_login(factories.user(Role.CORRECTIONS, held.facility))
    pages = pages_of(held)
    assert "hadir" in client.get(pages["tab"]).content.decode()
    for name in ("session", "all_present", "change_session", "cancel_session", "take_up_session"):
        assert client.post(reverse(f"clients:{name}", args=[held.pk])).status_code == 404


def test_the_unit_sees_that_a_client_came_without_what_was_said(client, held):
    client.force_login(factories.user(Role.UNIT_STAFF, held.facility.unit))
    text = client.get(pages_of(held)["tab"]).content.decode()
    assert "Konseling individu" in text
    assert NOTE not in text
    assert "Tema rahasia" not in text


def test_a_stranger_learns_nothing(client, held):
    client.force_login(factories.user(Role.COUNSELOR, factories.facility()))
    pages = pages_of(held)
    assert {client.get(pages[name]).status_code for name in ("session", "tab", "client")} == {404}
    assert NOTE not in client.get(pages["list"]).content.decode()


def test_every_look_at_a_session_is_recorded_for_each_client(client, sri, clinic, group):
    held = planned(sri, clinic, *group)
    client.get(reverse("clients:session", args=[held.pk]))
    looks = AuditEvent.objects.filter(verb="session.opened").values_list("client_code", flat=True)
    assert sorted(looks) == sorted(row.client.code for row in group)


def test_who_is_out_of_touch_is_listed_and_who_has_no_next_session(client, sri, clinic):
    silent = in_treatment(clinic)
    url = reverse("clients:out_of_touch")
    assert silent.client.code in client.get(url).content.decode()
    assert silent.client.code in client.get(f"{url}?show=next").content.decode()
    sessions.plan(
        by=sri, facility=clinic, treatments=[silent], data=data(sri, held_on=clinic.local_date() + timedelta(1))
    )
    assert silent.client.code not in client.get(f"{url}?show=next").content.decode()
