from datetime import date

import pytest
from django.urls import reverse

from clients.actions import cards
from clients.card_paper import paper
from clients.enums import Admission
from clients.models import MandatoryReportCard
from clients.queries import identity_of
from clients.queries.cards import Periods
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db
NIK = "5371011705950001"
DAY = date(2019, 3, 4)


@pytest.fixture
def here():
    return factories.episode(factories.client("Andi Contoh", nik=NIK), admission=Admission.MANDATORY_REPORT)


def at(name, *args) -> str:
    return reverse(f"clients:{name}", args=args)


def text(response) -> str:
    return response.content.decode()


def issued(episode, **changes) -> MandatoryReportCard:
    place = episode.responsible_facility
    values = {"client": episode.client, "facility": place, "issued_on": DAY} | changes
    return cards.issue(by=factories.user(Role.CLERK, place), **values)


def test_a_client_of_a_mandatory_report_is_led_to_a_card_issued_once(client, here):
    client.force_login(factories.user(Role.CLERK, here.responsible_facility))
    code = here.client.code
    assert "Terbitkan kartu lapor diri" in text(client.get(at("client", code)))
    assert "Belum ada kartu" in text(client.get(at("card", code)))
    typed = {"number": "", "issued_on": "2019-03-04", "form_token": "satu"}
    answers = [client.post(at("issue_card", code), typed) for _ in range(2)]
    assert {answer["Location"] for answer in answers} == {at("card", code)}
    card = MandatoryReportCard.objects.get()
    assert card.number in text(client.get(at("card", code)))
    assert "Terbitkan kartu lapor diri" not in text(client.get(at("client", code)))
    again = client.post(at("issue_card", code), typed | {"form_token": "dua"})
    assert "sudah punya kartu" in text(again)


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ({"number": "<script>", "issued_on": "2019-03-04"}, "huruf, angka"),
        ({"number": "9" * 41, "issued_on": "2019-03-04"}, "40"),
        ({"issued_on": "2199-01-01"}, "belum tiba"),
    ],
)
def test_what_is_no_card_is_said_beside_its_field(client, here, typed, word):
    client.force_login(factories.user(Role.CLERK, here.responsible_facility))
    assert word in text(client.post(at("issue_card", here.client.code), typed))
    assert MandatoryReportCard.objects.count() == 0


def test_a_voluntary_client_has_no_card_and_no_tab(client):
    episode = factories.episode()
    client.force_login(factories.user(Role.CLERK, episode.responsible_facility))
    assert at("card", episode.client.code) not in text(client.get(at("client", episode.client.code)))
    assert "Tidak ada kartu di sini" in text(client.get(at("card", episode.client.code)))


def test_a_lost_card_is_replaced(client, here):
    card = issued(here, number="7")
    client.force_login(card.issued_by)
    answer = client.post(at("replace_card", card.pk), {"because": "lost", "number": "8", "issued_on": "2019-05-06"})
    assert answer["Location"] == at("card", here.client.code)
    shown = text(client.get(answer["Location"]))
    assert "hilang" in shown
    assert "diganti 6 Mei 2019" in shown
    assert MandatoryReportCard.objects.valid().get().number == "8"


def test_the_second_period_is_warned_of_before_it_is_planned_and_never_refused(client, here):
    factories.treatment(here, started_on=DAY, ended_on=date(2019, 6, 1), outcome="completed")
    here.status, here.closed_on, here.outcome = "closed", date(2019, 6, 1), "completed"
    here.save()
    elsewhere = factories.client("Andi Contoh")
    elsewhere.person = here.client.person
    elsewhere.save()
    second = factories.episode(elsewhere, admission=Admission.MANDATORY_REPORT)
    client.force_login(factories.user(Role.COUNSELOR, second.responsible_facility))
    page = text(client.get(at("plan_treatment", elsewhere.code)))
    assert "periode perawatan ke-2" in page
    assert here.responsible_facility.name not in page
    assert "2019" not in page.partition("periode perawatan ke-2")[0][-400:]
    typed = {"setting": "outpatient", "programme": "non_tc", "planned_on": "2019-07-01"}
    assert client.post(at("plan_treatment", elsewhere.code), typed).status_code == 302
    shown = text(client.get(at("card", elsewhere.code)))
    assert "1 dari 2" in shown
    assert here.responsible_facility.name not in shown


def test_the_print_carries_the_name_and_no_nik_and_is_recorded(client, here):
    card = issued(here, number="7")
    client.force_login(card.issued_by)
    assert client.get(at("print_card", card.pk)).status_code == 405
    answer = client.post(at("print_card", card.pk))
    assert answer.content.startswith(b"%PDF-")
    verbs = set(AuditEvent.objects.filter(client_code=here.client.code).values_list("verb", flat=True))
    assert {"identity.revealed", "card.printed"} <= verbs
    told = str(paper(card, identity_of(here.client), Periods(1, 2)))
    assert "Andi Contoh" in told
    assert card.number in told
    assert NIK not in told


def test_others_find_no_card(client, here):
    card = issued(here)
    place = here.responsible_facility
    people = [
        factories.user(Role.CLERK, factories.facility()),
        factories.user(Role.FACILITY_ADMIN, place),
        factories.user(Role.UNIT_STAFF, place.unit),
        factories.user(Role.CORRECTIONS, place),
    ]
    for person in people:
        client.force_login(person)
        for name, key in (("card", here.client.code), ("issue_card", here.client.code), ("replace_card", card.pk)):
            assert client.get(at(name, key)).status_code == 404
        assert client.post(at("print_card", card.pk)).status_code == 404
