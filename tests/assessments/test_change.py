"""First against latest: numbers, places on the line, and what they mean."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from assessments.actions import assessments
from assessments.instruments import registry
from assessments.instruments.ranges import bounds
from assessments.queries import change_shown_with, changes, completed_of
from rehab.roles import Role
from tests import factories
from tests.assessments.makers import SABU, completed, counselor

pytestmark = pytest.mark.django_db

LATER = date(2020, 3, 1)
CLEAN = SABU | {"q2_e": "never", "q6_e": "never", "q7_e": "never", "q8": "before"}
CLEAN = {code: value for code, value in CLEAN.items() if code not in {"q3_e", "q4_e", "q5_e", "q8_pattern"}}


def whoqol(answer: int) -> dict:
    """Every question so that the life is as good as the answer."""
    return {f"q{n}": 6 - answer if n in {3, 4, 26} else answer for n in range(1, 27)}


@pytest.fixture
def episode():
    return factories.episode()


@pytest.fixture
def by(episode, client):
    found = counselor(episode)
    client.force_login(found)
    return found


def of(episode):
    return changes(completed_of([episode.client_id]))


def test_less_risk_is_better_and_more_quality_of_life_too(episode, by):
    completed(episode, by)
    completed(episode, by, CLEAN, administered_on=LATER)
    completed(episode, by, whoqol(2), instrument="whoqol_bref")
    completed(episode, by, whoqol(4), instrument="whoqol_bref", administered_on=LATER)
    life, risk = of(episode)
    sabu = risk.rows[0]
    assert (sabu.first, sabu.latest, sabu.difference, sabu.verdict) == ("31", "0", "−31", "better")
    assert sabu.bands == "Risiko tinggi → Risiko rendah"
    assert (sabu.x_latest, float(sabu.x_first)) == ("0.0", pytest.approx(100 * 31 / 39, abs=0.1))
    assert [row.verdict for row in life.rows] == ["better"] * 6
    assert (life.rows[0].first, life.rows[0].latest, life.rows[0].x_first) == ("25", "75", "25.0")
    assert life.summary == "6 membaik"


def test_worse_and_unchanged_are_told_as_well(episode, by):
    completed(episode, by, CLEAN)
    completed(episode, by, administered_on=LATER)
    assert of(episode)[0].rows[0].verdict == "worse"
    completed(episode, by, CLEAN, administered_on=date(2020, 4, 1))
    row = of(episode)[0].rows[0]
    assert (row.verdict, row.difference, row.word) == ("same", "–", "tidak berubah")


def test_a_scale_without_a_better_end_has_only_changed(episode, by):
    answers = {f"q{number}": 3 for number in range(1, 20)}
    completed(episode, by, answers, instrument="socrates")
    completed(episode, by, answers | {"q1": 5, "q4": 5}, instrument="socrates", administered_on=LATER)
    assert {row.title: row.verdict for row in of(episode)[0].rows} == {
        "Pengenalan masalah": "other",
        "Ambivalensi": "same",
        "Mengambil langkah": "better",
    }


def test_ways_are_not_compared_with_each_other_and_neither_is_one_alone(episode, by):
    completed(episode, by)
    assert of(episode) == []
    episode.status, episode.closed_on, episode.outcome = "closed", date(2019, 12, 1), "completed"
    episode.save()
    second = factories.episode(episode.client, episode.responsible_facility)
    completed(second, by, CLEAN, administered_on=LATER)
    assert of(episode) == []


def test_what_a_correction_replaced_is_not_compared(episode, by):
    old = completed(episode, by)
    assessments.complete(by=by, assessment=assessments.correct(by=by, assessment=old, reason="Salah dengar"))
    assert of(episode) == []


def test_the_page_of_each_shows_the_way_from_the_first(client, episode, by):
    first = completed(episode, by)
    middle = completed(episode, by, administered_on=date(2020, 1, 1))
    last = completed(episode, by, CLEAN, administered_on=LATER)
    assert change_shown_with(middle).latest == middle
    assert change_shown_with(last).latest == change_shown_with(first).latest == last
    for name, argument in (("result", last.pk), ("choose", episode.client.code)):
        text = client.get(reverse(f"assessments:{name}", args=[argument])).content.decode()
        assert "membaik" in text
        assert "<svg" in text
        assert "−31" in text


def test_the_page_of_the_client_tells_it_in_short(client, episode, by):
    where = reverse("clients:client", args=[episode.client.code])
    completed(episode, by)
    assert "Pertama dibanding terakhir" not in client.get(where).content.decode()
    completed(episode, by, CLEAN, administered_on=LATER)
    text = client.get(where).content.decode()
    assert "Pertama dibanding terakhir" in text
    assert "31 → 0 · membaik" in text
    client.force_login(factories.user(Role.CLERK, episode.responsible_facility))
    assert "Pertama dibanding terakhir" not in client.get(where).content.decode()


def test_who_cares_elsewhere_sees_nothing_of_it(client, episode, by):
    completed(episode, by)
    completed(episode, by, CLEAN, administered_on=LATER)
    client.force_login(factories.user(Role.COUNSELOR, factories.facility()))
    assert client.get(reverse("assessments:choose", args=[episode.client.code])).status_code == 404


@pytest.mark.parametrize(
    ("key", "scale", "ends"),
    [
        ("assist", "a", (0, 31)),
        ("assist", "e", (0, 39)),
        ("dast10", "total", (0, 10)),
        ("whoqol_bref", "social", (0, 100)),
        ("whoqol_bref", "q1", (1, 5)),
        ("urica", "readiness", (-2, 14)),
        ("audit", "total", (0, 40)),
        ("socrates", "ambivalence", (4, 20)),
        ("bam", "use", (0, 12)),
        ("asi", "drug", (0, 1)),
    ],
)
def test_a_line_goes_as_far_as_its_scale(key, scale, ends):
    instrument = registry.get(key)
    assert bounds(instrument, instrument.scale(scale)) == tuple(Decimal(end) for end in ends)
