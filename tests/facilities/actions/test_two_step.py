"""Two admins together take a lost second step away; one alone never does."""

import smtplib
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.utils import timezone

from facilities import tasks
from facilities.access import resets_to_decide
from facilities.actions import two_step
from facilities.enums import ResetStatus
from facilities.models import TwoStepReset
from rehab import jobs
from rehab.errors import Refused
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def ntt(db):
    return factories.unit("BNNP-53")


@pytest.fixture
def rina(ntt):
    """A counselor with a second step."""
    found = factories.user(Role.COUNSELOR, factories.facility(of=ntt), name="Rina Contoh", email="rina@contoh.test")
    for kind in (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES):
        Authenticator.objects.create(user=found, type=kind, data={})
    return found


@pytest.fixture
def asker(ntt):
    return factories.user(Role.UNIT_ADMIN, ntt, name="Markus Contoh")


@pytest.fixture
def second():
    return factories.user(Role.UNIT_ADMIN, factories.unit("BNN"), name="Sari Contoh")


@pytest.fixture
def reset(asker, rina):
    return two_step.ask(by=asker, user=rina, reason="Ponsel hilang")


def verbs():
    return list(AuditEvent.objects.filter(verb__startswith="two_step").order_by("id").values_list("verb", flat=True))


def test_with_a_second_consent_the_second_step_goes_sessions_end_and_the_person_is_told(
    reset, second, rina, client, mailoutbox
):
    client.force_login(rina)
    two_step.approve(by=second, reset=reset)

    assert (Authenticator.objects.count(), Session.objects.count()) == (0, 0)
    assert [message.to for message in mailoutbox] == [["rina@contoh.test"]]
    assert "Sari Contoh" in mailoutbox[0].body
    assert "Ponsel hilang" in mailoutbox[0].body
    reset.refresh_from_db()
    assert (reset.status, reset.decided_by) == (ResetStatus.APPROVED, second)
    assert verbs() == ["two_step.reset_asked", "two_step.reset_approved"]
    event = AuditEvent.objects.get(verb="two_step.reset_approved")
    assert event.data == {"asked_by": reset.asked_by.username, "removed": ["recovery_codes", "totp"], "sessions": 1}


def test_declined_with_a_reason_nothing_goes(reset, second, mailoutbox):
    with pytest.raises(Refused) as refusal:
        two_step.decline(by=second, reset=reset, reason=" ")
    assert refusal.value.field == "reason"
    two_step.decline(by=second, reset=reset, reason="Ponselnya sudah ketemu")

    assert (Authenticator.objects.count(), mailoutbox) == (2, [])
    assert verbs() == ["two_step.reset_asked", "two_step.reset_declined"]
    with pytest.raises(Refused):
        two_step.approve(by=second, reset=reset)


def test_nobody_consents_to_their_own_request(reset, asker):
    with pytest.raises(Refused):
        two_step.approve(by=asker, reset=reset)
    assert Authenticator.objects.count() == 2


def test_nobody_asks_or_consents_for_themselves(asker, second, ntt):
    other = factories.user(Role.UNIT_ADMIN, ntt)
    Authenticator.objects.create(user=other, type=Authenticator.Type.TOTP, data={})
    reset = two_step.ask(by=asker, user=other, reason="Ponsel hilang")

    for attempt in (
        lambda: two_step.ask(by=other, user=other, reason="Ponsel hilang"),
        lambda: two_step.approve(by=other, reset=reset),
    ):
        with pytest.raises(Refused):
            attempt()
    two_step.approve(by=second, reset=reset)


def test_the_database_itself_knows_that_it_takes_two(reset, asker, rina):
    for by in (asker, rina):
        with pytest.raises(IntegrityError, match="reset_by_two"), transaction.atomic():
            TwoStepReset.objects.update(status=ResetStatus.APPROVED, decided_by=by, decided_at=timezone.now())
    with pytest.raises(IntegrityError, match="reset_decided"), transaction.atomic():
        TwoStepReset.objects.update(status=ResetStatus.APPROVED)


@pytest.mark.parametrize("role", [Role.UNIT_STAFF, Role.SIGNATORY])
def test_who_keeps_no_people_neither_asks_nor_consents(reset, rina, ntt, role):
    other = factories.user(role, ntt)
    assert list(resets_to_decide(other)) == []
    for attempt in (
        lambda: two_step.ask(by=other, user=rina, reason="x"),
        lambda: two_step.approve(by=other, reset=reset),
    ):
        with pytest.raises(Refused):
            attempt()


def test_the_admin_of_another_province_cannot(reset, rina):
    bali = factories.user(Role.UNIT_ADMIN, factories.unit("BNNP-51"))
    assert list(resets_to_decide(bali)) == []
    with pytest.raises(Refused):
        two_step.approve(by=bali, reset=reset)


def test_whoever_also_works_elsewhere_is_a_matter_for_the_unit_above_both(asker, second, rina, ntt):
    factories.post(rina, Role.COUNSELOR, factories.facility(of=factories.unit("BNNP-51")))

    with pytest.raises(Refused):
        two_step.ask(by=asker, user=rina, reason="Ponsel hilang")
    reset = two_step.ask(by=second, user=rina, reason="Ponsel hilang")
    assert list(resets_to_decide(asker)) == []
    third = factories.user(Role.UNIT_ADMIN, factories.unit("BNN"))
    assert list(resets_to_decide(third)) == [reset]


def test_a_request_expires_after_a_day_and_may_be_asked_again(reset, asker, second, rina):
    with time_machine.travel(timezone.now() + timedelta(hours=24, seconds=1)):
        assert list(resets_to_decide(second)) == []
        with pytest.raises(Refused):
            two_step.approve(by=second, reset=reset)
        again = two_step.ask(by=asker, user=rina, reason="Ponsel hilang")
        assert list(resets_to_decide(second)) == [again]
    reset.refresh_from_db()
    assert reset.status == ResetStatus.EXPIRED
    assert verbs() == ["two_step.reset_asked", "two_step.reset_expired", "two_step.reset_asked"]


def test_the_clock_ends_what_nobody_decided(reset):
    tasks.overdue_resets()
    assert TwoStepReset.objects.get().status == ResetStatus.WAITING
    with time_machine.travel(timezone.now() + timedelta(hours=24, seconds=1)):
        tasks.overdue_resets()
    assert TwoStepReset.objects.get().status == ResetStatus.EXPIRED
    assert tasks.overdue_resets in jobs.due_work()


def test_one_request_at_a_time_with_a_reason_and_only_where_there_is_a_second_step(reset, asker, rina, ntt):
    with pytest.raises(Refused):
        two_step.ask(by=asker, user=rina, reason="Lagi")
    without = factories.user(Role.CLERK, factories.facility(of=ntt))
    with pytest.raises(Refused):
        two_step.ask(by=asker, user=without, reason="Ponsel hilang")
    TwoStepReset.objects.all().delete()
    for reason in (" ", "x" * 10_000):
        with pytest.raises(Refused) as refusal:
            two_step.ask(by=asker, user=rina, reason=reason)
        assert refusal.value.field == "reason"


def test_nothing_goes_when_the_person_cannot_be_told(reset, second, monkeypatch):
    def refuse(*arguments, **options):
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr(two_step, "send_mail", refuse)
    with pytest.raises(Refused):
        two_step.approve(by=second, reset=reset)
    assert Authenticator.objects.count() == 2
    assert TwoStepReset.objects.get().status == ResetStatus.WAITING
