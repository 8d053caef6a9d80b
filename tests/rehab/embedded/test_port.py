import socket

from rehab.embedded import port
from rehab.embedded.folders import Lock


def test_a_busy_port_is_a_sentence_that_says_what_to_do(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        number = other.getsockname()[1]
        sentence = port.trouble(str(number), tmp_path / "lock")
    assert sentence.startswith(f"Port {number} is used by another program.")
    assert sentence.endswith("make demo")
    assert port.trouble(str(number), tmp_path / "lock") is None


def test_what_is_not_a_port_is_told():
    for text in ("", "abc", "0", "70000"):
        assert "is not a port number" in port.trouble(text)


def test_a_second_demo_is_told_where_the_first_one_is(tmp_path):
    lock = Lock(tmp_path / "lock")
    lock.take()
    (tmp_path / "lock").write_text("8000")
    sentence = "The demo is running already at http://localhost:8000/. Stop it there with Ctrl-C first."
    assert port.trouble("8001", tmp_path / "lock") == sentence
    lock.release()
    assert port.trouble("8001", tmp_path / "lock") is None
