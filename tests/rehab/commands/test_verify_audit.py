"""`manage.py verify_audit` finds an altered event, and says so by its exit."""

import pytest
from django.core.management import call_command

from rehab import audit
from rehab.models import AuditEvent
from tests.rehab.sealing import seal

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_whole_chain_is_good(capsys):
    audit.record("test.done", by=None, subject="test")
    seal()
    call_command("verify_audit")
    assert capsys.readouterr().out == ""


def test_an_altered_event_is_a_finding(capsys):
    audit.record("test.done", by=None, subject="test")
    link = seal()
    AuditEvent.objects.update(reason="something else")
    with pytest.raises(SystemExit) as exit_:
        call_command("verify_audit")
    assert exit_.value.code == 1
    assert capsys.readouterr().out == f"seal {link.pk}: an event was altered\n"
