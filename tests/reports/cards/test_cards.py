"""Each card at its own address: what it says, to whom, in how many queries."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.enums import Outcome, QueuePriority, Setting
from clients.models import Client, WaitingListEntry
from facilities.enums import CapacityKind
from facilities.models import Bed, Capacity
from rehab.enums import Sex
from rehab.models import User
from rehab.roles import Role
from reports.cards import CARDS
from reports.enums import FigureScope
from tests import factories
from tests.reports import makers

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def ntt():
    return factories.unit("BNNP-53", name="BNNP Nusa Tenggara Timur")


@pytest.fixture
def clinic(ntt):
    return factories.facility("Klinik Contoh Kupang", of=ntt)


def sign_in(client, role, at):
    user = factories.user(role, at)
    client.force_login(user)
    return user


def card(key, code="BNNP-53", year=2019, **query):
    return reverse("reports:card", args=[code, year, key], query=query)


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def rows_of(response):
    """Each row of the card's table as {column key: value}."""
    table = response.context["shown"].table
    return [
        {
            column.key: "hidden" if cell.hidden else cell.value
            for column, cell in zip(table.columns, row.cells, strict=True)
        }
        for row in table.rows
    ]


def of(rows, **wanted):
    return next(row for row in rows if wanted.items() <= row.items())


@pytest.mark.parametrize("key", CARDS)
@pytest.mark.parametrize("code", ["BNN", "BNNP-53", "BNNK-5371", "clinic"])
def test_every_card_answers_where_it_makes_sense_also_without_data(client, ntt, clinic, key, code):
    factories.unit("BNNK-5371")
    sign_in(client, Role.ANALYST, factories.unit("BNN"))
    code = clinic.code if code == "clinic" else code
    fits = {
        "peta": {"BNN"},
        "peringkat": {"BNN", "BNNP-53", "BNNK-5371"},
        "satuan-kerja": {"BNN"},
        "sasaran": {"BNN"},
        "fasilitas": {"BNNP-53", "BNNK-5371"},
    }.get(key)
    response = client.get(card(key, code))
    assert response.status_code == (200 if fits is None or code in fits else 404)
    if response.status_code == 200:
        fragment = client.get(card(key, code), headers=FRAGMENT)
        assert "<html" not in fragment.content.decode()
        assert f'id="card-{key}"' in fragment.content.decode()


@pytest.mark.parametrize("key", CARDS)
@pytest.mark.parametrize("role", [Role.UNIT_STAFF, Role.SIGNATORY, Role.UNIT_ADMIN])
def test_another_province_learns_nothing_from_a_card(client, ntt, clinic, key, role):
    sign_in(client, role, factories.unit("BNNP-51"))
    assert client.get(card(key)).status_code == 404
    assert client.get(card(key, clinic.code)).status_code == 404


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.DATA_STEWARD, Role.TAT_LEGAL])
def test_who_sees_no_figures_gets_no_card(client, ntt, role):
    sign_in(client, role, factories.unit("BNN"))
    assert {client.get(card(key)).status_code for key in CARDS} == {403}


def test_an_unknown_card_and_a_strange_year_are_not_found(client, ntt):
    sign_in(client, Role.UNIT_STAFF, ntt)
    assert client.get(card("nonsense")).status_code == 404
    assert client.get(card("alur", year=1066)).status_code == 404


@pytest.mark.parametrize("key", CARDS)
@pytest.mark.parametrize("scope", ["own", "tree"])
def test_a_card_takes_as_many_queries_for_many_places_as_for_one(client, ntt, clinic, key, scope):
    nation = factories.unit("BNN")
    sign_in(client, Role.ANALYST, nation)
    code = "BNN" if key == "peta" else "BNNP-53"
    scope = {"peta": "tree", "satuan-kerja": "tree", "sasaran": "tree", "fasilitas": "own"}.get(key, scope)
    counts = []
    for number, more in enumerate((1, 2)):
        for _ in range(more):
            for at in (factories.facility(of=ntt), factories.facility(of=factories.unit(f"BNNK-537{number + 1}"))):
                for day in range(10):
                    makers.counted(at, date(2019, 6, 1) + timedelta(days=day))
                makers.completed(at, date(2019, 4, 1))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(card(key, code, scope=scope), headers=FRAGMENT).status_code == 200
        counts.append(len([each for each in captured if not each["sql"].startswith(("SAVEPOINT", "RELEASE"))]))
    assert counts[0] == counts[1]
    assert counts[0] <= 16


