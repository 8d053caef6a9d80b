from datetime import date

import pytest
from django.urls import reverse

from rehab.models import AuditEvent
from rehab.roles import Role
from reports.enums import FigureScope
from reports.models import Target, TargetRevision
from tests import factories
from tests.reports import makers

pytestmark = pytest.mark.django_db
ARGS = ["BNNP-53", 2019]
LIST = reverse("reports:cascade", args=ARGS)
SHARE = reverse("reports:cascade_share", args=[*ARGS, "clients_rehabilitated"])
WHEN = {"in_force_on": "2019-02-01", "reason": "Pembagian 2019", "scope": "own"}


@pytest.fixture
def ntt():
    return factories.unit("BNNP-53")


@pytest.fixture
def below(ntt):
    return [factories.unit(code) for code in ("BNNK-5371", "BNNK-5372", "BNNK-5373")]


@pytest.fixture
def staff(client, ntt):
    user = factories.user(Role.UNIT_STAFF, ntt)
    client.force_login(user)
    return user


def cells(response) -> list[object]:
    return [row.cell.value() for row in response.context["rows"]]


def test_what_does_not_fit_is_told_in_words(client, staff, ntt, below):
    makers.target(ntt, 60, scope=FigureScope.TREE)
    makers.target(below[0], 70)
    page = client.get(LIST).content.decode()
    assert "tidak pas" in page
    assert "Lebih 10" in page
    assert SHARE in page


def test_a_proposal_is_made_evenly_or_by_last_year_and_saves_nothing(client, staff, ntt, below):
    makers.target(ntt, 61, scope=FigureScope.TREE)
    clinic = factories.facility(of=below[2])
    for month in (1, 2, 3):
        makers.counted(clinic, date(2018, month, 3))
    makers.counted(factories.facility(of=below[0]), date(2018, 3, 3))
    assert client.get(SHARE).context["proposal"]["total"].value() == "61"
    assert cells(client.get(SHARE, {"total": "61", "way": "rata"})) == ["21", "20", "20"]
    assert cells(client.get(SHARE, {"total": "60", "way": "tahun-lalu"})) == ["15", "0", "45"]
    assert Target.objects.count() == 1


def test_what_lower_units_carry_is_taken_off_the_share(client, ntt, below):
    client.force_login(factories.user(Role.UNIT_STAFF, factories.unit("BNN")))
    factories.unit("BNNP-51")
    makers.target(ntt, 10)
    makers.target(below[0], 30)
    address = reverse("reports:cascade_share", args=["BNN", 2019, "clients_rehabilitated"])
    assert cells(client.get(address, {"total": "100", "way": "rata"})) == ["50", "20"]
    assert client.get(address, {"total": "100", "way": "rata"}).context["form"].fixed == 30


def test_a_percentage_is_proposed_the_same_for_all(client, staff, below):
    address = reverse("reports:cascade_share", args=[*ARGS, "not_relapsed_pct"])
    assert cells(client.get(address, {"total": "50", "way": "sama"})) == ["50", "50", "50"]
    assert client.get(address, {"total": "50", "way": "rata"}).context["proposal"].errors


@pytest.mark.parametrize("query", [{"way": "x", "total": "5"}, {"way": "rata", "total": "lima"}, {"way": "rata"},
                                   {"way": "rata", "total": "-1"}, {"way": "rata", "total": "😀"}])  # fmt: skip
def test_a_proposal_that_makes_no_sense_is_said(client, staff, below, query):
    response = client.get(SHARE, query)
    assert response.status_code == 200
    assert response.context["proposal"].errors
    assert cells(response) == [None, None, None]


def test_saving_revises_each_unit_that_changed_with_its_own_event(client, staff, ntt, below):
    makers.target(below[0], 24, months=(2,) * 12)
    makers.target(below[1], 20)
    form = client.get(SHARE).context["form"]
    seen = {f"u{unit.pk}-seen": form[f"u{unit.pk}-seen"].value() or "" for unit in below}
    typed = {f"u{below[0].pk}": "36", f"u{below[1].pk}": "20", f"u{below[2].pk}": "5"}
    assert client.post(SHARE, WHEN | seen | typed).url == LIST
    assert TargetRevision.objects.count() == 4
    assert TargetRevision.objects.get(value=36).months == [3] * 12
    assert Target.objects.get(unit=below[2]).scope == FigureScope.OWN
    places = AuditEvent.objects.filter(verb="target.revised").values_list("place", flat=True)
    assert sorted(places) == ["BNNK-5371", "BNNK-5373"]


@pytest.mark.parametrize("word", ["lima", "-1", "1e99", "9" * 20, "😀", ""])
def test_a_wrong_cell_says_so_and_nothing_is_kept(client, staff, below, word):
    makers.target(below[0], 24)
    form = client.get(SHARE).context["form"]
    seen = {f"u{below[0].pk}-seen": form[f"u{below[0].pk}-seen"].value()}
    response = client.post(SHARE, WHEN | seen | {f"u{below[0].pk}": word, f"u{below[1].pk}": "5"})
    assert list(response.context["form"].errors) == [f"u{below[0].pk}"]
    assert TargetRevision.objects.count() == 1


def test_what_somebody_set_meanwhile_is_not_overwritten(client, staff, below):
    typed = WHEN | {f"u{below[0].pk}": "36"}
    makers.target(below[0], 30)
    response = client.post(SHARE, typed)
    assert list(response.context["form"].errors) == [f"u{below[0].pk}"]
    assert TargetRevision.objects.get().value == 30


def test_only_units_below_take_a_share_and_only_from_who_may(client, ntt, below):
    other = factories.unit("BNNK-5171")
    client.force_login(factories.user(Role.UNIT_STAFF, ntt))
    assert client.post(SHARE, WHEN | {f"u{other.pk}": "5"}).status_code == 422
    client.force_login(factories.user(Role.SIGNATORY, ntt))
    assert (client.get(LIST).status_code, client.get(SHARE).status_code) == (200, 403)
    client.force_login(factories.user(Role.UNIT_STAFF, other))
    assert client.get(LIST).status_code == client.post(SHARE, WHEN).status_code == 404
    assert not Target.objects.exists()


def test_a_unit_without_units_below_says_so(client, below):
    client.force_login(factories.user(Role.UNIT_STAFF, below[0]))
    for address in (reverse("reports:cascade", args=["BNNK-5371", 2019]),
                    reverse("reports:cascade_share", args=["BNNK-5371", 2019, "ikm"])):  # fmt: skip
        assert "Tidak ada satuan kerja di bawah" in client.get(address).content.decode()
    assert client.get(reverse("reports:cascade_share", args=[*ARGS, "ikm"])).status_code == 404
    assert client.get(reverse("reports:cascade_share", args=["BNNK-5371", 2019, "klien"])).status_code == 404
