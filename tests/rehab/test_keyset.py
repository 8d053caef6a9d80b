"""Pages by key: the anchor is a row of the list itself."""

import pytest
from django.test import RequestFactory

from rehab import keyset
from rehab.models import User
from tests import factories

pytestmark = pytest.mark.django_db


def names(rows, query: str = "") -> list[str]:
    return [row.name for row in keyset.page(RequestFactory().get(f"/?{query}"), rows, "name", "pk", size=2).rows]


@pytest.fixture
def people():
    found = [factories.user(name=f"{letter} Contoh") for letter in "ACEG"]
    return User.objects.filter(pk__in=[person.pk for person in found])


def test_it_goes_on_after_and_back_before_a_row(people):
    first, second, third, _last = people.order_by("name")
    assert names(people, f"after={second.pk}") == ["E Contoh", "G Contoh"]
    assert names(people, f"before={third.pk}") == ["A Contoh", "C Contoh"]
    assert names(people) == names(people, f"before={first.pk}x") == ["A Contoh", "C Contoh"]


def test_a_row_outside_of_the_list_does_not_tell_where_it_stands(people):
    stranger = factories.user(name="D Contoh")
    assert names(people, f"after={stranger.pk}") == names(people)


def test_page_and_count_together_are_what_they_are_apart(people, django_assert_num_queries):
    request, whole = RequestFactory().get("/"), User.objects.only("name")
    with django_assert_num_queries(2):
        page, count = keyset.counted_page(request, people, "name", "pk", whole=whole, size=3)
    assert [row.name for row in page.rows] == names_of(people)[:3]
    assert (count, page.previous_url, bool(page.next_url)) == (keyset.count(people), "", True)

    second, again = keyset.counted_page(RequestFactory().get(page.next_url), people, "name", "pk", whole=whole, size=3)
    assert ([row.name for row in second.rows], again, second.next_url) == (names_of(people)[3:], count, "")
    back, _count = keyset.counted_page(
        RequestFactory().get(second.previous_url), people, "name", "pk", whole=whole, size=3
    )
    assert back.rows == page.rows


def names_of(people) -> list[str]:
    return list(people.order_by("name").values_list("name", flat=True))
