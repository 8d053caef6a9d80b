import pytest
from django.urls import reverse
from django.utils import timezone

from assessments import urine_panels
from assessments.actions import urine
from assessments.enums import UrineStatus
from assessments.models import RandomDraw, UrineTest
from rehab import worklists
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories
from tests.clients.meetings import in_treatment

pytestmark = pytest.mark.django_db
STRIPS = dict.fromkeys(("amp", "thc", "bzo", "mop", "coc", "mdma"), "negative") | {"met": "positive"}
NOTE = "Catatan hasil"


@pytest.fixture
def clinic():
    return factories.facility()


@pytest.fixture
def sri(client, clinic):
    user = factories.user(Role.NURSE, clinic)
    client.force_login(user)
    return user


@pytest.fixture
def cup(sri, clinic):
    return urine.want(by=sri, treatment=in_treatment(clinic))


def test_a_test_is_asked_for_collected_and_read(client, sri, clinic):
    treatment = in_treatment(clinic)
    tab = reverse("assessments:urine_of_client", args=[treatment.client.code])
    assert "Minta tes urine" in client.get(tab).content.decode()
    want = reverse("assessments:urine_want", args=[treatment.pk])
    answers = [client.post(want, {"form_token": "satu"}) for _ in range(2)]
    cup = UrineTest.objects.get()
    page = reverse("assessments:urine_test", args=[cup.pk])
    assert {answer["Location"] for answer in answers} == {page}
    assert cup.label in client.get(page).content.decode()
    for _ in range(2):
        client.post(reverse("assessments:urine_collect", args=[cup.pk]), {"observed": "1"})
    read = reverse("assessments:urine_read", args=[cup.pk])
    assert client.post(read, {"amp": "there"}).context["form"].errors
    client.post(read, STRIPS | {"note": NOTE})
    cup.refresh_from_db()
    assert (cup.status, cup.positives, cup.custody.count()) == (UrineStatus.READ, ["MET"], 2)
    assert "positif: MET" in client.get(tab).content.decode()
    assert "Sebutkan mengapa" in client.post(read, STRIPS).content.decode()
    client.post(read, STRIPS | {"met": "negative", "reason": "Salah lihat"})
    cup.refresh_from_db()
    assert cup.positives == []


def test_a_cup_is_handed_over_and_a_test_called_off(client, sri, clinic, cup):
    urine.collect(by=sri, test=cup, observed=False)
    page = client.post(reverse("assessments:urine_hand_over", args=[cup.pk]), {"remark": ""}, follow=True)
    assert "kepada siapa" in page.content.decode()
    client.post(reverse("assessments:urine_hand_over", args=[cup.pk]), {"remark": "dr. Maria"})
    client.force_login(factories.user(Role.DOCTOR, clinic))
    client.post(reverse("assessments:urine_receive", args=[cup.pk]), {"remark": ""})
    long = client.post(reverse("assessments:urine_call_off", args=[cup.pk]), {"reason": "x" * 300}, follow=True)
    assert "250" in long.content.decode()
    client.post(reverse("assessments:urine_call_off", args=[cup.pk]), {"reason": "Tumpah"})
    assert list(cup.custody.values_list("step", flat=True)) == ["collected", "handed", "received", "cancelled"]


def test_a_draw_is_made_once_a_day_and_shown_repeated(client, sri, clinic):
    for number in range(5):
        in_treatment(clinic, f"Klien {number}")
    url = reverse("assessments:urine_draw_new")
    assert client.get(url).context["most"] == 5
    assert client.post(url, {"size": "9"}).context["form"].errors["size"]
    answer = client.post(url, {"size": "2"})
    made = RandomDraw.objects.get()
    assert answer["Location"] == reverse("assessments:urine_draw", args=[made.pk])
    text = client.get(answer["Location"]).content.decode()
    assert "tepat klien-klien ini" in text
    assert made.seed in text
    assert client.post(url, {"size": "2"}).context["form"].errors
    assert UrineTest.objects.count() == 2


@pytest.mark.parametrize("show", ["", "over"])
def test_a_list_takes_the_same_queries_for_one_cup_and_for_three(client, sri, clinic, show, django_assert_num_queries):
    def one(name: str) -> None:
        made = urine.want(by=sri, treatment=in_treatment(clinic, name))
        if show:
            urine.call_off(by=sri, test=made, reason="Menolak")

    url = f"{reverse('assessments:urine_list')}?show={show}"
    one("Andi Contoh")
    client.get(url)
    with django_assert_num_queries(6):
        client.get(url)
    one("Budi Contoh")
    one("Citra Contoh")
    with django_assert_num_queries(6):
        page = client.get(url)
    assert len(page.context["rows"]) == 3


@pytest.mark.parametrize("role", [Role.CLERK, Role.CORRECTIONS, Role.FACILITY_ADMIN, Role.UNIT_STAFF])
def test_results_are_for_care_staff_only(client, sri, clinic, cup, role):
    urine.collect(by=sri, test=cup, observed=False)
    urine.read(by=sri, test=cup, results=STRIPS, note=NOTE)
    user = factories.user(role, clinic.unit if role == Role.UNIT_STAFF else clinic)
    client.force_login(user)
    assert client.get(reverse("assessments:urine_list")).status_code == 403
    for name in ("urine_test", "urine_collect", "urine_read", "urine_call_off"):
        assert client.post(reverse(f"assessments:{name}", args=[cup.pk])).status_code in {404, 405}
    assert client.get(reverse("assessments:urine_test", args=[cup.pk])).status_code == 404
    page = client.get(reverse("clients:client", args=[cup.client.code]))
    assert NOTE not in page.content.decode()
    assert cup.label not in page.content.decode()


def test_a_stranger_learns_nothing(client, sri, cup):
    client.force_login(factories.user(Role.COUNSELOR, factories.facility()))
    assert client.get(reverse("assessments:urine_test", args=[cup.pk])).status_code == 404
    assert client.get(reverse("assessments:urine_of_client", args=[cup.client.code])).status_code == 404
    assert cup.label not in client.get(reverse("assessments:urine_list")).content.decode()


def test_every_look_is_recorded(client, sri, cup):
    client.get(reverse("assessments:urine_test", args=[cup.pk]))
    assert AuditEvent.objects.filter(verb="urine.opened", client_code=cup.client.code).count() == 1


def test_today_says_how_many_cups_wait_and_the_timeline_what_came_out(sri, clinic, cup):
    today = timezone.localdate()
    urine.collect(by=sri, test=urine.want(by=sri, treatment=in_treatment(clinic, "Budi Contoh")), observed=False)
    assert [block.items[0].title for block in worklists.told(sri, today, "urine-diambil", "urine-dibaca")] == [
        "1 tes urine belum diambil",
        "1 tes urine belum dibaca",
    ]
    assert worklists.told(factories.user(Role.CLERK, clinic), today, "urine-diambil", "urine-dibaca") == []
    urine.collect(by=sri, test=cup, observed=False)
    urine.read(by=sri, test=cup, results=STRIPS)
    (entry,) = urine_panels.timeline(sri, cup.client)
    assert (entry.title, entry.chip, entry.tone) == (cup.label, "positif: MET", "attention")
