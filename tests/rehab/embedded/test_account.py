import os
import pwd
from types import SimpleNamespace

import pytest

from rehab.embedded import account


def users(monkeypatch, *uids):
    monkeypatch.setattr(pwd, "getpwall", lambda: [SimpleNamespace(pw_uid=uid) for uid in uids])


def test_an_ordinary_user_starts_the_servers_as_themselves(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1234)
    monkeypatch.setattr(pwd, "getpwuid", lambda uid: None)
    assert account.choose(tmp_path) == account.Account()


def test_root_becomes_a_user_that_the_machine_knows_by_name(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    users(monkeypatch, 0, 1000, 1)
    assert account.choose(tmp_path, namespaces=True).prefix[-1] == "--map-group=1000"
    users(monkeypatch, 0, 33, 1)
    assert account.choose(tmp_path, namespaces=True).prefix[-1] == "--map-group=1"


def test_a_user_without_a_name_gets_one_in_a_namespace_or_is_told(tmp_path, monkeypatch):
    def nameless(uid):
        raise KeyError(uid)

    monkeypatch.setattr(os, "geteuid", lambda: 1234)
    monkeypatch.setattr(pwd, "getpwuid", nameless)
    assert account.choose(tmp_path, namespaces=True).prefix
    with pytest.raises(account.NoAccount, match="User 1234 has no name"):
        account.choose(tmp_path, namespaces=False)
