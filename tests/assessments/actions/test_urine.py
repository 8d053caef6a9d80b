import pytest

from assessments.actions import draws, urine
from assessments.enums import CustodyStep, UrineStatus
from assessments.models import CustodyEntry, RandomDraw, UrineTest
from assessments.queries.urine import checked, drawable
from clients.enums import Outcome
from rehab.errors import Refused
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories
from tests.clients.meetings import DAY, in_treatment

RESULTS = {"met": "positive", "thc": "negative"}


@pytest.fixture
def clinic(db):
    return factories.facility()


@pytest.fixture
def sri(clinic):
    return factories.user(Role.NURSE, clinic)


@pytest.fixture
def cup(sri, clinic):
    return urine.want(by=sri, treatment=in_treatment(clinic))


def steps(cup) -> list[str]:
    return list(cup.custody.values_list("step", flat=True))


def test_a_cup_goes_from_hand_to_hand_and_is_read(sri, clinic, cup):
    lab = factories.user(Role.DOCTOR, clinic)
    urine.collect(by=sri, test=cup, observed=True, remark="Suhu 36")
    urine.hand_over(by=sri, test=cup, remark="dr. Maria")
    urine.receive(by=lab, test=cup)
    read = urine.read(by=lab, test=cup, results=RESULTS, note="Jelas")
    assert (read.status, read.positives, read.observed) == (UrineStatus.READ, ["MET"], True)
    assert (read.thc, read.coc) == ("negative", "not_done")
    assert steps(cup) == ["collected", "handed", "received", "read"]
    assert set(cup.custody.values_list("by", flat=True)) == {sri.pk, lab.pk}
    assert AuditEvent.objects.filter(verb__startswith="urine.", client_code=cup.client.code).count() == 5


def refused(call, word: str) -> None:
    with pytest.raises(Refused, match=word):
        call()


def test_steps_out_of_order_are_refused(sri, clinic, cup):
    refused(lambda: urine.read(by=sri, test=cup, results=RESULTS), "belum diisi")
    refused(lambda: urine.hand_over(by=sri, test=cup, remark="Lab"), "belum diisi")
    urine.collect(by=sri, test=cup, observed=False)
    refused(lambda: urine.collect(by=sri, test=cup, observed=False), "sudah diisi")
    refused(lambda: urine.receive(by=sri, test=cup), "tidak sedang diserahkan")
    refused(lambda: urine.hand_over(by=sri, test=cup, remark=" "), "kepada siapa")
    urine.hand_over(by=sri, test=cup, remark="Lab")
    refused(lambda: urine.receive(by=sri, test=cup), "sekaligus")
    refused(lambda: urine.read(by=sri, test=cup, results=RESULTS), "sedang diserahkan")
    assert steps(cup) == ["collected", "handed"]


@pytest.mark.parametrize("results", [{}, {"met": "not_done"}, {"met": "perhaps"}, {"lsd": "positive"}])
def test_only_a_result_of_the_panel_is_read(sri, cup, results):
    urine.collect(by=sri, test=cup, observed=False)
    with pytest.raises(Refused):
        urine.read(by=sri, test=cup, results=results)
    cup.refresh_from_db()
    assert cup.status == UrineStatus.COLLECTED


def test_a_reading_is_corrected_with_a_reason_and_the_first_is_kept(sri, cup):
    urine.collect(by=sri, test=cup, observed=False)
    refused(lambda: urine.correct(by=sri, test=cup, results=RESULTS, note="", reason="Salah"), "hasil pembacaan")
    urine.read(by=sri, test=cup, results=RESULTS)
    refused(lambda: urine.read(by=sri, test=cup, results=RESULTS), "sudah selesai")
    refused(lambda: urine.correct(by=sri, test=cup, results=RESULTS, note="", reason=""), "mengapa")
    urine.correct(by=sri, test=cup, results={"met": "negative"}, note="", reason="Salah lihat")
    cup.refresh_from_db()
    assert (cup.met, cup.custody.last().step) == ("negative", CustodyStep.CORRECTED)
    assert UrineTest.pgh_event_model.objects.filter(met="positive").exists()


def test_a_test_is_called_off_with_its_reason(sri, cup):
    refused(lambda: urine.call_off(by=sri, test=cup, reason=""), "mengapa")
    urine.call_off(by=sri, test=cup, reason="Klien menolak")
    refused(lambda: urine.collect(by=sri, test=cup, observed=False), "dibatalkan")
    refused(lambda: urine.call_off(by=sri, test=cup, reason="Lagi"), "sudah selesai")


def test_one_test_at_a_time_in_a_treatment_under_way(sri, clinic, cup):
    refused(lambda: urine.want(by=sri, treatment=cup.treatment), "sedang berjalan")
    for fields in ({"started_on": None}, {"ended_on": DAY, "outcome": Outcome.COMPLETED}):
        treatment = in_treatment(clinic, **fields)
        refused(lambda: urine.want(by=sri, treatment=treatment), "layanan yang sedang berjalan")  # noqa: B023  called at once


def test_a_draw_takes_who_is_in_treatment_here_and_can_be_repeated(sri, clinic, cup):
    for number in range(6):
        in_treatment(clinic, f"Klien {number}")
    in_treatment(clinic, "Belum", started_on=None)
    in_treatment(factories.facility(), "Orang Lain")
    made = draws.draw(by=sri, facility=clinic, size=3)
    assert (len(made.pool), made.size) == (6, 3)
    assert cup.client.code not in made.pool
    result = checked(made)
    assert [test.client.code for test in result.tests] == made.chosen
    assert result.holds
    assert drawable(clinic).count() == 3
    event = AuditEvent.objects.get(verb="urine.drawn")
    assert event.data == {"size": 3, "pool": 6, "seed": made.seed}


def test_a_draw_that_was_tampered_with_is_found_out(sri, clinic):
    for number in range(6):
        in_treatment(clinic, f"Klien {number}")
    made = draws.draw(by=sri, facility=clinic, size=2)
    RandomDraw.objects.update(seed="00")
    made.refresh_from_db()
    tests = {test.client.code for test in made.tests.all()}
    assert checked(made).holds == (set(made.chosen) == tests)
    UrineTest.objects.filter(draw=made).first().custody.all()
    CustodyEntry.objects.filter(test__draw=made).delete()
    UrineTest.objects.filter(draw=made).delete()
    assert checked(made).missing == sorted(made.chosen)


def test_nobody_draws_until_it_suits(sri, clinic):
    for number in range(4):
        in_treatment(clinic, f"Klien {number}")
    refused(lambda: draws.draw(by=sri, facility=clinic, size=5), "paling banyak 4")
    refused(lambda: draws.draw(by=sri, facility=clinic, size=0), "sedikitnya satu")
    draws.draw(by=sri, facility=clinic, size=1)
    refused(lambda: draws.draw(by=sri, facility=clinic, size=1), "sudah dilakukan")
    assert UrineTest.objects.count() == 1
