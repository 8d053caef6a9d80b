"""Accounts: made by a unit admin, opened by a link, switched off and on again."""

from datetime import date

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.mail import send_mail
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.access import facility_ids, unit_ids
from facilities.actions import postings
from facilities.actions.checks import clean, reason_given
from facilities.models import Facility, Unit
from rehab import audit
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User
from rehab.roles import Permission


@action
def create(
    *, by: User, name: str, email: str, username: str, role: str, place: Unit | Facility,
    starts_on: date, ends_on: date | None = None,
) -> User:  # fmt: skip
    """An account with its first post and without a password: the person chooses one by the link of `invite`."""
    email, username = email.strip().lower(), username.strip()
    if User.objects.filter(email__iexact=email).exists():
        raise Refused(
            _("An account with this e-mail address exists. Give it a post under “Give a post to an existing account”."),
            field="email",
        )
    if User.objects.filter(username__iexact=username).exists():
        raise Refused(_("This username is taken."), field="username")
    user = User(name=name.strip(), email=email, username=username)
    user.set_unusable_password()
    clean(user, ["name", "email", "username"])
    user.save()
    audit.record("person.created", by=by, subject=user)
    postings.give(by=by, user=user, role=role, place=place, starts_on=starts_on, ends_on=ends_on)
    return user


@action
def invite(*, by: User, user: User, site: str) -> str:
    """Send the link by which the person chooses a password; returns it. `site` is where Titian answers, without a path.

    The link works once and for three days. Raises Refused where the mail was not taken, so that nobody waits for it.
    """
    if not user.is_active:
        raise Refused(_("This account is switched off. Switch it on first."))
    key = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
    link = f"{site.rstrip('/')}{path}"
    text = render_to_string("facilities/mail/invitation.txt", {"person": user, "by": by, "link": link})
    audit.record("person.invited", by=by, subject=user)
    try:
        send_mail(_("Titian: your account"), text, None, [user.email])
    except OSError as error:
        raise Refused(_("The e-mail could not be sent. Send the invitation again in a while."), code="mail") from error
    return link


@action
def deactivate(*, by: User, user: User, reason: str) -> User:
    """Nobody signs in with the account from now on; its posts and its past stay."""
    if user.pk == by.pk:
        raise Refused(_("Nobody switches off their own account. Ask another admin."))
    return _set_active(by, user, False, reason_given(reason), "person.deactivated")


@action
def reactivate(*, by: User, user: User, reason: str) -> User:
    return _set_active(by, user, True, reason_given(reason), "person.reactivated")


def _set_active(by: User, user: User, active: bool, reason: str, verb: str) -> User:
    held = User.objects.select_for_update().get(pk=user.pk)
    units, facilities = unit_ids(by, Permission.MANAGE_PEOPLE), facility_ids(by, Permission.MANAGE_PEOPLE)
    within = Q(unit__in=units) | Q(facility__in=facilities)
    if held.postings.on(timezone.localdate()).exclude(within).exists():
        raise Refused(_("This person also works outside of your reach. End the posts here instead."))
    held.is_active = active
    held.save(update_fields=["is_active"])
    audit.record(verb, by=by, subject=held, reason=reason)
    return held
