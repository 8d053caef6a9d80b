import pytest
from django.urls import reverse

from clients import dose_panels
from clients.actions import doses
from clients.models import Dose, Prescription
from facilities.enums import Service
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories
from tests.clients.actions.test_doses import prescribed, since
from tests.clients.meetings import in_treatment

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic():
    return factories.facility(services=[Service.METHADONE])


@pytest.fixture
def treatment(clinic):
    return in_treatment(clinic)


@pytest.fixture
def maria(client, clinic):
    user = factories.user(Role.DOCTOR, clinic)
    client.force_login(user)
    return user


@pytest.fixture
def nurse(clinic):
    return factories.user(Role.NURSE, clinic)


def test_a_dose_is_prescribed_given_once_and_taken_back(client, maria, treatment):
    page = reverse("clients:doses", args=[treatment.client.code])
    assert "Belum ada dosis" in client.get(page).content.decode()
    form = {
        "medicine": "methadone", "mg": "62,5", "take_home_most": "1",
        "starts_on": f"{treatment.facility.local_date()}", "form_token": "satu",
    }  # fmt: skip
    url = reverse("clients:prescribe", args=[treatment.pk])
    assert client.post(url, form | {"medicine": "buprenorphine"}).context["form"].errors["medicine"]
    assert {client.post(url, form)["Location"] for _ in range(2)} == {page}
    held = Prescription.objects.get()
    assert f"{held.mg}" == "62.50"
    give = reverse("clients:give_dose", args=[held.pk])
    for _ in range(2):
        client.post(give, {"take_home": "1", "form_token": "dua"})
    text = client.post(give, {"take_home": "1"}, follow=True).content.decode()
    assert "sudah mendapat dosis" in text
    assert "62,50 mg" in text
    assert Dose.objects.count() == 2
    dose = Dose.objects.order_by("for_day").first()
    client.post(reverse("clients:void_dose", args=[dose.pk]), {"reason": "Salah klien"})
    assert "Salah klien" in client.get(page).content.decode()
    client.post(reverse("clients:stop_prescription", args=[held.pk]), {"reason": "Pindah"})
    held.refresh_from_db()
    assert held.ends_on is not None


def test_the_list_of_the_day_gives_with_one_tap(client, maria, nurse, treatment):
    held = prescribed(maria, treatment)
    client.force_login(nurse)
    url = reverse("clients:doses_today")
    assert treatment.client.code in client.get(url).content.decode()
    answer = client.post(reverse("clients:give_dose", args=[held.pk]), {"next": "list"})
    assert answer["Location"] == url
    assert client.get(url).context["waiting"] == 0
    assert AuditEvent.objects.filter(verb="dose.opened", client_code=treatment.client.code).exists()


def test_who_missed_too_many_days_waits_for_a_doctor(client, maria, nurse, treatment):
    held = since(prescribed(maria, treatment), 3)
    client.force_login(nurse)
    give = reverse("clients:give_dose", args=[held.pk])
    assert give not in client.get(reverse("clients:doses_today")).content.decode()
    assert "dokter menetapkan ulang" in client.post(give, follow=True).content.decode()
    assert Dose.objects.count() == 0


def test_only_a_doctor_prescribes_and_stops(client, maria, nurse, treatment):
    held = prescribed(maria, treatment)
    client.force_login(nurse)
    assert client.get(reverse("clients:prescribe", args=[treatment.pk])).status_code == 404
    assert client.post(reverse("clients:stop_prescription", args=[held.pk]), {"reason": "x"}).status_code == 404


@pytest.mark.parametrize("role", [Role.CLERK, Role.CORRECTIONS, Role.UNIT_STAFF])
def test_doses_are_for_care_staff_only(client, maria, treatment, role):
    held = prescribed(maria, treatment)
    (dose,) = doses.give(by=maria, prescription=held)
    client.force_login(factories.user(role, treatment.facility.unit if role == Role.UNIT_STAFF else treatment.facility))
    assert client.get(reverse("clients:doses", args=[treatment.client.code])).status_code == 404
    assert client.get(reverse("clients:doses_today")).status_code == 403
    assert client.post(reverse("clients:give_dose", args=[held.pk])).status_code == 404
    assert client.post(reverse("clients:void_dose", args=[dose.pk]), {"reason": "x"}).status_code == 404


def test_a_stranger_learns_nothing(client, maria, treatment):
    held = prescribed(maria, treatment)
    client.force_login(factories.user(Role.DOCTOR, factories.facility(services=[Service.METHADONE])))
    assert client.get(reverse("clients:doses", args=[treatment.client.code])).status_code == 404
    assert client.post(reverse("clients:give_dose", args=[held.pk])).status_code == 404
    assert treatment.client.code not in client.get(reverse("clients:doses_today")).content.decode()


def test_the_list_takes_as_many_queries_for_one_client_as_for_three(client, maria, clinic, django_assert_num_queries):
    url = reverse("clients:doses_today")
    prescribed(maria, in_treatment(clinic))
    client.get(url)
    with django_assert_num_queries(7):
        client.get(url)
    for name in ("Budi Contoh", "Citra Contoh"):
        prescribed(maria, in_treatment(clinic, name))
    with django_assert_num_queries(7):
        client.get(url)


def test_today_and_tabs_show_doses_only_where_they_are_given(maria, clinic, treatment):
    (maria.active_post,) = maria.postings.select_related("facility")
    today = clinic.local_date()
    assert dose_panels.doses_today(maria, today) == []
    held = since(prescribed(maria, treatment), 2)
    (item,) = dose_panels.doses_today(maria, today)
    assert (item.title, item.detail, item.urgent) == ("1 dosis belum diberikan", "sampai 2 hari terlewat", True)
    doses.give(by=maria, prescription=held)
    assert dose_panels.doses_today(maria, today) == []
    assert [tab.key for tab in dose_panels.tab(maria, treatment.client)] == ["doses"]
    plain = in_treatment(factories.facility())
    other = factories.user(Role.DOCTOR, plain.facility)
    assert dose_panels.tab(other, plain.client) == []
