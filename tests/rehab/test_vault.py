"""Keys at work: bound to their place, rotated by re-wrapping, indexed without being stored."""

import pytest
from django.test import override_settings

from rehab import drafts, vault
from rehab.identity.crypto import Tampered, WrongKey
from rehab.models import Draft
from tests import factories

OLD, NEW = {"old": b"a" * 32}, {"new": b"b" * 32}


def test_a_value_opens_only_in_its_own_place():
    key = vault.new_key()
    sealed = vault.encrypt(key, "Andi Contoh", "clients.identity.name:K-1")
    assert vault.decrypt(key, sealed, "clients.identity.name:K-1") == "Andi Contoh"
    with pytest.raises(Tampered):
        vault.decrypt(key, sealed, "clients.identity.name:K-2")


def test_rotation_rewraps_the_key_and_leaves_the_values():
    with override_settings(MASTER_KEYS=OLD):
        key = vault.new_key()
        sealed = vault.encrypt(key, "rahasia", "x:1")
    with override_settings(MASTER_KEYS=NEW | OLD):
        rewrapped = vault.rewrap(key)
    with override_settings(MASTER_KEYS=NEW):
        assert vault.decrypt(rewrapped, sealed, "x:1") == "rahasia"
        with pytest.raises(WrongKey):
            vault.decrypt(key, sealed, "x:1")


def test_nothing_encrypts_to_nothing():
    assert vault.encrypt(vault.new_key(), "", "x:1") == b""
    assert vault.decrypt(vault.new_key(), b"", "x:1") == ""


def test_the_index_of_a_value_is_stable_and_tells_kinds_apart():
    assert vault.blind("nik", "3201011501900001") == vault.blind("nik", "3201011501900001")
    assert vault.blind("nik", "1") != vault.blind("phone", "1")
    assert vault.blind("nik", "") is None


@pytest.mark.django_db
def test_a_draft_is_kept_encrypted_one_for_each_form_and_person():
    user, other = factories.user(), factories.user()
    drafts.keep(by=user, place="clients.register", content=drafts.Content({"name": ["Andi"]}))
    drafts.keep(by=user, place="clients.register", content=drafts.Content({"name": ["Andi Contoh"]}))
    stored = Draft.objects.get()
    assert b"Andi" not in bytes(stored.content)
    assert drafts.read(by=user, place="clients.register")[0].fields == {"name": ["Andi Contoh"]}
    assert drafts.read(by=other, place="clients.register") == (None, None)
    drafts.finish(by=user, place="clients.register")
    assert not Draft.objects.exists()
