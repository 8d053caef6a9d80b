"""What the vectors leave open for the other instruments."""

from decimal import Decimal

import pytest

from assessments.instruments import AnswerError, registry, score


def same_to_all(key: str, answer: object, **instead: object) -> dict:
    return {item.code: answer for item in registry.get(key)} | instead


def values(key: str, raw: dict, **options: int) -> dict:
    return {code: each.value for code, each in score(registry.get(key), raw, options).scores.items()}


def test_audit_skips_count_zero_and_answers_to_them_are_ignored():
    result = score(registry.get("audit"), {"q1": 0, "q2": 4, "q9": 2, "q10": 4})
    assert result.scores["total"].value == 6
    assert result.ignored == ("q2",)
    assert values("audit", {"q1": 4, "q2": 0, "q3": 0, "q9": 0, "q10": 0})["total"] == 4


def test_audit_with_an_open_item_has_no_score_at_all():
    assert set(values("audit", same_to_all("audit", 0, q1=1, q10=None)).values()) == {None}


def test_audit_refuses_odd_answers_to_the_last_two():
    with pytest.raises(AnswerError, match="q9: unknown option 1"):
        score(registry.get("audit"), {"q9": 1})


def test_whoqol_forgives_a_few_open_items():
    five_open = same_to_all("whoqol_bref", 3, q3=None, q4=None, q20=None, q8=None, q9=None)
    assert values("whoqol_bref", five_open) == {
        "physical": 50,
        "psychological": 50,
        "social": 50,
        "environment": 50,
        "q1": 3,
        "q2": 3,
    }
    assert values("whoqol_bref", five_open | {"q21": None, "q8": 3})["social"] is None
    assert set(values("whoqol_bref", five_open | {"q1": None}).values()) == {None}


def test_urica_needs_scored_items_only_and_names_a_stage_only_with_cut_offs():
    urica = registry.get("urica")
    neutral = same_to_all("urica", 3, q4=None, q9=None, q20=None, q31=None)
    assert values("urica", neutral)["readiness"] == 6
    assert score(urica, neutral).scores["readiness"].band is None
    cut_offs = {"precontemplation_from": -2, "contemplation_from": 6, "action_from": 10}
    assert score(urica, neutral, cut_offs).scores["readiness"].band == "contemplation"
    missing = values("urica", neutral | {"q2": None})
    assert (missing["c"], missing["readiness"], missing["a"]) == (None, None, 3)


def test_srq_cut_off_is_a_setting_that_stays_with_the_score():
    srq = registry.get("srq20")
    seven = same_to_all("srq20", False) | {f"q{number}": True for number in range(1, 8)}
    assert score(srq, seven).scores["total"].band == "positive"
    strict = score(srq, seven, {"positive_from": 8})
    assert (strict.scores["total"].band, strict.options) == ("negative", {"positive_from": 8})


def test_srq_alert_stands_without_a_score():
    result = score(registry.get("srq20"), {"q17": True})
    assert (result.scores["total"].value, result.alerts) == (None, ("self_harm",))


@pytest.mark.parametrize(
    ("scale", "sums"),
    [
        ("recognition", {7: "10", 26: "10", 27: "20", 29: "30", 31: "40", 32: "50", 33: "50", 34: "60", 35: "70"}),
        (
            "ambivalence",
            {4: "10", 8: "10", 9: "20", 12: "30", 14: "40", 15: "50", 16: "60", 17: "70", 18: "80", 20: "90"},
        ),
        (
            "taking_steps",
            {8: "10", 26: "20", 30: "30", 31: "40", 33: "50", 34: "60", 36: "70", 37: "80", 38: "80", 40: "90"},
        ),
    ],
)
def test_socrates_deciles(scale, sums):
    socrates = registry.get("socrates")
    codes = socrates.scale(scale).items
    for total, decile in sums.items():
        each, rest = divmod(total, len(codes))
        raw = {code: each + (place < rest) for place, code in enumerate(codes)}
        found = score(socrates, raw).scores[scale]
        assert (found.value, found.band) == (total, decile)


def test_bam_takes_a_list_of_drugs_and_marks_levels():
    bam = registry.get("bam")
    raw = same_to_all("bam", 0, q7=["e", "c"], q17=None, q6=1, q9=4, q10=4, q12=4, q14=4)
    result = score(bam, raw)
    assert result.attention == ("use",)
    assert score(bam, raw | {"q9": 0}).attention == ("use", "protective")
    missing = score(bam, raw | {"q8": None})
    assert missing.scores["risk"].value is None
    assert missing.scores["use"].value == 1
    with pytest.raises(AnswerError, match="q14: unknown option 2"):
        score(bam, {"q14": 2})


ASI_FAMILY = {"f3": 0, "f30": 0, "f32": 0, "f34": 0}


def test_asi_without_any_relation_has_a_ratio_of_zero():
    assert values("asi", ASI_FAMILY | {f"f{number}": "N" for number in range(18, 27)})["family"] == Decimal("0.2")


def test_asi_needs_the_exchange_rate_as_soon_as_there_is_money():
    asi = registry.get("asi")
    for money in ("e12", "e17", "d23"):
        for rate in ({}, {"usd_rate": 0}):
            with pytest.raises(AnswerError, match="usd_rate: needed"):
                score(asi, {money: 1, **rate})
    assert values("asi", {"e4": 1, "e5": 1, "e11": 30, "e12": 0})["employment"] == Decimal("0.25")


def test_asi_refuses_a_vehicle_without_a_licence_and_days_beyond_the_month():
    with pytest.raises(AnswerError, match="e5: "):
        score(registry.get("asi"), {"e4": 0, "e5": 1})
    with pytest.raises(AnswerError, match="m6: 31 is not between 0 and 30"):
        score(registry.get("asi"), {"m6": 31})
    with pytest.raises(AnswerError, match='m7: "N"'):
        score(registry.get("asi"), {"m7": "N"})


@pytest.mark.parametrize("item", ["p9", "p10"])
def test_asi_alerts_on_thoughts_and_on_an_attempt(item):
    assert score(registry.get("asi"), {item: 1}).alerts == ("self_harm",)


def test_asi_inhalant_days_are_asked_and_not_counted():
    asi = registry.get("asi")
    assert "d12" in asi.items
    assert "d12" not in asi.scale("drug").items
