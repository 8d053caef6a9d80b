import io
from pathlib import Path

import pytest
import xlsxwriter
from django.core.management import call_command

from reports import release
from reports.management.commands.check_release import Command

PUBLISHED = Path(release.__file__).parent / "data" / "published_figures.csv"
HEADING = "unit,year,indicator,target,realised,printed_percent\n"


def run(*arguments):
    """Exit code, stdout, stderr."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("check_release", *(str(argument) for argument in arguments), stdout=out, stderr=err, no_color=True)
    except SystemExit as end:
        return end.code, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_findings_go_to_stdout_and_the_count_to_stderr():
    code, out, err = run(PUBLISHED)
    assert code == 1
    assert out == (
        "BNNP Nusa Tenggara Timur | 2019 | clients rehabilitated in government facilities | printed 93,33 | computed 96,67\n"
        "BNN | 2017 | clients rehabilitated | printed 60 | computed 53,33\n"
    )
    assert "13" in err.splitlines()[-1]
    assert "1 " in err.splitlines()[-1]


def test_a_right_release_is_silent_on_stdout(tmp_path):
    file = tmp_path / "right.csv"
    file.write_text(HEADING + 'NTT,2019,klien,60,58,"96,67"\nNTT,2019,lain,tercapai,58,50\n')
    code, out, err = run(file)
    assert (code, out) == (0, "")
    assert err


def test_a_workbook_is_checked_too(tmp_path):
    file = tmp_path / "release.xlsx"
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADING.strip().split(","))
    sheet.write_row(1, 0, ["BNN", 2017, "klien", 30000, 16000, 60])
    book.close()
    assert run(file)[:2] == (1, "BNN | 2017 | klien | printed 60 | computed 53,33\n")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("short.csv", HEADING + "BNN,2019,x,1\n", "realised"),
        ("year.csv", HEADING + "BNN,x,x,1,1,100\nBNN,y,x,1,1,100\n", "year"),
        ("empty.csv", "", ""),
        ("release.xlsx", "not a workbook", ""),
        ("release.exe", "MZ", ""),
    ],
)
def test_what_is_not_understood_ends_with_two_and_one_line(tmp_path, name, content, says):
    file = tmp_path / name
    file.write_text(content)
    code, out, err = run(file)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert says in err


def test_a_file_that_is_missing_or_a_folder_is_not_understood(tmp_path):
    for path in (tmp_path / "nothing.csv", tmp_path):
        code, out, err = run(path)
        assert (code, out, len(err.splitlines())) == (2, "", 1)


def test_arguments_that_are_wrong_take_one_line_as_well(capsys):
    with pytest.raises(SystemExit) as end:
        Command().run_from_argv(["manage.py", "check_release"])
    assert end.value.code == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
