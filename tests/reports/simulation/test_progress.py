import io

from reports.simulation.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_the_line_is_redrawn():
    stream = Terminal()
    progress = Progress(200, stream)
    progress.done(50)
    progress.done(200)
    first, second = stream.getvalue().strip("\r").split("\r")
    assert " 25% · " in first
    assert "100% · " in second
    assert "0:00" in second
    assert "\n" not in stream.getvalue()


def test_elsewhere_a_line_now_and_then(monkeypatch):
    stream = io.StringIO()
    progress = Progress(200, stream)
    progress.done(50)
    assert stream.getvalue() == ""
    monkeypatch.setattr("reports.simulation.progress.PATIENCE", 0)
    progress.done(100)
    progress.say("klien")
    assert stream.getvalue().count("\n") == 2
