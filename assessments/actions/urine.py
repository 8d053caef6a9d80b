"""A urine test from the wish to the result, each step with who held the cup."""

from collections.abc import Mapping

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.enums import CustodyStep, UrineResult, UrineStatus
from assessments.models.urine import PANEL, CustodyEntry, RandomDraw, UrineTest
from clients.models import Treatment
from rehab import audit
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User


@action
def want(*, by: User, treatment: Treatment, draw: RandomDraw | None = None) -> UrineTest:
    """A test for today. Raises Refused for a treatment that is not under way, or has a test under way already."""
    rows = Treatment.objects.select_related("client", "facility__region").select_for_update(of=("self",))
    found = rows.get(pk=treatment.pk)
    if found.started_on is None or not found.is_open:
        raise Refused(_("A urine test belongs to a treatment that is under way."))
    test = UrineTest.objects.create(
        client=found.client,
        treatment=found,
        facility=found.facility,
        draw=draw,
        wanted_on=found.facility.local_date(),
    )
    _record("urine.wanted", by, test)
    return test


@action
def collect(*, by: User, test: UrineTest, observed: bool, remark: str = "") -> UrineTest:
    """The cup is filled and labelled now, by the server's clock. Raises Refused for a cup collected, or a test called off."""
    found = _lock(test)
    if found.status != UrineStatus.WANTED:
        raise Refused(_("This cup was collected already, or the test was called off."))
    found.status, found.observed, found.collected_at = UrineStatus.COLLECTED, observed, timezone.now()
    found.save()
    _step(by, found, CustodyStep.COLLECTED, remark)
    return found


@action
def hand_over(*, by: User, test: UrineTest, remark: str) -> UrineTest:
    """The cup goes to somebody else: to whom says `remark`. It is read only after somebody has received it."""
    found = _held(test)
    if not remark.strip():
        raise Refused(_("Say to whom the cup was handed."), field="remark")
    _step(by, found, CustodyStep.HANDED, remark)
    return found


@action
def receive(*, by: User, test: UrineTest, remark: str = "") -> UrineTest:
    """Somebody else than who handed the cup over has it now."""
    found = _lock(test)
    last = found.custody.last()
    if found.status != UrineStatus.COLLECTED or last is None or last.step != CustodyStep.HANDED:
        raise Refused(_("This cup was not handed over."))
    if last.by_id == by.pk:
        raise Refused(_("Who handed the cup over does not receive it as well."))
    _step(by, found, CustodyStep.RECEIVED, remark)
    return found


@action
def read(*, by: User, test: UrineTest, results: Mapping[str, str], note: str = "") -> UrineTest:
    """The strips of the panel, by name. Raises Refused where no strip was done, and for a cup read already or on its way."""
    found = _held(test)
    _set(found, results)
    found.status, found.read_at, found.note = UrineStatus.READ, timezone.now(), note.strip()
    found.save()
    _step(by, found, CustodyStep.READ)
    return found


@action
def correct(*, by: User, test: UrineTest, results: Mapping[str, str], note: str, reason: str) -> UrineTest:
    """Another reading of the strips; the first one stays in the history. Raises Refused without a reason."""
    found = _lock(test)
    if found.status != UrineStatus.READ:
        raise Refused(_("Only a reading can be corrected."))
    if not reason.strip():
        raise Refused(_("Say why the reading is corrected."), field="reason")
    _set(found, results)
    found.note = note.strip()
    found.save()
    _step(by, found, CustodyStep.CORRECTED, reason)
    return found


@action
def call_off(*, by: User, test: UrineTest, reason: str) -> UrineTest:
    """The client refused or did not come, or the cup was spoilt: said, never silently left out."""
    found = _lock(test)
    if found.status not in {UrineStatus.WANTED, UrineStatus.COLLECTED}:
        raise Refused(_("This test is over."))
    if not reason.strip():
        raise Refused(_("Say why there is no test."), field="reason")
    found.status, found.cancel_reason = UrineStatus.CANCELLED, reason.strip()
    found.save()
    _step(by, found, CustodyStep.CANCELLED, reason)
    return found


def _set(test: UrineTest, results: Mapping[str, str]) -> None:
    if set(results) - set(PANEL) or set(results.values()) - set(UrineResult.values):
        raise Refused(_("This is not a result of the panel."))
    for name in PANEL:
        setattr(test, name, results.get(name, UrineResult.NOT_DONE))
    if all(getattr(test, name) == UrineResult.NOT_DONE for name in PANEL):
        raise Refused(_("No strip was done. Call the test off instead."))


def _lock(test: UrineTest) -> UrineTest:
    rows = UrineTest.objects.select_related("client", "facility__region").select_for_update(of=("self",))
    return rows.get(pk=test.pk)


def _held(test: UrineTest) -> UrineTest:
    """A cup that was collected and is in somebody's hands."""
    found = _lock(test)
    if found.status != UrineStatus.COLLECTED:
        raise Refused(_("This cup was not collected, or its test is over."))
    latest = found.custody.last()
    if latest is not None and latest.step == CustodyStep.HANDED:
        raise Refused(_("The cup was handed over. Who has it now receives it first."))
    return found


def _step(by: User, test: UrineTest, step: CustodyStep, remark: str = "") -> None:
    number = test.custody.count() + 1
    CustodyEntry.objects.create(
        test=test, number=number, step=step, at=timezone.now(), by=by, remark=remark.strip()[:250]
    )
    _record(f"urine.{step}", by, test)


def _record(verb: str, by: User, test: UrineTest) -> None:
    audit.record(
        verb, by=by, subject=test, place=test.facility.code, client_code=test.client.code, data={"cup": test.label}
    )
