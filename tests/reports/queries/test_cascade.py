from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports.enums import FigureScope
from reports.indicators import REGISTRY
from reports.queries.cascade import Fit, cascade, gap_of, gaps, last_years
from reports.queries.tree import Units
from tests import factories
from tests.reports import makers

pytestmark = pytest.mark.django_db
OWN, TREE = FigureScope.OWN, FigureScope.TREE
CLIENTS = "clients_rehabilitated"


@pytest.fixture
def nation():
    """BNN over NTT (with Kupang and Rote below) and Bali."""
    codes = ("BNN", "BNNP-53", "BNNK-5371", "BNNK-5372", "BNNP-51")
    return {code: factories.unit(code) for code in codes}


def aim(unit, value, scope=OWN, indicator=CLIENTS, **fields):
    return makers.target(unit, value, scope=scope, indicator=indicator, **fields)


def gap(unit, indicator=CLIENTS):
    return {each.indicator.key: each for each in cascade(unit, 2019)}.get(indicator)


def test_own_targets_of_a_part_and_of_those_below_it_are_added(nation):
    aim(nation["BNN"], 100, TREE)
    aim(nation["BNNP-53"], 30)
    aim(nation["BNNK-5371"], 20)
    aim(nation["BNNP-51"], 50)
    found = gap(nation["BNN"])
    assert (found.total, found.difference, found.fit) == (100, 0, Fit.FITS)
    assert [(part.node.code, part.covers, part.below) for part in found.parts] == [
        ("BNNP-51", 50, 0),
        ("BNNP-53", 50, 20),
    ]
    assert gaps(nation["BNN"], 2019) == {}


def test_a_part_with_a_tree_target_stands_for_everything_below_it(nation):
    aim(nation["BNN"], 100, TREE)
    aim(nation["BNNP-53"], 45, TREE)
    aim(nation["BNNK-5371"], 20)
    found = gaps(nation["BNN"], 2019)[CLIENTS]
    assert (found.total, found.difference, found.fit, found.without) == (45, 55, Fit.SHORT, 1)
    assert found.words == (
        "Kurang 55: bagian-bagiannya berjumlah 45 dari 100; sisanya menjadi bagian satuan kerja ini sendiri."
        " 1 satuan kerja belum punya target."
    )
    below = gaps(nation["BNNP-53"], 2019)[CLIENTS]
    assert (below.difference, below.fit) == (25, Fit.SHORT)


def test_parts_beyond_the_whole_are_told(nation):
    aim(nation["BNNP-53"], 30, TREE)
    aim(nation["BNNK-5371"], 20)
    aim(nation["BNNK-5372"], 15)
    found = gaps(nation["BNNP-53"], 2019)[CLIENTS]
    assert (found.fit, found.difference) == (Fit.OVER, -5)
    assert found.words == "Lebih 5: bagian-bagiannya berjumlah 35, keseluruhannya 30."


def test_a_target_for_its_own_facilities_has_nothing_to_fit(nation):
    aim(nation["BNNP-53"], 30)
    aim(nation["BNNK-5371"], 20)
    found = gap(nation["BNNP-53"])
    assert (found.fit, found.total, found.is_wrong) == (Fit.OWN, 50, False)


@pytest.mark.parametrize(
    ("indicator", "adds"), [("not_relapsed_pct", False), ("ikm", False), ("aftercare_facilities", True)]
)
def test_percentages_and_indices_are_compared_and_states_add_up(nation, indicator, adds):
    aim(nation["BNNP-53"], 50, TREE, indicator)
    aim(nation["BNNK-5371"], 50, OWN, indicator)
    assert gap(nation["BNNP-53"], indicator).fit is Fit.FITS
    aim(nation["BNNK-5372"], 40, OWN, indicator)
    found = gap(nation["BNNP-53"], indicator)
    assert found.fit is (Fit.OVER if adds else Fit.DIFFERS)
    assert found.total == (90 if adds else None)
    assert adds or found.words == "Tidak sama di mana-mana: 1 satuan kerja bertarget lain dari 50."


def test_a_missing_whole_or_missing_parts_are_said(nation):
    aim(nation["BNNK-5371"], 20)
    aim(nation["BNNK-5371"], 50, OWN, "ikm")
    assert (gap(nation["BNNP-53"]).fit, gap(nation["BNNP-53"], "ikm").fit) == (Fit.NO_WHOLE, Fit.NO_WHOLE)
    assert "20" in gap(nation["BNNP-53"]).words
    assert "–" not in gap(nation["BNNP-53"], "ikm").words
    aim(nation["BNNP-51"], 5, TREE)
    assert cascade(nation["BNNP-51"], 2019) == []
    assert gap_of(nation["BNNP-51"], 2019, REGISTRY[CLIENTS]).fit is Fit.NO_PARTS
    aim(nation["BNN"], 5, TREE, "tat_clients")
    assert gap(nation["BNN"], "tat_clients").fit is Fit.NO_PARTS
    assert gap(nation["BNNP-53"], "tat_clients") is None


def test_the_revision_in_force_and_the_tree_of_the_years_end_decide(nation):
    aim(nation["BNN"], 100, TREE)
    aim(nation["BNNP-51"], 100)
    aim(nation["BNNP-51"], 90, in_force_on=date(2019, 7, 1))
    assert gap(nation["BNN"]).total == 90
    assert {each.total for each in cascade(nation["BNN"], 2019, on=date(2019, 6, 30))} == {100}
    moved = nation["BNNK-5371"]
    aim(moved, 10)
    moved.terms.update(parent=nation["BNNP-51"])
    assert gap(nation["BNN"]).parts[0].covers == 100


def test_last_year_comes_from_what_was_counted_or_else_reported(nation):
    for _ in range(3):
        makers.counted(factories.facility(of=nation["BNNK-5371"]), date(2018, 3, 3))
    makers.reported(nation["BNNP-51"], 7, year=2018)
    assert last_years(nation["BNN"], 2019, REGISTRY[CLIENTS], Units()) == {
        nation["BNNP-53"].pk: 3,
        nation["BNNP-51"].pk: 7,
    }


def test_two_queries_however_many_units_and_targets(nation):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            gaps(nation["BNN"], 2019)
        return len(captured)

    aim(nation["BNN"], 100, TREE)
    assert queries() == 2
    for code in ("BNNP-53", "BNNK-5371", "BNNK-5372", "BNNP-51"):
        aim(nation[code], 100)
        aim(nation[code], 10, TREE, "tat_clients")
    assert queries() == 2