def test_the_page_offers_its_cards_with_plain_links(client, ntt, clinic):
    sign_in(client, Role.UNIT_STAFF, ntt)
    page = client.get(reverse("reports:unit", args=["BNNP-53", 2019]))
    offered = [item.key for item, _url in page.context["cards"]]
    assert offered == ["peringkat", "rincian", "fasilitas", "orang", "alur", "kapasitas", "kesegaran", "lonjakan"]
    for _card, url in page.context["cards"]:
        assert f'href="{url}"' in page.content.decode().replace("&amp;", "&")
    own = client.get(reverse("reports:unit", args=[clinic.code, 2019]))
    assert own.context["cards"][0][0].key == "kesegaran"


def test_the_map_shows_each_province_in_a_tile_that_opens_it(client, ntt, clinic):
    bali = factories.facility(of=factories.unit("BNNP-51"))
    for day in (1, 2, 3):
        makers.counted(clinic, date(2019, 3, day))
    makers.counted(bali, date(2019, 3, 1))
    makers.counted(factories.facility(of=factories.unit("BNNK-5171")), date(2019, 3, 1))
    makers.target(ntt, 6, scope=FigureScope.TREE)
    sign_in(client, Role.ANALYST, factories.unit("BNN"))
    response = client.get(card("peta", "BNN"))
    tiles = {tile.label: tile for half in response.context["shown"].content.drawing.halves for tile in half.tiles}
    assert len(tiles) == 38
    assert (tiles["NTT"].text, tiles["Bali"].text, tiles["Aceh"].text) == ("3", "2", "–")
    assert tiles["NTT"].step == 5 > tiles["Bali"].step > tiles["Aceh"].step == 0
    assert client.get(tiles["NTT"].url).status_code == 200
    assert of(rows_of(response), name=ntt.name)["value"] == 3
    shares = client.get(card("peta", "BNN", show="share")).context["shown"].content.drawing
    assert next(tile.text for half in shares.halves for tile in half.tiles if tile.label == "NTT") == "50"


def test_ranking_puts_the_largest_first_and_draws_twelve_months(client, ntt, clinic):
    other = factories.facility("Klinik Contoh Ende", of=ntt)
    for day in (1, 2):
        makers.counted(other, date(2019, 12, day))
    makers.counted(clinic, date(2019, 11, 1))
    sign_in(client, Role.UNIT_STAFF, ntt)
    rows = rows_of(client.get(card("peringkat")))
    assert [(row["name"], row["value"]) for row in rows] == [("Klinik Contoh Ende", 2), ("Klinik Contoh Kupang", 1)]
    assert rows[0]["months"].endswith("nov 0, des 2")
    turned = rows_of(client.get(card("peringkat", sort="value")))
    assert [row["value"] for row in turned] == [1, 2]


def test_ranking_hides_small_facilities_and_all_months_from_who_may_not_open_them(client, ntt, clinic):
    other = factories.facility(of=ntt)
    makers.counted(clinic, date(2019, 11, 1))
    for day in range(1, 8):
        makers.counted(other, date(2019, 12, day))
    sign_in(client, Role.SIGNATORY, ntt)
    rows = rows_of(client.get(card("peringkat")))
    assert [row["value"] for row in rows] == ["hidden", "hidden"]
    assert "months" not in rows[0]


