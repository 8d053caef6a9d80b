from datetime import date

import pytest

from clients.queries.matches import within_scope
from rehab.roles import Role
from tests import factories
from tests.clients.people import NIK, andi, registered, rina

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic():
    return factories.facility()


@pytest.fixture
def clerk(clinic):
    return factories.user(Role.CLERK, clinic)


def test_the_same_nik_is_found_whatever_the_name(clerk, clinic):
    client = registered(clerk, clinic, andi()).client
    (found,) = within_scope(clerk, nik=NIK, name="Lain Sekali")
    assert (found.client, found.same_nik, found.same_name, found.strong) == (client, True, False, True)


def test_name_in_another_spelling_and_birth_date_are_a_strong_candidate(clerk, clinic):
    registered(clerk, clinic, rina(name="Achmad Soeharto"))
    (found,) = within_scope(clerk, name="Ahmad Suharto", birth_date=date(1995, 5, 17))
    assert (found.same_birth_date, found.same_name, found.strong, found.name) == (True, True, True, "A. S.")


def test_a_name_alone_is_shown_but_not_strong_and_another_birth_date_excludes(clerk, clinic):
    registered(clerk, clinic, rina())
    (found,) = within_scope(clerk, name="Rina Contoh")
    assert not found.strong
    assert within_scope(clerk, name="Rina Contoh", birth_date=date(1980, 1, 1)) == []


def test_nobody_beyond_ones_scope_is_found(clerk):
    there = factories.facility()
    registered(clerk, there, andi())
    assert within_scope(clerk, nik=NIK, name="Andi Contoh", birth_date=date(1995, 5, 17)) == []


def test_nothing_asked_is_nothing_found(clerk, clinic):
    registered(clerk, clinic, andi())
    assert within_scope(clerk, name=" ") == []
