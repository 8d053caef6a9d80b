import pytest

from reports.bench.clockwork import apart, in_turns


def test_what_is_compared_runs_in_turns_and_the_first_rounds_do_not_count():
    ran = []
    times = in_turns(lambda: ran.append("a"), lambda: ran.append("b"), rounds=3, warm=1)
    assert ran == ["a", "b"] * 4
    assert len(times) == 2


def test_a_child_tells_its_own_time_memory_and_words():
    child = apart(["-c", "import time; print(len(bytearray(60_000_000))); time.sleep(0.1)"])
    assert child.output.strip() == "60000000"
    assert child.megabytes > 60
    assert apart(["-c", "pass"]).megabytes < 60


def test_a_child_that_fails_is_told_with_its_last_words():
    with pytest.raises(RuntimeError, match="no such thing"):
        apart(["-c", "raise SystemExit('no such thing')"])