def test_the_ways_steps_hold_each_other_and_lead_to_who_stopped(client, ntt, clinic):
    makers.plan(makers.completed(clinic, date(2019, 6, 1)), first_contact_on=date(2019, 6, 8))
    makers.counted(clinic, date(2019, 3, 3))
    factories.episode(at=clinic)
    lost = factories.episode(at=clinic, assessed_on=date(2019, 2, 3))
    without_facts = factories.episode(at=clinic, assessed_on=date(2019, 2, 3))
    factories.treatment(without_facts)
    sign_in(client, Role.UNIT_STAFF, ntt)
    response = client.get(card("alur"))
    rows = rows_of(response)
    assert [row["reached"] for row in rows] == [5, 4, 2, 2, 2, 2, 1, 1]
    assert [row["open"] for row in rows] == [None, 1, 2, 0, 0, 0, 1, 0]
    assert [row["stopped"] for row in rows] == [None, 0, 0, 0, 0, 0, 0, 0]
    for row in response.context["shown"].rows:
        for _column, cell in row:
            if cell.url:
                listed = client.get(cell.url)
                assert listed.context["count"].number == cell.value
    stopped = client.get(reverse("reports:funnel_step", args=["BNNP-53", 2019, "facts"], query={"rest": "open"}))
    assert lost.client.code in stopped.content.decode()


def test_the_list_behind_a_step_is_for_who_may_open_members(client, ntt, clinic):
    factories.episode(at=clinic)
    address = reverse("reports:funnel_step", args=["BNNP-53", 2019, "registered"])
    sign_in(client, Role.SIGNATORY, ntt)
    assert client.get(address).status_code == 403
    assert "alur/registered" not in client.get(card("alur")).content.decode()
    sign_in(client, Role.UNIT_STAFF, factories.unit("BNNP-51"))
    assert client.get(address).status_code == 404
    sign_in(client, Role.ANALYST, factories.unit("BNN"))
    response = client.get(address)
    assert response.status_code == 200
    assert "K-0" not in text_of(response)


def test_capacity_sets_who_is_inside_beside_the_places(client, ntt, clinic):
    Capacity.objects.create(facility=clinic, kind=CapacityKind.BEDS_MALE, places=1, starts_on=date(2019, 1, 1))
    for _ in range(2):
        inside = makers.counted(clinic, date(2019, 3, 3), setting=Setting.INPATIENT, sex=Sex.MALE)
    makers.counted(clinic, date(2019, 3, 3), setting=Setting.INPATIENT, sex=Sex.FEMALE)
    inside.phases.create(programme="tc", setting=Setting.OUTPATIENT, starts_on=date(2019, 5, 1))
    factories.treatment(factories.episode(at=clinic), planned_on=clinic.local_date())
    _waits(clinic, days=9)
    beds = [
        Bed.objects.create(facility=clinic, room="R", label=f"{n}", sex="M", starts_on=clinic.opened_on) for n in "123"
    ]
    makers.counted(clinic, date(2019, 3, 3), ended_on=date(2019, 5, 1), outcome=Outcome.COMPLETED)
    sign_in(client, Role.UNIT_STAFF, ntt)
    (row,) = rows_of(client.get(card("kapasitas")))
    assert (row["beds_male"], row["beds_female"], row["outpatient"]) == (1, 1, 1)
    assert (row["beds_male_share"], row["beds_female_share"]) == (100, None)
    assert (row["waiting"], row["longest"], row["free"]) == (1, 9, 3)
    inside.placements.create(
        client=inside.client, bed=beds[0], starts_on=date(2019, 4, 1), placed_by=User.objects.first()
    )
    (row,) = rows_of(client.get(card("kapasitas")))
    assert row["free"] == 2
    Capacity.objects.update(places=0)
    makers.counted(clinic, date(2019, 3, 3), setting=Setting.INPATIENT, sex=Sex.MALE)
    Capacity.objects.update(places=1)
    assert "kelebihan" in text_of(client.get(card("kapasitas")))
    tree = rows_of(client.get(card("kapasitas", scope="tree")))
    assert [row["beds_male"] for row in tree] == [2]


def _waits(clinic, *, days: int) -> None:
    WaitingListEntry.objects.create(
        episode=factories.episode(at=clinic), facility=clinic, setting=Setting.INPATIENT, sex=Sex.MALE,
        priority=QueuePriority.ORDINARY, entered_on=clinic.local_date() - timedelta(days=days),
        entered_by=factories.user(Role.COUNSELOR, clinic),
    )  # fmt: skip


