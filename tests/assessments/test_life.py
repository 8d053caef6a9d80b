"""Quality of life before and after a treatment, kept by triggers through every change, however it comes."""

import threading
from datetime import date, timedelta
from decimal import Decimal

import pgtrigger
import pytest
from django.db import connection, transaction
from django.db.models.functions import Now

from assessments.actions import assessments, life
from assessments.models import Assessment, AssessmentScore, LifeChange
from clients.actions import episodes
from clients.models import Treatment
from rehab.periods import year
from reports.checking.plain import members_of
from reports.enums import FigureScope
from reports.indicators import REGISTRY
from reports.queries.members import missing
from tests import factories
from tests.assessments.makers import completed, counselor

pytestmark = pytest.mark.django_db

START, END = date(2019, 3, 1), date(2019, 6, 1)
LIFE = REGISTRY["quality_of_life_pct"]


def run(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def answers(level: int) -> dict:
    return {f"q{n}": 6 - level if n in {3, 4, 26} else level for n in range(1, 27)}


@pytest.fixture
def treatment():
    episode = factories.episode()
    return factories.treatment(episode, started_on=START, ended_on=END, outcome="completed")


@pytest.fixture
def by(treatment):
    return counselor(treatment.episode)


def measure(treatment, by, on, level=3):
    return completed(treatment.episode, by, answers(level), instrument="whoqol_bref", administered_on=on)


def known():
    return dict(LifeChange.objects.values_list("treatment_id", "result"))


def test_a_treatment_counts_once_it_has_ended_with_both_measures(treatment, by):
    Treatment.objects.update(ended_on=None, outcome=None)
    measure(treatment, by, START, 2)
    measure(treatment, by, END, 4)
    assert known() == {}
    Treatment.objects.update(ended_on=END, outcome="completed")
    row = LifeChange.objects.get()
    assert (row.result, row.before, row.after, row.ended_on) == ("better", Decimal(25), Decimal(75), END)
    for name in ("client", "unit", "facility", "setting", "admission_group", "sex"):
        assert getattr(row, name) == getattr(treatment, name)


@pytest.mark.parametrize(("before", "after", "result"), [(2, 3, "better"), (3, 3, "not_better"), (4, 2, "not_better")])
def test_better_means_a_higher_mean_of_the_four_domains(treatment, by, before, after, result):
    measure(treatment, by, START, before)
    measure(treatment, by, END, after)
    assert known() == {treatment.pk: result}


@pytest.mark.parametrize(
    ("first", "second", "counts"),
    [
        (-60, 92, True),
        (14, 92, True),
        (15, 92, False),
        (14, 15, True),
        (0, 0, False),
        (0, 1, True),
        (-2, -1, False),
        (0, 92 + 30, True),
        (0, 92 + 31, False),
    ],
)
def test_days_decide_what_is_before_and_what_is_after(treatment, by, first, second, counts):
    measure(treatment, by, START + timedelta(days=first), 2)
    measure(treatment, by, START + timedelta(days=second), 4)
    assert bool(known()) is counts


def test_a_measure_without_one_of_the_domains_or_of_another_way_is_none(treatment, by):
    measure(treatment, by, START, 2)
    half = bulk(treatment, by, END, 60, social=None)
    assert (half.status, known()) == ("completed", {})
    elsewhere = measure(treatment, by, END, 4)
    assert known() == {treatment.pk: "better"}
    Assessment.objects.filter(pk=elsewhere.pk).update(episode=None)
    assert known() == {}
    Assessment.objects.filter(pk=elsewhere.pk).update(episode=treatment.episode)
    assert known() == {treatment.pk: "better"}


def test_a_correction_counts_instead_of_what_it_replaced(treatment, by):
    measure(treatment, by, START, 3)
    old = measure(treatment, by, END, 4)
    draft = assessments.correct(by=by, assessment=old, reason="Lembar tertukar")
    assert known() == {treatment.pk: "better"}
    draft = assessments.save_answers(by=by, assessment=draft, answers=answers(2), edit=draft.edit)
    assessments.complete(by=by, assessment=draft)
    assert known() == {treatment.pk: "not_better"}


def bulk(treatment, by, on, value, **instead):
    (row,) = Assessment.objects.bulk_create(
        [
            Assessment(
                client=treatment.client,
                episode=treatment.episode,
                facility=treatment.facility,
                instrument="whoqol_bref",
                version="26",
                status="completed",
                administered_on=on,
                completed_at=Now(),
                completed_by=by,
            )
        ]
    )
    AssessmentScore.objects.bulk_create(
        AssessmentScore(assessment_id=row.pk, scale=scale, value=instead.get(scale, value))
        for scale in ("physical", "psychological", "social", "environment")
    )
    return row


def test_bulk_changes_and_raw_sql_keep_it_right(treatment, by):
    bulk(treatment, by, START, 40)
    late = bulk(treatment, by, END, 60)
    assert known() == {treatment.pk: "better"}
    with pgtrigger.ignore("assessments.AssessmentScore:score_is_frozen"):
        run("UPDATE assessments_assessmentscore SET value = 10 WHERE assessment_id = %s", late.pk)
        assert known() == {treatment.pk: "not_better"}
        run("DELETE FROM assessments_assessmentscore WHERE assessment_id = %s AND scale = 'social'", late.pk)
        assert known() == {}
    AssessmentScore.objects.create(assessment_id=late.pk, scale="social", value=99)
    assert known() == {treatment.pk: "not_better"}
    run("UPDATE clients_treatment SET ended_on = %s, sex = 'F'", END + timedelta(days=5))
    row = LifeChange.objects.get()
    assert (row.ended_on, row.sex) == (END + timedelta(days=5), "F")
    run("UPDATE clients_treatment SET started_on = %s", START - timedelta(days=20))
    assert known() == {}
    run("DELETE FROM clients_treatment")
    assert known() == {}


def test_rebuilding_all_gives_what_the_triggers_kept(treatment, by):
    measure(treatment, by, START, 2)
    measure(treatment, by, END, 4)
    kept = list(LifeChange.objects.values())
    LifeChange.objects.all().delete()
    factories.treatment(factories.episode(), started_on=START, ended_on=END, outcome="completed")
    life.rebuild_all()
    assert list(LifeChange.objects.values()) == kept


def test_of_a_way_over_two_facilities_each_treatment_has_its_own_measures(treatment, by):
    second = factories.treatment(
        treatment.episode,
        facility=factories.facility(),
        started_on=END,
        ended_on=date(2019, 9, 1),
        outcome="completed",
    )
    for on, level in ((START, 2), (END, 4), (date(2019, 9, 1), 3)):
        measure(treatment, by, on, level)
    assert known() == {treatment.pk: "better", second.pk: "not_better"}


@pytest.mark.django_db(transaction=True)
def test_of_two_writers_at_once_neither_misses_the_other(treatment, by):
    """One ends the treatment while the other completes the measure after it."""
    Treatment.objects.update(ended_on=None, outcome=None)
    measure(treatment, by, START, 2)

    def end():
        # The episode first, as every action takes it: a bare change could be ended by the database as a deadlock.
        with transaction.atomic():
            episodes.lock(treatment.episode_id)
            Treatment.objects.update(ended_on=END, outcome="completed")
        connection.close()

    def complete():
        measure(treatment, by, END, 4)
        connection.close()

    threads = [threading.Thread(target=work) for work in (end, complete)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert known() == {treatment.pk: "better"}


def test_the_indicator_counts_those_with_both_and_agrees_with_a_plain_recount(treatment, by):
    measure(treatment, by, START, 2)
    measure(treatment, by, END, 4)
    other = factories.treatment(
        factories.episode(at=treatment.facility), started_on=START, ended_on=END, outcome="drop_out"
    )
    measure(other, by, START, 4)
    measure(other, by, END, 4)
    factories.treatment(factories.episode(at=treatment.facility), started_on=START, ended_on=END, outcome="completed")
    found = LIFE.members([treatment.unit_id], year(2019))
    assert dict(found.values_list("pk", "by_life")) == {treatment.pk: "better", other.pk: "not_better"}
    assert LIFE.value(2, 1) == Decimal("50.00")
    assert missing(LIFE, treatment.unit, year(2019), FigureScope.OWN) == 1
    assert missing(LIFE, treatment.facility, year(2018), FigureScope.OWN) == 0
    assert missing(REGISTRY["clients_rehabilitated"], treatment.unit, year(2019), FigureScope.OWN) is None
    plain = [row for row in members_of(2019, [treatment.unit_id], date(2019, 12, 31)) if row.indicator == LIFE.key]
    assert {row.id: row.result for row in plain} == dict(found.values_list("pk", "by_life"))
    assert not LIFE.members([treatment.unit_id], year(2020)).exists()
