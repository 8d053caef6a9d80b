from datetime import timedelta

import pytest
from django.utils import timezone

from clients.actions import consents
from clients.enums import ConsentScope
from clients.models import Consent
from rehab import worklists
from rehab.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db
KEY = "persetujuan-berakhir"


def given(episode, by, ahead: int) -> Consent:
    place = episode.responsible_facility
    ends_on = place.local_date() + timedelta(days=ahead)
    return consents.give(by=by, client=episode.client, facility=place, scope=ConsentScope.CARE, ends_on=ends_on)


def waiting(user) -> list[str]:
    return [item.url for block in worklists.told(user, timezone.localdate(), KEY) for item in block.items]


def test_a_consent_that_ends_within_thirty_days_waits_where_the_client_is():
    place = factories.facility()
    by = factories.user(Role.CLERK, place)
    soon, later, closed = (factories.episode(at=place) for _ in range(3))
    held = given(soon, by, 12)
    given(later, by, 200)
    given(closed, by, 12)
    closed.status, closed.closed_on, closed.outcome = "closed", timezone.localdate(), "moved"
    closed.save()
    assert waiting(by) == [f"/klien/{soon.client.code}/persetujuan/?perpanjang={held.pk}#new-consent"]
    assert waiting(factories.user(Role.CLERK, factories.facility())) == []
    assert waiting(factories.user(Role.FACILITY_ADMIN, place)) == []
    given(soon, by, 200)
    assert waiting(by) == []
