import pytest
from django.urls import reverse

from clients.actions import filters
from clients.models import SavedFilter
from rehab.errors import Refused
from rehab.roles import Role
from tests import factories

LIST, SAVE, COLUMNS = (reverse(f"clients:{name}") for name in ("list", "save_filter", "choose_columns"))


@pytest.fixture
def clinic(db):
    return factories.facility()


@pytest.fixture
def sri(clinic, client):
    user = factories.user(Role.COUNSELOR, clinic)
    client.force_login(user)
    return user


def test_a_filter_is_kept_opened_renamed_and_taken_back(client, sri, clinic):
    court = factories.episode(at=clinic, admission="court").client.code
    factories.episode(at=clinic)
    kept_at = client.post(f"{SAVE}?admission=court&q=5371011705950001", {"name": " Dari  pengadilan "}).url
    kept = SavedFilter.objects.get()
    assert (kept.name, kept.query) == ("Dari pengadilan", "admission=court")  # what the form does not know is left out
    page = client.get(kept_at)
    assert [row.code for row in page.context["rows"]] == [court]
    assert "Dari pengadilan" in page.content.decode()

    change = reverse("clients:change_filter", args=[kept.pk])
    assert client.get(change).status_code == 200
    client.post(change, {"name": "Putusan", "is_default": "on"})
    assert [row.code for row in client.get(LIST).context["rows"]] == [court]
    assert len(client.get(f"{LIST}?all=1").context["rows"]) == 2

    client.post(reverse("clients:remove_filter", args=[kept.pk]))
    assert len(client.get(LIST).context["rows"]) == 2
    filters.take_back(by=sri, kept=kept.pk)
    assert [row.code for row in client.get(LIST).context["rows"]] == [court]


def test_nobody_elses_filter_is_there(client, sri, clinic):
    other = filters.save(by=factories.user(Role.COUNSELOR, clinic), name="Milik orang lain", query="status=open")
    for url in (reverse(f"clients:{name}", args=[other.pk]) for name in ("change_filter", "remove_filter")):
        assert client.post(url, {"name": "Saya"}).status_code == 404
    page = client.get(f"{LIST}?saved={other.pk}")
    assert page.context["saved"] is None
    assert "Milik orang lain" not in page.content.decode()
    with pytest.raises(Refused):
        filters.take_back(by=sri, kept=other.pk)


def test_a_name_is_taken_once_holds_no_number_and_there_are_twenty(sri):
    for number in range(filters.MOST - 1):
        filters.save(by=sri, name=f"Saringan {number}", query="")
    for name in ("Saringan 1", "", "  ", "NIK 5371011705950001", "0812 3456 789", "K-41903319"):
        with pytest.raises(Refused):
            filters.save(by=sri, name=name, query="")
    last = filters.save(by=sri, name="Terakhir", query="", is_default=True)
    with pytest.raises(Refused, match="20"):
        filters.save(by=sri, name="Satu lagi", query="")
    filters.change(by=sri, kept=SavedFilter.objects.get(name="Saringan 3"), name="Pertama", is_default=True)
    last.refresh_from_db()
    assert last.is_default is False


@pytest.mark.parametrize("name", ["", "x" * 10_000, "\x00"])
def test_a_bad_name_is_said_beside_its_field(client, sri, name):
    answer = client.post(f"{SAVE}?status=open", {"name": name})
    assert answer.context["save"].errors["name"]
    assert not SavedFilter.objects.exists()


def test_columns_are_remembered_for_the_person_and_for_a_filter(client, sri, clinic):
    factories.treatment(factories.episode(at=clinic), programme="tc")
    client.post(f"{COLUMNS}?status=open", {"columns": ["programme", "days"]})
    assert [column.key for column in client.get(LIST).context["heads"]] == ["programme", "days"]
    assert "Therapeutic Community" in client.get(LIST).content.decode()
    kept = filters.save(by=sri, name="Lain", query="status=open", columns=["status"])
    assert [column.key for column in client.get(f"{LIST}?saved={kept.pk}").context["heads"]] == ["status"]
    client.post(f"{COLUMNS}?saved={kept.pk}", {"columns": ["opened"]})
    kept.refresh_from_db()
    assert kept.columns == ["opened"]
    assert client.post(COLUMNS, {"columns": ["nik"]}).status_code == 200  # nothing of the kind is offered
    client.post(COLUMNS, {})
    assert [column.key for column in client.get(LIST).context["heads"]] == ["about", "status", "last", "next"]


@pytest.mark.parametrize(
    ("role", "hidden"),
    [
        (Role.COUNSELOR, set()),
        (Role.UNIT_STAFF, set()),
        (Role.CLERK, {"substance", "contact", "session", "score"}),
        (Role.CORRECTIONS, {"substance", "score"}),
    ],
)
def test_a_column_is_for_those_who_may_read_it(client, clinic, role, hidden):
    client.force_login(factories.user(role, clinic.unit if role == Role.UNIT_STAFF else clinic))
    offered = {key for key, _label in client.get(COLUMNS).context["columns"].fields["columns"].choices}
    assert {"substance", "contact", "session", "score"} - offered == hidden
    client.post(COLUMNS, {"columns": ["status", *hidden]})
    shown = {column.key for column in client.get(LIST).context["heads"]}
    assert not hidden & shown
    filtered = client.get(LIST + "?main_substance=opioids&silent=30").context["form"].chosen
    assert ("main_substance" in filtered) == ("substance" not in hidden)
    assert ("silent" in filtered) == ("contact" not in hidden)
