from reports.bench.results import Result, line, lines


def test_a_budget_holds_for_the_ratio_where_there_is_a_floor():
    assert Result("Pages", "list", 30, floor=15, budget=2.0).met is True
    assert Result("Pages", "list", 31, floor=15, budget=2.0).met is False


def test_and_for_the_figure_where_there_is_none():
    assert Result("Work", "CSV", 12_000, "rows/s", budget=10_000, at_least=True).met is True
    assert Result("Work", "PDF", 2.1, "s", budget=2.0).met is False


def test_without_a_budget_nothing_is_met_or_missed():
    assert Result("Work", "XLSX", 1, "s").met is None
    assert "MISSED" not in line(Result("Work", "XLSX", 1, "s"))


def test_the_table_heads_each_part_once_and_says_what_is_missed():
    told = list(
        lines([Result("Pages", "a", 50, floor=10, budget=2.0), Result("Pages", "b", 1), Result("Work", "c", 1)])
    )
    assert [text.split()[0] for text in told if text.startswith("\n")] == ["Pages", "Work"]
    assert "MISSED" in told[1]
    assert "5,00" in told[1]


def test_json_carries_ratio_and_verdict():
    assert {"ratio": 3.0, "met": False}.items() <= Result("Pages", "a", 30, floor=10, budget=2.0).as_json().items()
