"""Reach: by the date at the place, and no further than the tree."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from facilities.access import can, facility_ids, posts_of
from rehab.roles import Permission, Role
from tests import factories

pytestmark = pytest.mark.django_db

# 23.30 on 31 December in Jakarta, 01.30 on 1 January in Jayapura.
TURN_OF_THE_YEAR = datetime(2025, 12, 31, 16, 30, tzinfo=UTC)


@pytest.mark.parametrize(("area", "holds"), [("31", True), ("91", False)])
def test_a_post_ends_by_the_date_at_its_own_place(area, holds):
    user = factories.user()
    factories.post(user, Role.UNIT_STAFF, factories.unit(f"BNNP-{area}"), ends_on=date(2026, 1, 1))
    with time_machine.travel(TURN_OF_THE_YEAR, tick=False):
        assert bool(posts_of(user)) is holds


@pytest.mark.parametrize(("area", "holds"), [("31", False), ("91", True)])
def test_a_post_begins_by_the_date_at_its_own_place(area, holds):
    user = factories.user()
    factories.post(user, Role.UNIT_STAFF, factories.unit(f"BNNP-{area}"), starts_on=date(2026, 1, 1))
    with time_machine.travel(TURN_OF_THE_YEAR, tick=False):
        assert bool(posts_of(user)) is holds


def test_a_province_reaches_the_facilities_of_its_regencies_and_no_other():
    province, regency, other = (factories.unit(code) for code in ("BNNP-53", "BNNK-5371", "BNNP-51"))
    own, below, foreign = (factories.facility(of=unit) for unit in (province, regency, other))
    staff = factories.user(Role.UNIT_STAFF, province)
    assert facility_ids(staff, Permission.SEE_CLIENTS) == {own.pk, below.pk}
    assert not can(staff, Permission.SEE_CLIENTS, foreign)


def test_an_inactive_person_has_no_posts():
    user = factories.user(Role.COUNSELOR, factories.facility(), is_active=False)
    assert posts_of(user) == []
