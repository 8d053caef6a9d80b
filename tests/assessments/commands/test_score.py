import io
import json
import sys

import pytest
from django.core.management import call_command
from django.utils import translation

from assessments.management.commands.score import Command


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def run(capsys, monkeypatch):
    def run(content: bytes, *arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        try:
            call_command("score", *arguments)
            code = 0
        except SystemExit as left:
            code = left.code
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run


def test_answers_from_standard_input_are_scored(run):
    code, out, err = run(
        b'{"q1_a": true, "q2_a": "never", "q3_a": "daily", "q6_a": "before", "q7_a": "never"}', "assist"
    )
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert set(found) == {"instrument", "version", "scores", "alerts", "ignored"}
    assert (found["instrument"], found["version"]) == ("assist", "3.1")
    assert found["scores"]["a"] == {"value": 3, "band": "low"}
    assert found["scores"]["b"] == {"value": None, "band": None}
    assert (found["alerts"], found["ignored"]) == ([], ["q3_a"])


def test_answers_from_a_file_are_scored_even_with_a_byte_order_mark(run, tmp_path):
    file = tmp_path / "answers.json"
    file.write_bytes(b'\xef\xbb\xbf{"q1_a": false}')
    code, out, _err = run(b"", "assist", str(file))
    assert code == 0
    assert json.loads(out)["scores"]["a"] == {"value": 0, "band": "low"}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"{", "Standard input: not JSON, line 1, column 2"),
        (b"", "Standard input: not JSON, line 1, column 1"),
        (b"[]", "Standard input: not a JSON object of answers"),
        (b"\xff\xfe", "Standard input: not a text in UTF-8"),
        (b'{"a":' + b"[" * 100_000, "Standard input: nested too deeply"),
        (b'{"q8": "never", "q8": "past3m"}', "Standard input: 'q8' is answered twice"),
        (b'{"q1_a": NaN}', "q1_a: unknown option nan"),
        (b'{"q1_a": 1e999}', "q1_a: unknown option inf"),
        (b'{"q1_a": ' + b"9" * 5000 + b"}", "q1_a: unknown option inf"),
        (b'{"q9_z": true}', "q9_z: this instrument has no such item"),
        (b'{"q9\\n": true}', "'q9\\n': this instrument has no such item"),
        (b'{"q2_b": "hourly"}', "q2_b: unknown option 'hourly'"),
        (b'{"q5_a": "hourly"}', "q5_a: unknown option 'hourly'"),
        (b'{"q1_a": 1}', "q1_a: unknown option 1"),
        (b'{"q1_a": "N"}', 'q1_a: "N" (not applicable) is no answer to this item'),
    ],
)
def test_what_is_not_understood_is_named_in_one_line(run, content, told):
    assert run(content, "assist") == (2, "", f"{told}\n")


def test_an_unknown_instrument_is_told_with_the_nearest(run):
    assert run(b"{}", "asist") == (2, "", "There is no instrument 'asist'. Did you mean assist?\n")
    code, _out, err = run(b"{}", "xyzxyz")
    assert code == 2
    assert "assist" in err


def test_a_missing_file_and_a_folder_are_told(run, tmp_path):
    assert run(b"", "assist", f"{tmp_path}/no.json") == (2, "", f"{tmp_path}/no.json does not exist.\n")
    code, _out, err = run(b"", "assist", str(tmp_path))
    assert (code, err.count("\n")) == (2, 1)


def test_a_missing_key_is_told_in_one_line(run, capsys):
    parser = Command().create_parser("manage.py", "score")
    with pytest.raises(SystemExit) as left:
        parser.parse_args([])
    assert left.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_it_runs_without_checks_that_could_reach_for_a_database():
    assert list(Command.requires_system_checks) == []
