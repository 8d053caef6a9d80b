"""Forms of the register: what is typed is never lost, twice is once, and two people never overwrite each other silently."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from facilities.actions import facilities
from facilities.models import Facility, Posting
from rehab import tunables
from rehab.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(db):
    return factories.facility(
        "Klinik Contoh", of=factories.unit("BNNP-53"), phone="0380-1", address="Jl. Lama", services=["vct"]
    )


@pytest.fixture
def admin(place, client):
    user = factories.user(Role.UNIT_ADMIN, place.unit, name="Maria Contoh")
    client.force_login(user)
    return user


def typed(place, **other):
    return {
        "name": place.name, "kind": place.kind, "owner": place.owner, "region": place.region_id, "phone": place.phone,
        "address": place.address, "services": place.services, "version": place.version, "opened_on": "2002-03-22",
    } | other  # fmt: skip


def new(unit, **other):
    return {
        "name": "Yayasan Contoh", "kind": "yayasan", "owner": "community", "ownership": "community", "unit": unit.pk,
        "region": factories.region("5371").pk, "is_operational": "on",
    } | other  # fmt: skip


def test_a_facility_is_added_and_edited_in_the_products_own_pages(admin, place, client):
    response = client.post(reverse("facilities:add"), new(place.unit, services=["detox", "vct"], form_token="a"))
    made = Facility.objects.get(name="Yayasan Contoh")

    assert response.url == reverse("facilities:facility", args=[made.code])
    client.post(reverse("facilities:edit", args=[made.code]), typed(made, note="Baru 😀", tariff="1500000"))
    made.refresh_from_db()
    assert (made.note, made.tariff, made.services, made.version) == ("Baru 😀", 1_500_000, ["detox", "vct"], 2)


def test_a_double_click_adds_one(admin, place, client):
    posts = [client.post(reverse("facilities:add"), new(place.unit, form_token="same")) for _ in range(2)]

    assert posts[0].url == posts[1].url
    assert Facility.objects.count() == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"latitude": "45"}, {"longitude": "-3"}, {"name": "x" * 10_000}, {"opened_on": "1899-01-01"}, {"opened_on": "31-02-2020"},
        {"tariff": "-1"}, {"email": "bukan"}, {"kind": "😀"}, {"region": "9999"}, {"unit": "0"}, {"services": ["tarot"]},
        {"programme_months": "99999999"}, {"name": "\x00"}, {"licence_until": "9999-12-31"}, {"note": "x" * 10_000},
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_lost(admin, place, client, wrong):
    response = client.post(reverse("facilities:add"), new(place.unit) | {"address": "Jl. Palapa 😀"} | wrong)
    form = response.context["form"]

    assert response.status_code == 200
    assert set(form.errors) <= set(wrong) | {"__all__"}
    assert form.errors
    assert form["address"].value() == "Jl. Palapa 😀"
    assert Facility.objects.count() == 1


def test_the_form_offers_the_units_and_regencies_of_ones_own_reach(admin, place, client):
    factories.unit("BNNP-51")
    factories.region("5171", "Kota Denpasar")
    form = client.get(reverse("facilities:add")).context["form"]

    assert [unit.code for unit in form.fields["unit"].queryset] == ["BNNP-53"]
    assert {region.pk[:2] for region in form.fields["region"].queryset} == {"53"}


def test_the_second_of_two_people_sees_field_by_field_what_changed(admin, place, client):
    edit = reverse("facilities:edit", args=[place.code])
    other = factories.user(Role.UNIT_ADMIN, factories.unit("BNN"), name="Bambang Contoh")
    facilities.edit(by=other, facility=place, version=1, phone="0380-2", address="Jl. Baru")

    shown = client.post(edit, typed(place, phone="0380-3", note="Catatan saya"))

    conflicts = {each.field: each for each in shown.context["conflicts"]}
    assert set(conflicts) == {"phone", "address", "note"}
    phone = conflicts["phone"]
    assert (phone.before, phone.theirs, phone.yours, phone.chosen) == ("0380-1", "0380-2", "0380-3", "yours")
    assert conflicts["address"].chosen == "theirs"
    assert shown.context["saved_by"] == "Bambang Contoh"
    assert shown.context["form"]["note"].value() == "Catatan saya"
    place.refresh_from_db()
    assert place.phone == "0380-2"

    again = {name: each.chosen for name, each in conflicts.items()}
    data = typed(
        place, phone="0380-3", address="Jl. Lama", note="Catatan saya", version=shown.context["form"]["version"].value()
    )
    saved = client.post(edit, data | {f"keep-{name}": choice for name, choice in again.items()})

    assert saved.status_code == 302
    place.refresh_from_db()
    assert (place.phone, place.address, place.note, place.version) == ("0380-3", "Jl. Baru", "Catatan saya", 3)


def test_lists_kept_as_theirs_come_back_whole(admin, place, client):
    facilities.edit(by=admin, facility=place, version=1, services=["detox", "inpatient"])
    place.refresh_from_db()
    data = typed(place, services=["vct"]) | {"keep-services": "theirs"}

    client.post(reverse("facilities:edit", args=[place.code]), data | {"name": "Klinik Baru"})
    place.refresh_from_db()
    assert (place.name, place.services) == ("Klinik Baru", ["detox", "inpatient"])


def test_a_facility_admin_cannot_slip_in_supervision(place, client):
    client.force_login(factories.user(Role.FACILITY_ADMIN, place))
    client.post(
        reverse("facilities:edit", args=[place.code]),
        typed(place, phone="0380-9", unit=factories.unit("BNNP-51").pk, ownership="community", offers_aftercare="on"),
    )
    place.refresh_from_db()

    assert (place.phone, place.unit.code, place.ownership, place.offers_aftercare) == (
        "0380-9",
        "BNNP-53",
        "government",
        False,
    )


def test_closing_reopening_terms_decrees_capacity_and_strengthening_by_their_pages(admin, place, client):
    today = timezone.localdate().isoformat()

    def post(name, *more, **data):
        response = client.post(reverse(f"facilities:{name}", args=[place.code, *more]), data)
        assert response.status_code == 302, response.context["form"].errors
        place.refresh_from_db()

    post("close", closed_on=today, reason="Pindah")
    assert place.closed_reason == "Pindah"
    post("reopen", reason="Kembali")
    post("change_term", unit=place.unit_id, ownership="community", is_operational="on", from_on="2020-01-01")
    assert place.terms.count() == 2
    post(
        "correct_term",
        place.terms.first().pk,
        unit=place.unit_id,
        ownership="community",
        is_operational="on",
        reason="Salah",
    )
    post("ipwl", decree_number="SK 1", decree_date="2020-01-01", starts_on="2020-01-01", ends_on="2025-12-31")
    decree = place.ipwl_designations.get()
    assert decree.ends_on == date(2026, 1, 1)
    post("end_ipwl", decree.pk, ends_on="2024-12-31", reason="Dicabut")
    post("capacity", kind="beds_male", places="12", starts_on="2020-01-01")
    post("strengthening", unit=place.unit_id, held_on="2020-01-01", kind="bimtek", note="")
    assert (place.capacities.get().places, place.strengthenings.get().unit) == (12, place.unit)
    page = client.get(reverse("facilities:facility", args=[place.code])).content.decode()
    assert "SK 1" in page


def test_a_day_that_cannot_be_stands_beside_its_field(admin, place, client):
    response = client.post(
        reverse("facilities:close", args=[place.code]), {"closed_on": "1899-01-01", "reason": "x" * 10_000}
    )

    assert set(response.context["form"].errors) == {"closed_on", "reason"}


def test_an_account_is_made_invited_and_given_a_second_post(admin, place, client, mailoutbox):
    data = {
        "name": "Rina Contoh",
        "email": "rina@contoh.test",
        "username": "rina",
        "role": "counselor",
        "place": place.code,
        "starts_on": "2026-01-01",
    }
    made = client.post(reverse("facilities:create_person"), data | {"form_token": "x"})
    client.post(reverse("facilities:create_person"), data | {"form_token": "x"})
    rina = Posting.objects.get(role="counselor").user

    assert made.url == reverse("facilities:person", args=[rina.pk])
    assert [message.to for message in mailoutbox] == [["rina@contoh.test"]]
    assert "http://testserver/masuk/" in mailoutbox[0].body
    client.post(
        reverse("facilities:give_post", args=[rina.pk]),
        {"role": "clerk", "place": place.code, "starts_on": "2026-01-01", "ends_on": "2026-01-31"},
    )
    assert rina.postings.get(role="clerk").ends_on == date(2026, 2, 1)


def test_an_account_of_another_unit_is_given_a_post_by_its_exact_address(admin, place, client):
    stranger = factories.user(Role.UNIT_STAFF, factories.unit("BNNP-51"), email="orang@contoh.test")
    data = {"role": "unit_staff", "place": "BNNP-53", "starts_on": "2026-01-01"}

    unknown = client.post(reverse("facilities:give_by_email"), data | {"email": "tidak@contoh.test"})
    assert set(unknown.context["form"].errors) == {"email"}
    assert client.get(reverse("facilities:person", args=[stranger.pk])).status_code == 404
    client.post(reverse("facilities:give_by_email"), data | {"email": "ORANG@contoh.test"})
    page = client.get(reverse("facilities:person", args=[stranger.pk]))
    assert ([post.unit.code for post in page.context["posts"]], page.context["elsewhere"]) == (["BNNP-53"], 1)


def test_a_post_is_ended_at_once_with_yesterday_as_its_last_day(admin, place, client):
    post = factories.user(Role.CLERK, place).postings.get()
    yesterday = timezone.localdate() - timedelta(days=1)
    client.post(reverse("facilities:end_post", args=[post.pk]), {"ends_on": yesterday.isoformat()})

    assert not Posting.objects.on(timezone.localdate()).filter(pk=post.pk).exists()


def test_one_works_as_another_of_ones_own_posts_only(place, client):
    rina = factories.user(Role.COUNSELOR, place)
    second = factories.post(rina, Role.UNIT_STAFF, factories.unit("BNNP-51"))
    foreign = factories.user(Role.UNIT_ADMIN, factories.unit("BNN")).postings.get()
    over = factories.post(rina, Role.UNIT_ADMIN, factories.unit("BNN"), ends_on=date(2020, 1, 1))
    client.force_login(rina)

    assert client.post(reverse("facilities:switch_post"), {"post": second.pk, "next": "//evil.test"}).url == reverse(
        "home"
    )
    assert client.get(reverse("today")).wsgi_request.user.active_post == second
    for other in (foreign.pk, over.pk, "x", ""):
        assert client.post(reverse("facilities:switch_post"), {"post": other}).status_code == 404
    assert client.get(reverse("facilities:switch_post")).status_code == 405


@pytest.fixture
def setting(monkeypatch):
    monkeypatch.setattr(tunables, "_declared", dict(tunables._declared))
    tunables.declare(tunables.Tunable("contoh.hari", "Contoh hari", 3, least=1, most=30))
    return reverse("facilities:setting", args=["contoh.hari"])


def test_bnn_changes_a_setting_with_its_source_and_its_history_stays(setting, client):
    client.force_login(factories.user(Role.UNIT_ADMIN, factories.unit("BNN"), name="Bambang Contoh"))

    assert set(client.post(setting, {"value": "99", "source_note": ""}).context["form"].errors) == {
        "value",
        "source_note",
    }
    client.post(setting, {"value": "5", "source_note": "SE 1/2026"})
    assert tunables.value("contoh.hari") == 5
    assert [(row.source_note, value) for row, value in client.get(setting).context["history"]] == [("SE 1/2026", "5")]
    assert "SE 1/2026" in client.get(reverse("facilities:settings")).content.decode()


def test_a_province_reads_the_settings_only(setting, admin, client):
    assert client.get(setting).status_code == 200
    assert client.post(setting, {"value": "5", "source_note": "x"}).status_code == 403
    assert client.get(reverse("facilities:setting", args=["tidak.ada"])).status_code == 404


def test_the_tree_is_shown_as_it_was_on_a_day(place, client):
    client.force_login(factories.user(Role.UNIT_ADMIN, factories.unit("BNN")))
    late = factories.unit("BNNP-93")
    late.terms.update(starts_on=date(2022, 7, 25))

    def codes(on):
        return [term.unit.code for _, term in client.get(reverse("facilities:units"), {"on": on}).context["rows"]]

    assert codes("2019-12-31") == ["BNN", "BNNP-53"]
    assert codes("2022-07-25") == codes("tidak") == ["BNN", "BNNP-53", "BNNP-93"]
