"""The cases that settle each instrument; every value in them was computed twice, independently."""

import json
from pathlib import Path

import pytest

from assessments.instruments import registry, score

VECTORS = json.loads((Path(__file__).parents[2] / "data" / "instrument_vectors.json").read_text())


@pytest.mark.parametrize(
    "case", [case for case in VECTORS if case["instrument"] in registry.INSTRUMENTS], ids=lambda case: case["id"]
)
def test_vector(case):
    result = score(registry.get(case["instrument"]), case["answers"]).as_json()
    found = {code: result["scores"][code] for code in case["scores"]}
    assert {code: each["band"] for code, each in found.items()} == {
        code: each["band"] for code, each in case["scores"].items()
    }
    for code, expected in case["scores"].items():
        assert found[code]["value"] == pytest.approx(expected["value"], abs=case["tolerance"]), code
    assert result["alerts"] == case["alerts"]


def test_every_scored_instrument_has_vectors():
    scored = {instrument.key for instrument in registry.all() if instrument.scales}
    assert scored <= {case["instrument"] for case in VECTORS}
    assert set(registry.INSTRUMENTS) - scored == {"wajib_lapor"}
