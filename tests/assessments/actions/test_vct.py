from datetime import date, timedelta
from itertools import product

import pytest
from django.db import IntegrityError, transaction

from assessments.actions import vct
from assessments.enums import FollowUpCare, VctKind, VctResult, VctVisit
from assessments.models import VctReferral
from assessments.queries.vct import Findings, findings_of
from rehab.errors import Refused
from rehab.identity.crypto import CryptoError
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories
from tests.test_privacy import at_rest

pytestmark = pytest.mark.django_db

START = date(2019, 3, 1)
WORDS = ("reactive", "non_reactive", "indeterminate", "not_told", "2019-03-21")


class Care:
    def __init__(self):
        self.clinic = factories.facility()
        self.counselor = factories.user(Role.COUNSELOR, self.clinic)
        self.treatment = factories.treatment(
            factories.episode(factories.client(), self.clinic, status="in_treatment"), started_on=START
        )

    def refer(self, **changes) -> VctReferral:
        facts = {
            "kind": VctKind.HIV,
            "referred_on": date(2019, 3, 10),
            "consented_on": date(2019, 3, 9),
            "to_place": "RSUD Contoh",
        }
        return vct.refer(by=self.counselor, treatment=self.treatment, **(facts | changes))

    def came(self, on=date(2019, 3, 20), **changes) -> VctReferral:
        made = self.refer(**changes)
        return vct.note_visit(by=self.counselor, referral=made, visit=VctVisit.CAME, came_on=on, edit=made.edit)

    def found(self, referral=None, **facts) -> VctReferral:
        referral = referral or self.came()
        findings = Findings(
            **({"result": VctResult.REACTIVE, "told_on": date(2019, 3, 21), "care": FollowUpCare.YES} | facts)
        )
        return vct.record_findings(by=self.counselor, referral=referral, findings=findings, edit=referral.edit)


@pytest.fixture
def care():
    return Care()


def test_a_result_is_kept_encrypted_and_opens_again(care):
    found = VctReferral.objects.get(pk=care.found().pk)
    opened = findings_of(found)
    assert (opened.result, opened.told_on, opened.care) == (VctResult.REACTIVE, date(2019, 3, 21), FollowUpCare.YES)
    assert repr(opened).startswith("<")


def test_nothing_in_the_database_tells_the_result_not_even_its_length(care):
    lengths = set()
    for result, told, further in product(VctResult, (None, date(2019, 3, 21)), ("", *FollowUpCare)):
        if (result == VctResult.NOT_TOLD and told) or (
            result == VctResult.NON_REACTIVE and further == FollowUpCare.YES
        ):
            continue
        referral = care.found(result=result, told_on=told, care=further)
        lengths.add(len(bytes(VctReferral.objects.get(pk=referral.pk).findings)))
    assert len(lengths) == 1
    # The clear words stand nowhere: not in the rows, their history, the trail, drafts, or what waits to be sent.
    assert [place for place in at_rest(WORDS) if "preactive" not in place] == []


def test_the_same_findings_never_look_the_same_and_do_not_open_elsewhere(care):
    first, second = care.found(), care.found()
    assert bytes(first.findings) != bytes(second.findings)
    VctReferral.objects.filter(pk=second.pk).update(findings=first.findings)
    with pytest.raises(CryptoError):
        findings_of(VctReferral.objects.get(pk=second.pk))


def test_the_trail_says_that_and_nothing_of_what(care):
    care.found()
    events = AuditEvent.objects.filter(verb__startswith="vct.").order_by("pk")
    assert [event.verb for event in events] == ["vct.referred", "vct.visit_noted", "vct.findings_recorded"]
    assert all(event.data == {} and event.reason == "" for event in events)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"consented_on": None}, "agreed"),
        ({"referred_on": date(2019, 2, 1)}, "referred_on"),
        ({"referred_on": date.today() + timedelta(days=3)}, "referred_on"),
        ({"consented_on": date(2019, 3, 11)}, None),
        ({"to_place": ""}, None),
    ],
    ids=["without consent", "before the treatment", "ahead", "agreed afterwards", "nowhere"],
)
def test_a_referral_that_cannot_be_is_refused(care, changes, field):
    with pytest.raises(Refused) as refusal:
        care.refer(**changes)
    assert refusal.value.field == field
    assert not VctReferral.objects.exists()


def test_nobody_is_referred_before_or_after_the_treatment(care):
    care.treatment.ended_on, care.treatment.outcome = date(2019, 6, 1), "completed"
    care.treatment.save()
    with pytest.raises(Refused):
        care.refer()


def test_no_result_of_who_did_not_come(care):
    referral = care.refer()
    with pytest.raises(Refused):
        care.found(referral)
    missed = vct.note_visit(by=care.counselor, referral=referral, visit=VctVisit.MISSED, came_on=None, edit=1)
    with pytest.raises(Refused):
        care.found(missed)
    with pytest.raises(IntegrityError), transaction.atomic():
        VctReferral.objects.filter(pk=referral.pk).update(findings=b"x", findings_at="2019-03-20T00:00Z")


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"told_on": date(2019, 3, 19)}, "told_on"),
        ({"told_on": date.today() + timedelta(days=3)}, "told_on"),
        ({"result": VctResult.NOT_TOLD, "care": ""}, "told_on"),
        ({"result": VctResult.NON_REACTIVE}, "care"),
    ],
    ids=["told before the visit", "ahead", "told what nobody told us", "treated without need"],
)
def test_findings_that_do_not_fit_are_refused(care, facts, field):
    with pytest.raises(Refused) as refusal:
        care.found(**facts)
    assert refusal.value.field == field


def test_with_a_result_the_visit_stands_and_two_editors_do_not_overwrite_each_other(care):
    found = care.found()
    with pytest.raises(Refused):
        vct.note_visit(by=care.counselor, referral=found, visit=VctVisit.MISSED, came_on=None, edit=found.edit)
    with pytest.raises(Refused):
        vct.record_findings(
            by=care.counselor, referral=found, findings=Findings(VctResult.NON_REACTIVE), edit=found.edit - 1
        )
    assert findings_of(VctReferral.objects.get(pk=found.pk)).result == VctResult.REACTIVE
