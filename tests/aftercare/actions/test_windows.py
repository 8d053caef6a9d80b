"""What is known about relapse, kept by triggers through every change, however it comes."""

import itertools
import threading
from datetime import date, timedelta

import pgtrigger
import pytest
from django.db import connection, transaction

from aftercare.actions import windows
from aftercare.enums import Relapse
from aftercare.models import FollowUp, RelapseRule, RelapseWindow
from aftercare.schedule import RELAPSE_TOLERANCE, WINDOW_MONTHS
from clients.enums import Outcome
from clients.models import Treatment
from rehab import tunables
from tests import factories
from tests.reports import makers

pytestmark = pytest.mark.django_db
DAY = date(2019, 5, 2)
END = date(2019, 11, 2)


def known():
    return dict(RelapseWindow.objects.values_list("treatment_id", "relapse"))


def run(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


@pytest.fixture
def treatment():
    return makers.completed(factories.facility(), DAY)


def test_a_window_carries_what_its_treatment_is_counted_by(treatment):
    window = RelapseWindow.objects.get()
    for name in ("client", "unit", "facility", "setting", "admission_group", "sex"):
        assert getattr(window, name) == getattr(treatment, name)
    other = factories.unit("BNNK-5371")
    Treatment.objects.update(unit=other, sex="F", setting="inpatient", admission_group="verdict")
    window.refresh_from_db()
    assert (window.unit, window.sex, window.setting, window.admission_group) == (other, "F", "inpatient", "verdict")


def test_bulk_changes_and_raw_sql_keep_it_right(treatment):
    plan = makers.plan(treatment)
    FollowUp.objects.bulk_create(
        FollowUp(plan=plan, due_on=END, done_on=END + timedelta(days=days), contact_made=True, relapse=relapse)
        for days, relapse in ((-3, Relapse.UNKNOWN), (2, Relapse.NO))
    )
    assert known() == {treatment.pk: "no"}
    run("UPDATE aftercare_followup SET relapse = 'yes' WHERE done_on < %s", END)
    assert known() == {treatment.pk: "yes"}
    run("DELETE FROM aftercare_followup WHERE relapse = 'yes'")
    assert known() == {treatment.pk: "no"}
    run("UPDATE aftercare_followup SET done_on = done_on - 90")
    assert known() == {treatment.pk: "unknown"}
    run("UPDATE clients_treatment SET ended_on = ended_on - 90")
    assert known() == {treatment.pk: "no"}
    FollowUp.objects.all().delete()
    assert known() == {treatment.pk: "unknown"}
    run("UPDATE clients_treatment SET outcome = 'drop_out'")
    assert known() == {}
    run("UPDATE clients_treatment SET outcome = 'completed'")
    assert known() == {treatment.pk: "unknown"}
    run("DELETE FROM aftercare_aftercareplan")
    run("DELETE FROM clients_treatment")
    assert known() == {}


def test_a_plan_or_a_treatment_that_was_another_clients_changes_both(treatment):
    other = makers.completed(treatment.facility, DAY)
    plan = makers.plan(treatment)
    makers.follow_up(plan, END)
    assert known() == {treatment.pk: "no", other.pk: "unknown"}
    plan.client = other.client
    plan.save()
    assert known() == {treatment.pk: "unknown", other.pk: "no"}
    Treatment.objects.filter(pk=treatment.pk).update(client=other.client)
    assert known() == {treatment.pk: "no", other.pk: "no"}


def test_every_order_of_the_same_changes_says_the_same():
    clinic = factories.facility()

    def steps():
        start = DAY - timedelta(days=90)
        treatment = factories.treatment(
            factories.episode(at=clinic, opened_on=start, facts_on=start, assessed_on=start),
            facility=clinic, started_on=start,
        )  # fmt: skip
        plan = makers.plan(treatment)
        found = FollowUp.objects.create(plan=plan, due_on=END)
        later = factories.treatment(treatment.episode, facility=factories.facility(of=clinic.unit))

        def end():
            Treatment.objects.filter(pk=treatment.pk).update(ended_on=DAY, outcome=Outcome.COMPLETED)

        def follow():
            FollowUp.objects.filter(pk=found.pk).update(done_on=END, contact_made=True, relapse=Relapse.NO)

        def go_on():
            Treatment.objects.filter(pk=later.pk).update(started_on=DAY)

        def withdraw():
            Treatment.objects.filter(pk=later.pk).delete()

        return treatment, {"end": end, "follow": follow, "go_on": go_on, "withdraw": withdraw}

    for order in itertools.permutations(("end", "follow", "go_on", "withdraw")):
        treatment, does = steps()
        done = set()
        for name in order:
            does[name]()
            done.add(name)
            # A later treatment that started takes the place, until it is withdrawn.
            expected = None if "go_on" in done and "withdraw" not in done else "no" if "follow" in done else "unknown"
            assert known().get(treatment.pk) == (expected if "end" in done else None), (order, name)


def test_a_changed_setting_counts_all_anew_and_is_found_without_a_broker(treatment):
    makers.follow_up(makers.plan(treatment), date(2019, 8, 5))
    staff = factories.user()
    assert not windows.follow_settings()
    tunables.change(by=staff, key=WINDOW_MONTHS, value=3, source_note="contoh")
    assert RelapseWindow.objects.get().ends_on == END
    assert windows.follow_settings()
    assert RelapseWindow.objects.values_list("ends_on", "relapse").get() == (date(2019, 8, 2), "no")
    tunables.change(by=staff, key=RELAPSE_TOLERANCE, value=2, source_note="contoh")
    assert windows.follow_settings()
    assert known() == {treatment.pk: "unknown"}
    assert not windows.follow_settings()
    assert RelapseRule.objects.count() == 2
    # A change after that follows the same rule.
    Treatment.objects.update(ended_on=DAY + timedelta(days=1))
    assert RelapseWindow.objects.values_list("ends_on", "relapse").get() == (date(2019, 8, 3), "no")


def test_a_bulk_load_without_triggers_is_made_good(treatment):
    with pgtrigger.ignore():
        makers.follow_up(makers.plan(treatment), END)
        gone = makers.completed(treatment.facility, DAY)
        assert known() == {treatment.pk: "unknown"}
    windows.rebuild_all()
    assert known() == {treatment.pk: "no", gone.pk: "unknown"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", range(3))
def test_two_at_once_do_not_miss_each_other(_round):
    """Each holds its change back until the other has begun: what stands at the end is what both say together."""
    treatment = makers.completed(factories.facility(), DAY)
    of = Treatment.objects.filter(pk=treatment.pk)
    of.update(ended_on=None, outcome=None)
    plan = makers.plan(treatment)
    first, second = makers.follow_up(plan, END - timedelta(days=9)), makers.follow_up(plan, END)
    at_once(
        lambda: of.update(ended_on=DAY, outcome=Outcome.COMPLETED),
        lambda: FollowUp.objects.filter(pk=second.pk).delete(),
        lambda: FollowUp.objects.filter(pk=first.pk).update(relapse=Relapse.YES),
    )
    assert known()[treatment.pk] == "yes"
    at_once(
        lambda: FollowUp.objects.filter(pk=first.pk).update(relapse=Relapse.NO),
        lambda: of.update(sex="F"),
    )
    assert RelapseWindow.objects.values_list("relapse", "sex").get(pk=treatment.pk) == ("no", "F")


def at_once(*changes):
    begun, failed = threading.Barrier(len(changes)), []

    def work(change):
        try:
            with transaction.atomic():
                begun.wait(10)
                change()
                run("SELECT pg_sleep(0.05)")
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(change,)) for change in changes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failed == []
