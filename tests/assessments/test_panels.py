from datetime import timedelta

import pytest
from django.utils import timezone

from assessments import panels, tat_panels
from assessments.actions import assessments, tat
from clients.actions.people import IdentityData
from rehab import tunables, worklists
from rehab.roles import Role
from tests import factories
from tests.assessments.makers import SABU, completed, counselor, draft, six_facts

pytestmark = pytest.mark.django_db


@pytest.fixture
def episode():
    return factories.episode()


@pytest.fixture
def by(episode):
    return counselor(episode)


def fresh(user):
    """As in the next request."""
    return type(user).objects.get(pk=user.pk)


def test_the_timeline_shows_as_much_as_the_role_may_see(episode, by):
    completed(episode, by)
    draft(episode, by, instrument="srq20")
    six_facts(episode, by)
    place = episode.responsible_facility
    full = panels.timeline(by, episode.client)
    assert [bool(entry.url) for entry in full] == [True, True, True]
    assert any("31" in entry.text for entry in full)
    staff = panels.timeline(factories.user(Role.UNIT_STAFF, place.unit), episode.client)
    assert [(entry.text, entry.url, entry.chip) for entry in staff] == [("", "", "Risiko tinggi")]
    for other in (factories.user(Role.CLERK, place), factories.user(Role.COUNSELOR, factories.facility())):
        assert panels.timeline(other, episode.client) == []
        assert panels.tab(other, episode.client) == []


def test_a_correction_stands_beside_what_it_replaced(episode, by):
    old = completed(episode, by)
    assessments.complete(by=by, assessment=assessments.correct(by=by, assessment=old, reason="Salah dengar"))
    entries = panels.timeline(by, episode.client)
    assert {entry.chip for entry in entries} == {"digantikan perbaikan", "Menyuntik dalam 3 bulan terakhir"}
    assert any("Salah dengar" in entry.text for entry in entries)


def test_the_next_steps_follow_the_way(episode, by):
    def labels():
        episode.refresh_from_db()
        return [str(step.label) for step in panels.next_steps(by, episode.client, episode)]

    assert labels() == ["Lanjut ke asesmen", "Lengkapi enam fakta"]
    begun = draft(episode, by, SABU)
    assert labels() == ["Selesaikan asesmen", "Lengkapi enam fakta"]
    assessments.complete(by=by, assessment=begun)
    assert labels() == ["Lengkapi enam fakta"]
    six_facts(episode, by)
    assert labels() == []
    assert panels.next_steps(by, episode.client, None) == []
    clerk = factories.user(Role.CLERK, episode.responsible_facility)
    assert panels.next_steps(clerk, episode.client, episode) == []


def test_hari_ini_lists_own_drafts(episode, by):
    draft(episode, by)
    today = timezone.localdate()
    (block,) = worklists.told(by, today, "draf-asesmen")
    assert [(item.group, item.title.split(":")[0]) for item in block.items] == [("drafts", episode.client.code)]
    assert worklists.told(counselor(episode), today, "draf-asesmen") == []
    assert worklists.told(factories.user(Role.COUNSELOR, factories.facility()), today, "draf-asesmen") == []


def test_hari_ini_lists_tat_cases_by_what_is_left():
    unit = factories.unit("BNNP-53")
    sri = factories.user(Role.TAT_SECRETARIAT, unit)
    for days in (0, 5, 9):
        day = unit.local_date() - timedelta(days=days)
        identity = IdentityData(name="Budi Contoh", sex="M", no_nik_reason="unknown")
        tat.open_case(by=sri, unit=unit, identity=identity, request=tat.Request("Polres", "1", day, day))
    items = tat_panels.today(fresh(sri), timezone.localdate())
    assert [(item.group, item.urgent) for item in items] == [("due", True), ("attention", False), ("due", False)]
    tunables.change(by=sri, key="assessments.tat_days", value=12, source_note="uji")
    assert [item.urgent for item in tat_panels.today(sri, timezone.localdate())] == [False, False, False]


def test_cut_offs_of_instruments_are_settings_and_scores_keep_the_one_that_made_them(episode, by):
    answers = {f"q{number}": number <= 6 for number in range(1, 21)}
    first = completed(episode, by, answers, instrument="srq20")
    tunables.change(by=by, key="assessments.srq20.positive_from", value=8, source_note="uji")
    second = completed(episode, by, answers, instrument="srq20")
    assert (first.rules, first.scores.get().band) == ({"positive_from": 6}, "positive")
    assert (second.rules, second.scores.get().band) == ({"positive_from": 8}, "negative")
