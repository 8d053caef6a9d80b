import smtplib
from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.utils import timezone

from facilities.actions import people, postings
from facilities.models import Posting
from rehab.errors import Refused
from rehab.models import User
from rehab.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db
DAY = date(2026, 1, 1)


@pytest.fixture
def clinic(db):
    return factories.facility("Klinik Contoh", of=factories.unit("BNNP-53"))


@pytest.fixture
def by(clinic):
    return factories.user(Role.UNIT_ADMIN, clinic.unit, name="Maria Contoh")


def create(by, place, **other):
    facts = {
        "name": "Rina Contoh",
        "email": "Rina@contoh.test",
        "username": "rina",
        "role": Role.COUNSELOR,
        "place": place,
        "starts_on": DAY,
    }
    return people.create(by=by, **(facts | other))


def test_an_account_starts_with_one_post_and_no_password(by, clinic):
    made = create(by, clinic)

    assert (made.email, made.has_usable_password()) == ("rina@contoh.test", False)
    assert made.postings.get().given_by == by


def test_nothing_is_left_of_an_account_whose_post_is_refused(by, clinic):
    with pytest.raises(Refused):
        create(by, factories.facility(of=factories.unit("BNNP-51")))
    assert not User.objects.filter(username="rina").exists()


@pytest.mark.parametrize(
    ("other", "field"),
    [({"email": "RINA@contoh.test", "username": "lain"}, "email"), ({"email": "lain@contoh.test", "username": "RINA"}, "username"),
     ({"email": "a@contoh.test", "username": "a b"}, "username"), ({"email": "a@contoh.test", "username": "a", "name": "x" * 10_000}, "name")],
)  # fmt: skip
def test_an_account_that_exists_or_cannot_be_is_refused_at_its_field(by, clinic, other, field):
    create(by, clinic)

    with pytest.raises(Refused) as refusal:
        create(by, clinic, **other)
    assert refusal.value.field == field


def test_the_link_of_the_invitation_opens_the_account_once(by, clinic, client):
    made = create(by, clinic)
    link = people.invite(by=by, user=made, site="http://testserver/")

    assert mail.outbox[0].to == ["rina@contoh.test"]
    assert link in mail.outbox[0].body
    form = client.get(urlsplit(link).path, follow=True)
    client.post(
        form.request["PATH_INFO"], {"password1": "jembatan kecil di sungai", "password2": "jembatan kecil di sungai"}
    )
    made.refresh_from_db()
    assert made.check_password("jembatan kecil di sungai")
    assert client.get(urlsplit(link).path, follow=True).context["token_fail"]


def test_a_mail_that_is_not_taken_is_said(by, clinic, monkeypatch):
    def refuse(*arguments, **options):
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr(people, "send_mail", refuse)
    with pytest.raises(Refused):
        people.invite(by=by, user=create(by, clinic), site="http://testserver")


def test_nobody_gives_or_ends_a_post_of_their_own(by, clinic):
    with pytest.raises(Refused):
        postings.give(by=by, user=by, role=Role.COUNSELOR, place=clinic, starts_on=DAY)
    with pytest.raises(Refused):
        postings.end(by=by, posting=by.postings.get(), ends_on=DAY)
    with pytest.raises(Refused):
        people.deactivate(by=by, user=by, reason="x")


@pytest.mark.parametrize(
    ("role", "code"),
    [(Role.COUNSELOR, "BNNP-53"), (Role.UNIT_STAFF, "klinik"), (Role.AUDITOR, "BNNP-53"), ("raja", "klinik"), (Role.UNIT_ADMIN, "BNN"),
     (Role.UNIT_STAFF, "BNNP-51")],
)  # fmt: skip
def test_a_post_that_does_not_fit_or_lies_outside_is_refused(by, clinic, role, code):
    place = clinic if code == "klinik" else factories.unit(code)

    with pytest.raises(Refused):
        postings.give(by=by, user=factories.user(), role=role, place=place, starts_on=DAY)
    assert Posting.objects.count() == 1


def test_the_same_post_is_not_held_twice_on_one_day(by, clinic):
    rina = factories.user()
    facts = {"by": by, "user": rina, "role": Role.CLERK, "place": clinic}
    postings.give(**facts, starts_on=DAY, ends_on=date(2026, 3, 1))

    with pytest.raises(Refused):
        postings.give(**facts, starts_on=date(2026, 2, 1))
    postings.give(**facts, starts_on=date(2026, 3, 1))
    assert rina.postings.count() == 2


def test_a_post_ends_on_its_day(by, clinic):
    rina = factories.user(Role.CLERK, clinic)
    today = timezone.localdate()
    postings.end(by=by, posting=rina.postings.get(), ends_on=today)

    assert not rina.postings.on(today).exists()
    assert rina.postings.on(today - timedelta(days=1)).exists()
    with pytest.raises(Refused):
        postings.end(by=by, posting=rina.postings.get(), ends_on=today)


def test_an_account_is_switched_off_and_on_with_a_reason(by, clinic, client):
    rina = factories.user(Role.CLERK, clinic)
    people.deactivate(by=by, user=rina, reason="Cuti panjang")

    assert not client.login(username=rina.username, password=factories.PASSWORD)
    with pytest.raises(Refused):
        people.invite(by=by, user=User.objects.get(pk=rina.pk), site="http://x")
    people.reactivate(by=by, user=rina, reason="Kembali")
    assert User.objects.get(pk=rina.pk).is_active


def test_who_also_works_elsewhere_is_not_switched_off_from_here(by, clinic):
    rina = factories.user(Role.CLERK, clinic)
    factories.post(rina, Role.CLERK, factories.facility(of=factories.unit("BNNP-51")))

    with pytest.raises(Refused):
        people.deactivate(by=by, user=rina, reason="x")
