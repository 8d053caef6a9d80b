"""Pages by key: the anchor is a row of the list itself."""

import pytest
from django.db.models import F
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


def test_a_page_gathered_from_several_sources_is_that_of_all_of_them(people):
    keyed = User.objects.annotate(key=F("pk"))
    first, second, third, last = (person.pk for person in people.order_by("-pk"))
    sources = [keyed.filter(pk__in=[first, third]), keyed.filter(pk__in=[second, third, last])]

    def gathered(query: str, order: str = "-pk") -> keyset.Page:
        request = RequestFactory().get(f"/?{query}")
        return keyset.gathered_page(request, sources, order, whole=User.objects.all(), size=2)

    page = gathered("")
    assert ([row.pk for row in page.rows], page.previous_url, page.next_url) == (
        [first, second],
        "",
        f"/?after={second}",
    )
    after = gathered(f"after={second}")
    assert ([row.pk for row in after.rows], after.next_url) == ([third, last], "")
    assert gathered(f"before={third}").rows == page.rows
    assert [row.pk for row in gathered("", "pk").rows] == [last, third]
    assert keyset.gathered_count(sources, 4) == keyset.Count(4, False)
    assert keyset.gathered_count(sources, 3) == keyset.Count(3, True)
    stranger = factories.user(name="D Contoh")
    assert gathered(f"after={stranger.pk}").rows == gathered("after=x").rows == page.rows


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
