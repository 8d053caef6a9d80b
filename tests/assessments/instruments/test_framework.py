import json
import subprocess
import sys
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.instruments import AnswerError, as_json, read, registry, score
from assessments.instruments.framework import Combination, Kind, Total
from tests.assessments.instruments.strategies import answers_to

INSTRUMENTS = registry.all()
by_key = pytest.mark.parametrize("instrument", INSTRUMENTS, ids=lambda instrument: instrument.key)
answered = st.sampled_from(INSTRUMENTS).flatmap(lambda each: st.tuples(st.just(each), answers_to(each)))


def test_instruments_need_no_django():
    code = "import sys, assessments.instruments; sys.exit(any(name.split('.')[0] == 'django' for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@by_key
def test_codes_are_unique_and_rules_look_only_at_earlier_items(instrument):
    codes = [item.code for section in instrument.sections for item in section.items]
    assert len(codes) == len(set(codes))
    order = {code: place for place, code in enumerate(codes)}
    for rule in instrument.rules:
        deciding = _items_of(rule.when.as_json())
        assert all(order[decider] < order[ruled] for decider in deciding for ruled in rule.items)


@by_key
def test_what_scales_alerts_and_refusals_name_exists(instrument):
    named = {code for scale in instrument.scales for code in scale.items}
    for part in (*instrument.alerts, *instrument.advice, *instrument.refusals):
        named |= _items_of(part.when.as_json())
    assert named <= set(instrument.items)
    assert {item.group for item in instrument if item.group} <= {group.code for group in instrument.groups}
    scales = [scale.code for scale in instrument.scales]
    for place, scale in enumerate(instrument.scales):
        if isinstance(scale.rule, Combination):
            assert {code for code, _factor in scale.rule.parts} <= set(scales[:place])
        lowers = [band.lower for band in scale.bands if not isinstance(band.lower, str)]
        assert lowers == sorted(lowers)


@by_key
def test_every_scored_choice_has_a_weight_and_every_number_its_limits(instrument):
    scored = {code for scale in instrument.scales if isinstance(scale.rule, Total) for code in scale.items}
    assert all(choice.weight is not None for code in scored for choice in instrument.items[code].choices)
    assert all(None not in (item.minimum, item.maximum) for item in instrument if item.kind is Kind.NUMBER)


@by_key
def test_the_browser_gets_plain_json_with_everything_translated(instrument):
    found = json.loads(json.dumps(as_json(instrument, lambda text: f"<{text}>")))
    assert found["title"] == f"<{instrument.title}>"
    assert set(found["items"]) == set(instrument.items)
    assert [code for section in found["sections"] for code in section["items"]] == list(instrument.items)
    assert all(item["label"].startswith("<") for item in found["items"].values())
    assert "%(item)s" not in json.dumps(found)


def test_the_browser_gets_the_cut_offs_in_force():
    srq = registry.get("srq20")
    assert [band["lower"] for band in as_json(srq)["scales"][0]["bands"]] == [0, 6]
    assert [band["lower"] for band in as_json(srq, options={"positive_from": 8})["scales"][0]["bands"]] == [0, 8]
    assert as_json(registry.get("urica"))["scales"][-1]["bands"] == []


def test_an_option_that_an_instrument_lacks_is_refused():
    with pytest.raises(ValueError, match="assist has no option cut_off"):
        score(registry.get("assist"), {}, {"cut_off": 8})


@given(answered)
def test_valid_answers_are_always_scored_or_refused_by_name(case):
    instrument, raw = case
    answers = read(instrument, raw)
    refused = answers.refusal()
    if refused:
        with pytest.raises(AnswerError, match=f"^{refused.item}: "):
            score(instrument, raw)
        return
    result = score(instrument, raw)
    assert list(result.scores) == [scale.code for scale in instrument.scales]
    assert result.version == instrument.version
    for each in result.scores.values():
        assert each.value is None or each.value == each.value.quantize(Decimal("0.000001"))
    json.dumps(result.as_json(), allow_nan=False)


@given(answered)
def test_every_answer_is_either_kept_or_ignored_and_ignored_ones_change_nothing(case):
    instrument, raw = case
    answers = read(instrument, raw)
    assert set(answers.kept) | set(answers.ignored) == set(answers.given)
    assert not set(answers.kept) & set(answers.ignored)
    again = read(instrument, answers.kept)
    assert again.states == answers.states
    assert again.ignored == ()
    if not answers.refusal():
        assert score(instrument, answers.kept).scores == score(instrument, raw).scores
        assert score(instrument, answers.kept).alerts == score(instrument, raw).alerts


@given(answered)
def test_what_is_visible_is_not_skipped_and_progress_adds_up(case):
    instrument, raw = case
    answers = read(instrument, raw)
    visible = {item.code for item in answers.visible_items()}
    assert set(answers.kept) <= visible
    assert not visible & set(answers.ignored)
    progress = answers.progress()
    assert progress.total - progress.answered == len(answers.unanswered())
    assert 0 <= progress.answered <= progress.total


@given(answered)
def test_answering_what_is_asked_ends(case):
    instrument, raw = case
    answers = read(instrument, raw)
    for _step in range(len(instrument.items)):
        if not answers.unanswered():
            break
        item = answers.unanswered()[0]
        value = item.choices[0].code if item.choices else item.minimum
        value = [value] if item.kind is Kind.LIST else value
        answers = read(instrument, {**answers.given, item.code: value})
    assert answers.unanswered() == []


def _items_of(condition: dict) -> set[str]:
    parts = condition.get("all", condition.get("any"))
    return {condition["item"]} if parts is None else {item for part in parts for item in _items_of(part)}
