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
