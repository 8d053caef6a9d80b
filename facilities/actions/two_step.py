"""Taking a person's two-step sign-in away (a lost phone): one admin asks, another one consents within a day."""

from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.access import people_covered
from facilities.actions.checks import clean, reason_given
from facilities.enums import ResetStatus
from facilities.models import TwoStepReset
from rehab import audit, sessions
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User

HOLDS = timedelta(hours=24)


@action
def ask(*, by: User, user: User, reason: str) -> TwoStepReset:
    """A request that holds for 24 hours. Refused for oneself, outside one's reach, and where there is nothing to take away."""
    held = User.objects.select_for_update().get(pk=user.pk)
    if held.pk == by.pk:
        raise Refused(_("Nobody asks this for themselves. Ask another admin."))
    _covered(by, held)
    if not Authenticator.objects.filter(user=held).exists():
        raise Refused(_("This person signs in with the password alone: there is nothing to reset."))
    _expire(held.two_step_resets.overdue())
    if held.two_step_resets.waiting().exists():
        raise Refused(_("A request for this person is waiting already."))
    reset = TwoStepReset(user=held, asked_by=by, reason=reason_given(reason), expires_at=timezone.now() + HOLDS)
    clean(reset, ["reason"])
    reset.save()
    audit.record("two_step.reset_asked", by=by, subject=held, reason=reset.reason)
    return reset


@action
def approve(*, by: User, reset: TwoStepReset) -> TwoStepReset:
    """The second step and its recovery codes go, all sessions end, and the person is told by e-mail.

    Raises Refused for the one who asked, for the person concerned, outside one's reach, after a day, and where the mail was
    not taken: nobody loses the second step without hearing of it.
    """
    held = _decide(by, reset, ResetStatus.APPROVED, "")
    methods = Authenticator.objects.filter(user=held.user)
    kinds = sorted(methods.values_list("type", flat=True))
    methods.delete()
    data = {"asked_by": held.asked_by.username, "removed": kinds, "sessions": sessions.end_all(held.user)}
    audit.record("two_step.reset_approved", by=by, subject=held.user, reason=held.reason, data=data)
    text = render_to_string("facilities/mail/two_step_reset.txt", {"reset": held, "by": by})
    try:
        send_mail(_("Titian: your two-step sign-in was reset"), text, None, [held.user.email])
    except OSError as error:
        raise Refused(_("The e-mail to the person could not be sent, so nothing was changed. Try again.")) from error
    return held


@action
def decline(*, by: User, reset: TwoStepReset, reason: str) -> TwoStepReset:
    held = _decide(by, reset, ResetStatus.DECLINED, reason_given(reason))
    data = {"asked_by": held.asked_by.username}
    audit.record("two_step.reset_declined", by=by, subject=held.user, reason=held.decision_note, data=data)
    return held


@action
def expire_overdue() -> None:
    """Each minute: what nobody decided within a day."""
    _expire(TwoStepReset.objects.overdue())


def _decide(by: User, reset: TwoStepReset, status: ResetStatus, note: str) -> TwoStepReset:
    rows = TwoStepReset.objects.select_related("user", "asked_by").select_for_update(of=("self",))
    held = rows.get(pk=reset.pk)
    if held.status != ResetStatus.WAITING:
        raise Refused(_("This request was decided already."))
    if held.expires_at <= timezone.now():
        raise Refused(_("This request has expired. It has to be asked for again."))
    if by.pk in (held.asked_by_id, held.user_id):
        raise Refused(_("Nobody decides on their own request, nor for themselves."))
    _covered(by, held.user)
    held.status, held.decided_by, held.decided_at, held.decision_note = status, by, timezone.now(), note
    clean(held, ["decision_note"])
    held.save(update_fields=["status", "decided_by", "decided_at", "decision_note"])
    return held


def _covered(by: User, user: User) -> None:
    if not people_covered(by).filter(pk=user.pk).exists():
        raise Refused(
            _("This person has no post today, or one outside of your reach. Ask the admin of the unit above.")
        )


def _expire(resets) -> None:
    for reset in resets.select_related("user").select_for_update(of=("self",), skip_locked=True):
        reset.status = ResetStatus.EXPIRED
        reset.save(update_fields=["status"])
        audit.record("two_step.reset_expired", by=None, subject=reset.user, reason=reset.reason)
