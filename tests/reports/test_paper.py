import time

import pytest
from django.utils import translation

from reports.paper import paper, report_pdf
from tests.reports.samples import line, report


def test_figures_are_put_into_indonesian_words():
    rows = paper(report())["rows"]
    assert [(row["target"], row["realised"], row["achievement"]) for row in rows] == [
        ("60", "58", "96,67"),
        ("–", "4", "–"),
        ("3,40", "–", "–"),
        ("8", "9", "87,50"),
        ("10", "15", "150,00"),
    ]
    assert [row["note"] for row in rows if row["reported"]] == ["dilaporkan: Antara, per 27 Desember 2023"]


def test_the_paper_is_indonesian_whatever_the_screen_is():
    with translation.override("en"):
        english = paper(report())
    with translation.override("id"):
        assert english == paper(report())
    assert english["date"] == "3 Januari 2020"


def test_money_is_added_up_and_absorption_is_a_percentage_of_the_ceiling():
    told = paper(report(lines=[line(ceiling=200, spent=150), line(ceiling=100), line()]))
    assert told["money"] == {"ceiling": "300", "spent": "150", "absorbed": "50,00"}
    assert [row["absorbed"] for row in told["rows"]] == ["75,00", "–", "–"]
    assert paper(report(lines=[line()]))["money"] is None


def test_two_years_stand_side_by_side():
    years = paper(report(lines=[line(last_target=50, last_realised=60), line()]))["years"]
    assert (years["last"], years["this"]) == ("2018", "2019")
    assert years["rows"][0][2:] == ["50", "60", "120,00", "60", "58", "96,67", "−2"]
    assert years["rows"][1][-1] == "–"
    assert paper(report(lines=[line()]))["years"] is None


def test_what_is_not_sealed_is_marked_with_how_far_it_has_come():
    assert paper(report(draft="diajukan"))["draft"] == "DRAF · diajukan"
    assert paper(report())["draft"] == ""


def test_signs_are_explained_when_they_occur_and_only_then():
    assert len(paper(report())["notes"]) == 6
    assert len(paper(report(lines=[line()], notes=[]))["notes"]) == 1
    assert paper(report(lines=[], notes=[]))["notes"] == []


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {
            "lines": [],
            "series": [],
            "breakdowns": [],
            "notes": [],
            "signature": None,
            "hash": "",
            "number": "",
            "demo": False,
        },
        {"lines": [line(obstacle="kata " * 3000)]},
        {"lines": [line(obstacle="kata " * 100, follow_up="x" * 200)] * 30, "draft": "diajukan", "demo": False},
        {"series": [{"title": "a", "measure": "b", "summed": True, "months": []}]},
        {"breakdowns": [{"title": "a", "heading": ["a", "b"], "rows": [], "total": []}]},
    ],
)
def test_every_report_can_be_printed_and_is_the_same_each_time(changed):
    first = report_pdf(report(**changed))
    assert first.startswith(b"%PDF-")
    assert first == report_pdf(report(**changed))


def test_fifty_pages_take_two_seconds():
    lines = [line(f"Indikator {number}", number, number * 2) for number in range(1100)]
    began = time.perf_counter()
    report_pdf(report(lines=lines))
    assert time.perf_counter() - began < 6  # two on a quiet machine
