from decimal import Decimal

import pytest

from assessments.instruments import AnswerError, read, registry, score

ASSIST = registry.get("assist")
NOTHING = {f"q1_{letter}": False for letter in "abcdefghij"}
MOST = {"q2": "daily", "q3": "daily", "q4": "daily", "q5": "daily", "q6": "past3m", "q7": "past3m"}


def all_of(letter: str, **instead: str) -> dict:
    answers = {**MOST, **instead}
    return NOTHING | {f"q1_{letter}": True} | {f"{question}_{letter}": answer for question, answer in answers.items()}


@pytest.mark.parametrize(("letter", "most"), [("a", 31), ("b", 39), ("e", 39), ("j", 39)])
def test_the_highest_score_is_39_and_31_for_tobacco(letter, most):
    result = score(ASSIST, all_of(letter))
    assert result.scores[letter].value == most
    assert result.scores[letter].band == "high"
    assert result.ignored == (("q5_a",) if letter == "a" else ())


@pytest.mark.parametrize(
    ("letter", "value", "band"),
    [
        ("b", 10, "low"),
        ("b", 11, "moderate"),
        ("b", 26, "moderate"),
        ("b", 27, "high"),
        ("c", 3, "low"),
        ("c", 4, "moderate"),
    ],
)
def test_bands_begin_at_their_lower_edge(letter, value, band):
    ways = {
        3: {"q2": "monthly", "q3": "never", "q4": "never", "q5": "never", "q6": "never", "q7": "never"},
        4: {"q2": "weekly", "q3": "never", "q4": "never", "q5": "never", "q6": "never", "q7": "never"},
        10: {"q2": "weekly", "q3": "never", "q4": "never", "q5": "never", "q6": "past3m", "q7": "never"},
        11: {"q2": "weekly", "q3": "monthly", "q4": "never", "q5": "never", "q6": "before", "q7": "never"},
        26: {"q2": "daily", "q3": "daily", "q4": "never", "q5": "daily", "q6": "before", "q7": "before"},
        27: {"q2": "daily", "q3": "weekly", "q4": "monthly", "q5": "once_twice", "q6": "past3m", "q7": "never"},
    }
    found = score(ASSIST, all_of(letter, **ways[value])).scores[letter]
    assert (found.value, found.band) == (Decimal(value), band)


def test_no_use_in_three_months_skips_three_questions_but_not_the_last_two():
    result = score(ASSIST, all_of("i", q2="never", q6="before", q7="before"))
    assert result.ignored == ("q3_i", "q4_i", "q5_i")
    assert result.scores["i"].value == 6


def test_answers_for_a_substance_never_used_are_ignored():
    result = score(ASSIST, NOTHING | {"q2_e": "daily", "q8": "past3m", "q8_pattern": "frequent", "q1_j_text": "x"})
    assert result.ignored == ("q1_j_text", "q2_e", "q8", "q8_pattern")
    assert result.scores["e"].value == 0
    assert (result.alerts, result.advice) == ((), ())


def test_a_missing_answer_leaves_its_substance_without_a_score_and_the_others_stand():
    answers = all_of("b")
    del answers["q4_b"]
    result = score(ASSIST, answers)
    assert (result.scores["b"].value, result.scores["b"].band) == (None, None)
    assert result.scores["c"].value == 0
    assert [item.code for item in read(ASSIST, answers).unanswered()] == ["q4_b", "q8"]


def test_a_substance_not_asked_about_has_no_score():
    assert score(ASSIST, {}).scores["a"].value is None


@pytest.mark.parametrize(
    ("q8", "pattern", "alerts", "advice", "ignored"),
    [
        ("past3m", "infrequent", ("injecting",), ("injecting_card",), ()),
        ("past3m", "frequent", ("injecting",), ("injecting_assessment",), ()),
        ("past3m", None, ("injecting",), (), ()),
        ("before", "frequent", (), (), ("q8_pattern",)),
        (None, "frequent", (), (), ("q8_pattern",)),
    ],
)
def test_recent_injecting_alerts_and_its_pattern_advises(q8, pattern, alerts, advice, ignored):
    result = score(ASSIST, all_of("i") | {"q8": q8, "q8_pattern": pattern})
    assert (result.alerts, result.advice, result.ignored) == (alerts, advice, ignored)


def test_the_name_of_another_substance_is_kept_and_not_required():
    answers = read(ASSIST, all_of("j") | {"q8": "never"})
    assert answers.unanswered() == []
    assert read(ASSIST, all_of("j") | {"q1_j_text": "kratom"}).kept["q1_j_text"] == "kratom"


def test_even_a_skipped_item_takes_only_its_options():
    with pytest.raises(AnswerError, match="q5_a: unknown option"):
        score(ASSIST, NOTHING | {"q5_a": "often"})


def test_only_our_own_labels_are_shipped():
    assert ASSIST.labels_only
    assert ASSIST.interviewer
