import threading
from datetime import date, timedelta

import pytest
from django.db import connection

from clients.actions import cards
from clients.enums import Admission, CardEnd
from clients.models import MandatoryReportCard
from clients.queries.cards import periods_of, periods_with
from rehab.errors import Refused
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db
DAY = date(2019, 3, 4)


def reported(of=None, at=None, **fields):
    return factories.episode(of, at, **({"admission": Admission.MANDATORY_REPORT} | fields))


def issued(episode, **changes) -> MandatoryReportCard:
    values = {"client": episode.client, "facility": episode.responsible_facility, "issued_on": DAY}
    by = changes.pop("by", None) or factories.user(Role.CLERK, episode.responsible_facility)
    return cards.issue(by=by, **(values | changes))


def test_a_card_takes_the_facilitys_number_or_the_next_of_ours():
    first = reported()
    place = first.responsible_facility
    assert issued(first, number=" 12/IPWL/2019 ").number == "12/IPWL/2019"
    ours = [issued(reported(at=place)).number for _ in range(2)]
    assert ours == [f"KLD-{place.code}-2019-0001", f"KLD-{place.code}-2019-0002"]
    assert issued(reported(at=place), issued_on=date(2020, 1, 2)).number == f"KLD-{place.code}-2020-0001"
    assert issued(reported()).number.endswith("-2019-0001")
    assert AuditEvent.objects.filter(verb="card.issued").count() == 5


def test_what_is_no_card_is_refused():
    episode = reported()
    place = episode.responsible_facility
    with pytest.raises(Refused, match="wajib lapor"):
        issued(factories.episode(at=place))
    with pytest.raises(Refused, match="wajib lapor"):
        issued(episode, facility=factories.facility())
    with pytest.raises(Refused, match="belum tiba"):
        issued(episode, issued_on=place.local_date() + timedelta(days=1))
    issued(episode, number="7")
    with pytest.raises(Refused, match="sudah memakai nomor"):
        issued(reported(at=place), number="7")
    with pytest.raises(Refused, match="sudah punya kartu"):
        issued(episode)
    assert issued(reported(), number="7").number == "7"


def test_a_lost_card_is_replaced_once_and_stays_marked():
    card = issued(reported(), number="7")
    with pytest.raises(Refused, match="lebih tua"):
        cards.replace(by=card.issued_by, card=card, because=CardEnd.LOST, issued_on=DAY - timedelta(days=1))
    new = cards.replace(by=card.issued_by, card=card, because=CardEnd.LOST, issued_on=DAY + timedelta(days=9))
    card.refresh_from_db()
    assert (card.ended_because, card.is_valid, new.replaces_id, new.is_valid) == ("lost", False, card.pk, True)
    with pytest.raises(Refused, match="sudah diganti"):
        cards.replace(by=card.issued_by, card=card, because=CardEnd.LOST, issued_on=DAY + timedelta(days=9))


def test_periods_count_per_person_over_all_facilities_and_linked_clients():
    first = reported()
    factories.treatment(first, started_on=DAY)
    factories.treatment(first, facility=factories.facility(), started_on=DAY)  # a hand-over goes on with the period
    assert (periods_of(first.client).used, periods_of(first.client).is_last) == (1, False)
    other = factories.client("Andi Contoh")
    other.person = first.client.person
    other.save()
    second = reported(other)
    assert periods_of(other).used == 1
    about = periods_with(other, second)
    assert (about.used, about.is_last, about.is_over) == (2, True, False)
    factories.treatment(second, started_on=DAY)
    assert {periods_of(client).used for client in (first.client, other)} == {2}
    assert periods_with(other, second).used == 2
    voluntary = factories.episode(factories.client())
    factories.treatment(voluntary, started_on=DAY)
    assert periods_of(voluntary.client).used == 0
    assert periods_with(voluntary.client, voluntary) is None


@pytest.mark.django_db(transaction=True)
def test_cards_issued_at_once_have_numbers_of_their_own():
    place = factories.facility()
    episodes = [reported(at=place) for _ in range(4)]
    by = factories.user(Role.CLERK, place)
    ready = threading.Barrier(4, timeout=20)

    def work(episode):
        ready.wait()
        try:
            issued(episode, by=by)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(each,)) for each in episodes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(MandatoryReportCard.objects.values_list("number", flat=True)) == [
        f"KLD-{place.code}-2019-{number:04d}" for number in range(1, 5)
    ]