def test_capacity_hides_the_few_of_a_facility_from_who_may_not_open_members(client, ntt, clinic):
    makers.counted(clinic, date(2019, 3, 3), setting=Setting.INPATIENT, sex=Sex.MALE)
    sign_in(client, Role.SIGNATORY, ntt)
    Bed.objects.create(facility=clinic, room="R", label="1", sex="M", starts_on=clinic.opened_on)
    _waits(clinic, days=9)
    (row,) = rows_of(client.get(card("kapasitas")))
    assert row["beds_male"] == "hidden"
    assert row["waiting"] == "hidden"
    assert row["beds_male_share"] is None


def test_freshness_tells_the_facility_what_to_mend(client, ntt, clinic):
    today = clinic.local_date()
    factories.episode(at=clinic, opened_on=today)
    episode = factories.episode(at=clinic, opened_on=today - timedelta(days=2), facts_on=today)
    factories.treatment(episode, started_on=today)
    plan = makers.plan(makers.completed(clinic, today - timedelta(days=60)))
    plan.follow_ups.create(due_on=today - timedelta(days=3))
    makers.follow_up(plan, today - timedelta(days=10))
    sign_in(client, Role.COUNSELOR, clinic)
    response = client.get(card("kesegaran", clinic.code, today.year))
    (row,) = rows_of(response)
    assert (row["registered"], row["started"]) == (today, today)
    assert row["followed_up"] == today - timedelta(days=10)
    assert (row["facts"], row["overdue"], row["uncounted"]) == (50, 1, 1)
    more = response.context["shown"].content.more
    assert len(more) == 3
    assert {client.get(url).status_code for _label, url in more} == {200}


def test_freshness_marks_a_quiet_facility_and_hides_small_numbers(client, ntt, clinic):
    busy = factories.facility("Klinik Contoh Sibuk", of=ntt)
    factories.episode(at=busy, opened_on=busy.local_date())
    sign_in(client, Role.SIGNATORY, ntt)
    response = client.get(card("kesegaran", year=ntt.local_date().year))
    assert [row["facts"] for row in rows_of(response)] == [None, "hidden"]
    assert text_of(response).count("tanpa entri selama 30 hari") == 1


def test_who_was_served_twice_is_one_person(client, ntt, clinic):
    first = makers.counted(clinic, date(2019, 3, 3))
    again = makers.counted(clinic, date(2019, 9, 3))
    Client.objects.filter(pk=again.client_id).update(person=first.client.person)
    makers.counted(clinic, date(2019, 4, 3))
    sign_in(client, Role.SIGNATORY, ntt)
    row = of(rows_of(client.get(card("orang"))), name="Klien direhabilitasi")
    assert (row["members"], row["most"]) == (3, 2)


def test_targets_that_do_not_fit_are_told_with_the_way_to_them(client, ntt):
    makers.target(ntt, 10, scope=FigureScope.TREE)
    makers.target(factories.unit("BNNK-5371"), 7)
    sign_in(client, Role.UNIT_STAFF, ntt)
    response = client.get(card("sasaran", scope="tree"))
    (row,) = rows_of(response)
    assert (row["whole"], row["parts"]) == (10, 7)
    assert client.get(card("sasaran", scope="own")).status_code == 404
    (line,) = response.context["shown"].table.rows
    assert client.get(line.cells[0].url).status_code == 200


def test_who_they_are_follows_the_chart_in_page_and_workbook(client, ntt, clinic):
    makers.completed(clinic, date(2019, 4, 1))
    sign_in(client, Role.UNIT_STAFF, ntt)
    page = client.get(reverse("reports:unit", args=["BNNP-53", 2019], query={"chart": "not_relapsed_pct"}))
    url = next(url for each, url in page.context["cards"] if each.key == "rincian")
    assert page.context["page"].chosen.indicator.key in url
    chosen = [words for words, _url, now in client.get(url).context["shown"].content.choices if now]
    assert chosen == [str(page.context["page"].chosen.indicator.title)]
