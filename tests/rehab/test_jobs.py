"""Work is sent on commit, by name; a broker that is down loses nothing and stops nobody."""

import pytest
from django.db import transaction

from rehab import jobs, tasks


@pytest.fixture
def sent(monkeypatch):
    calls = []
    monkeypatch.setattr(jobs, "_send", lambda task, keys: calls.append((task, keys)))
    return calls


@pytest.mark.django_db(transaction=True)
def test_work_is_sent_after_the_commit(sent):
    with transaction.atomic():
        jobs.enqueue("rehab.tick", key=1)
        assert sent == []
    assert sent == [("rehab.tick", {"key": 1})]


@pytest.mark.django_db(transaction=True)
def test_work_of_a_rolled_back_transaction_is_not_sent(sent):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        jobs.enqueue("rehab.tick", key=1)
        raise ZeroDivisionError
    assert sent == []


def test_a_broker_that_is_down_does_not_stop_the_request(settings, monkeypatch):
    class Down:
        def apply_async(self, **_):
            raise jobs.OperationalError("no broker")

    monkeypatch.setattr(jobs.current_app, "tasks", {"rehab.tick": Down()})
    jobs._send("rehab.tick", {})


@pytest.mark.django_db
def test_one_failing_work_does_not_stop_the_others(monkeypatch, caplog):
    done = []

    def fails():
        raise ZeroDivisionError

    monkeypatch.setattr(jobs, "_every_minute", [fails, lambda: done.append(1)])
    tasks.tick()
    assert done == [1]
    assert "fails failed" in caplog.text
