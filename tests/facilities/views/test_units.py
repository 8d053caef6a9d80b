"""A unit moves in the tree by its page, at BNN only, and its past stays to be read."""

from datetime import date

import pytest
from django.urls import reverse

from rehab.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db
UNITS = reverse("facilities:units")
MOVE = reverse("facilities:move_unit", args=["BNNK-5304"])


@pytest.fixture
def belu(db):
    return factories.unit("BNNK-5304", name="BNNK Belu")


@pytest.fixture
def bali(belu):
    return factories.unit("BNNP-51", name="BNNP Bali")


def sari(client):
    found = factories.user(Role.UNIT_ADMIN, factories.unit("BNN"), name="Sari Contoh")
    client.force_login(found)
    return found


def typed(bali, **other):
    return {"parent": bali.pk, "from_on": "2020-01-01", "reason": "Keputusan contoh"} | other


def test_bnn_moves_a_unit_and_its_history_stands_in_the_tree(client, belu, bali):
    sari(client)
    assert MOVE in client.get(UNITS).content.decode()
    posts = [client.post(MOVE, typed(bali, form_token="a")) for _ in range(2)]

    assert [post.url for post in posts] == [UNITS] * 2
    belu.refresh_from_db()
    assert belu.parent == bali
    assert belu.terms.count() == 2
    page = client.get(UNITS)
    history = next(term.history for _, term in page.context["rows"] if term.unit == belu)
    assert [(term.parent.code, term.given_by and term.given_by.name, term.reason) for term in history] == [
        ("BNNP-51", "Sari Contoh", "Keputusan contoh"),
        ("BNNP-53", None, ""),
    ]
    assert "Keputusan contoh" in page.content.decode()
    before = [term.unit.code for _, term in client.get(UNITS, {"on": "2019-12-31"}).context["rows"]]
    assert before.index("BNNK-5304") == before.index("BNNP-53") + 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"parent": ""}, "parent"), ({"reason": ""}, "reason"), ({"from_on": "2002-03-22"}, "from_on"), ({"from_on": "2149-01-01"}, "from_on"),
     ({"from_on": "1899-01-01"}, "from_on"), ({"parent": "0"}, "parent")],
)  # fmt: skip
def test_what_cannot_be_is_said_beside_its_field(client, belu, bali, wrong, field):
    sari(client)
    response = client.post(MOVE, typed(bali) | wrong)
    assert set(response.context["form"].errors) == {field}
    assert belu.terms.count() == 1


def test_the_form_offers_neither_the_unit_itself_nor_what_lies_below_nor_where_it_stands(client, belu, bali):
    factories.unit("BNNK-5171")
    sari(client)
    assert [unit.code for unit in client.get(MOVE).context["form"].fields["parent"].queryset] == ["BNNP-51"]


def test_a_province_does_not_move_units(client, belu, bali):
    client.force_login(factories.user(Role.UNIT_ADMIN, belu.parent))
    assert MOVE not in client.get(UNITS).content.decode()
    assert (client.get(MOVE).status_code, client.post(MOVE, typed(bali)).status_code) == (403, 403)
    assert belu.terms.count() == 1


@pytest.mark.parametrize("moved", [1, 3])
def test_the_tree_takes_the_same_queries_however_many_units_moved(client, bali, moved, django_assert_num_queries):
    by = sari(client)
    for code in ["BNNK-5304", "BNNK-5305", "BNNK-5306"][:moved]:
        unit = factories.unit(code)
        unit.terms.update(ends_on=date(2020, 1, 1))
        unit.terms.create(name=unit.name, parent=bali, starts_on=date(2020, 1, 1))
    client.get(reverse("today"))
    assert by.is_active
    with django_assert_num_queries(7):
        client.get(UNITS)
