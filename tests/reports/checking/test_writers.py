"""Four writers change rows without a pause while everything is compared: at each moment all paths say the same."""

import io
import random
import threading
import time
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from psycopg2.errors import DeadlockDetected

from aftercare.enums import Relapse
from aftercare.models import FollowUp
from clients.enums import Outcome
from clients.models import Treatment
from reports.actions import cells
from tests import factories
from tests.reports import makers

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2019, 5, 2)


def place():
    """A province with two units below, each with clients on their way."""
    for code in ("BNNP-53", "BNNK-5371", "BNNK-5372"):
        clinic = factories.facility(of=factories.unit(code))
        for number in range(6):
            makers.counted(clinic, DAY + timedelta(days=17 * number))
            ended = makers.completed(clinic, DAY + timedelta(days=11 * number))
            plan = makers.plan(ended, first_contact_on=ended.ended_on + timedelta(days=9))
            makers.follow_up(plan, plan.window_ends_on, Relapse.NO)


def writer(seed: int, until: float, done: list[int], failed: list[Exception]) -> None:
    draw = random.Random(seed)
    rows = list(Treatment.objects.order_by("pk").values_list("pk", flat=True))[seed::4]
    follow_ups = list(FollowUp.objects.order_by("pk").values_list("pk", flat=True))[seed::4]

    def move(pk):
        day = DAY + timedelta(days=draw.randrange(200))
        Treatment.objects.filter(pk=pk, ended_on=None).update(started_on=day, counted_on=day)

    def end(pk):
        outcome = draw.choice([Outcome.COMPLETED, Outcome.DROP_OUT])
        Treatment.objects.filter(pk=pk, ended_on__isnull=False).update(
            outcome=outcome, sex=draw.choice("MF"), setting=draw.choice(["inpatient", "outpatient"])
        )

    def uncount(pk):
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE clients_treatment SET counted_on = CASE WHEN counted_on IS NULL THEN started_on END WHERE id = %s",
                [pk],
            )

    def follow(_pk):
        relapse, days = draw.choice(list(Relapse)), draw.randrange(-40, 40)
        FollowUp.objects.filter(pk=draw.choice(follow_ups)).update(
            relapse=relapse, done_on=DAY + timedelta(days=190 + days)
        )

    def several():
        with transaction.atomic():
            for _ in range(draw.randrange(1, 4)):
                draw.choice([move, end, uncount, follow])(draw.choice(rows))

    try:
        while time.monotonic() < until:
            try:
                several()
            except OperationalError as error:
                # Several clients in any order, as no action writes them: the one that the database takes back begins anew.
                if not isinstance(error.__cause__, DeadlockDetected):
                    raise
                continue
            if draw.random() < 0.1:
                cells.fold()
            done[seed] += 1
    except Exception as error:
        failed.append(error)
    finally:
        connection.close()


@pytest.mark.parametrize("seconds", [4, pytest.param(60, marks=pytest.mark.long)])
def test_nothing_differs_while_four_write(seconds):
    place()
    done, failed = [0] * 4, []
    until = time.monotonic() + seconds
    threads = [threading.Thread(target=writer, args=(seed, until, done, failed)) for seed in range(4)]
    for thread in threads:
        thread.start()
    checks = 0
    while time.monotonic() < until:
        assert_no_difference()
        checks += 1
    for thread in threads:
        thread.join(60)
    assert failed == []
    assert min(done) > 3
    assert checks > 0
    assert_no_difference()


def assert_no_difference() -> None:
    out = io.StringIO()
    try:
        call_command("check_figures", year=2019, stdout=out, stderr=io.StringIO())
    except SystemExit:
        pytest.fail(out.getvalue())
