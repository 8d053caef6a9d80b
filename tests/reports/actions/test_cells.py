"""Counts kept by month: equal to the rows whoever changed them and however, folded or not."""

import threading
from collections import Counter
from datetime import date, timedelta

import pgtrigger
import pytest
from django.db import connection

from aftercare.enums import Relapse
from aftercare.models import AftercarePlan, FollowUp, SatisfactionSheet
from assessments.models import TatCase
from clients.models import Treatment
from reports.actions import cells
from reports.indicators import REGISTRY
from reports.indicators.definition import TOTAL
from reports.models import CountCell, CountDelta
from reports.models.cell import KEPT
from tests import factories
from tests.reports import makers

pytestmark = pytest.mark.django_db
DAY = date(2019, 5, 2)


def kept():
    found = Counter()
    for model in (CountCell, CountDelta):
        for indicator, first, unit, result, members in model.objects.values_list(
            "indicator", "first", "unit_id", "result", "members"
        ):
            found[indicator, first, unit, result] += members
    return {key: count for key, count in found.items() if count}


def rows():
    """The same from the rows, in plain Python."""
    found = Counter()
    for key, each in KEPT.items():
        columns = [each.day, f"{each.unit}_id", *([each.result] if each.result else [])]
        for day, unit, *result in each.model.objects.values_list(*columns):
            if day:
                found[key, day.replace(day=1), unit, result[0] if result else ""] += 1
        for day, unit, value in (
            each.model.objects.values_list(each.day, f"{each.unit}_id", each.value) if each.value else ()
        ):
            found[key, day.replace(day=1), unit, TOTAL] += value
    return dict(found)


def test_what_is_kept_is_what_the_indicator_counts():
    for key, each in KEPT.items():
        indicator = REGISTRY[key]
        assert indicator.date_field == each.day
        assert (indicator.ratio.breakdown.key == f"by_{each.result}") if indicator.ratio else not each.result
        assert (indicator.mean.column == f"by_{each.value}") if indicator.mean else not each.value


def test_every_change_is_kept_folded_or_not():
    unit, other = factories.unit("BNNP-53"), factories.unit("BNNP-51")
    clinic = factories.facility(of=unit)
    treatments = [makers.counted(clinic, DAY + timedelta(days=day)) for day in range(0, 90, 9)]
    ended = [makers.completed(clinic, DAY + timedelta(days=day)) for day in (0, 1, 40)]
    plans = [makers.plan(each, first_contact_on=each.ended_on + timedelta(days=20)) for each in ended]
    makers.tat(unit, DAY)
    sheets = [makers.sheet(clinic, DAY + timedelta(days=20 * number), 2 + number % 3) for number in range(6)]
    assert kept() == rows()
    assert len(rows()) > 6
    assert cells.fold() > 10
    assert not CountDelta.objects.exists()
    assert kept() == rows()
    Treatment.objects.filter(pk__in=[each.pk for each in treatments[:4]]).update(unit=other)
    Treatment.objects.filter(pk=treatments[5].pk).update(counted_on=None)
    treatments[6].delete()
    assert kept() == rows()
    for plan in plans:
        makers.follow_up(plan, plan.window_ends_on, Relapse.NO)
    FollowUp.objects.filter(plan=plans[0]).update(relapse=Relapse.YES)
    AftercarePlan.objects.filter(pk=plans[1].pk).update(first_contact_on=None, counted_unit=None)
    sheets[0].delete()
    SatisfactionSheet.objects.filter(pk=sheets[1].pk).update(cost=1, unit=other)
    TatCase.objects.update(letter_on=DAY + timedelta(days=300))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE clients_treatment SET ended_on = ended_on - 31 WHERE ended_on IS NOT NULL")
    assert kept() == rows()
    cells.fold()
    assert kept() == rows()
    # What takes nothing away and adds nothing leaves no trace.
    Treatment.objects.update(outcome_note="")
    assert not CountDelta.objects.exists()


def test_a_bulk_load_without_triggers_is_made_good():
    clinic = factories.facility()
    makers.counted(clinic, DAY)
    with pgtrigger.ignore():
        makers.counted(clinic, DAY)
    assert kept() != rows()
    cells.rebuild_all()
    assert kept() == rows()


@pytest.mark.django_db(transaction=True)
def test_writers_and_folds_at_once_lose_nothing():
    clinic = factories.facility()
    treatments = [makers.counted(clinic, DAY + timedelta(days=3 * number)) for number in range(24)]
    failed = []

    def write(mine):
        for round_ in range(6):
            for each in mine:
                Treatment.objects.filter(pk=each.pk).update(
                    started_on=DAY + timedelta(days=31 * round_), counted_on=DAY + timedelta(days=31 * round_)
                )

    def fold():
        for _ in range(12):
            cells.fold()

    def guarded(work, *args):
        try:
            work(*args)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=guarded, args=(write, treatments[part::3])) for part in range(3)]
    threads += [threading.Thread(target=guarded, args=(fold,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    assert kept() == rows()
    cells.fold()
    assert kept() == rows()
