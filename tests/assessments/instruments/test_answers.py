import pytest

from assessments.instruments import AnswerError, State, from_form, read, registry
from assessments.instruments.framework import Instrument, Item, Kind, Section, likert, yes_no

SMALL = Instrument(
    key="small",
    version="1",
    title="Small",
    sections=(
        Section(
            "all",
            "All",
            (
                yes_no("yes", "Yes or no", "Yes", "No"),
                likert("five", "One to five", 1, 5),
                Item("days", "Days", kind=Kind.NUMBER, minimum=0, maximum=30, not_applicable=True),
                Item("money", "Money", kind=Kind.NUMBER, minimum=0, whole=False),
                Item("note", "Note", kind=Kind.TEXT, required=False),
                Item("drugs", "Drugs", kind=Kind.LIST, choices=registry.get("bam").items["q7"].choices),
            ),
        ),
    ),
    scales=(),
)


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ({"yes": True}, {"yes": True}),
        ({"five": 5.0}, {"five": 5}),
        ({"days": 30.0}, {"days": 30}),
        ({"days": "N"}, {"days": "N"}),
        ({"money": 1.5}, {"money": 1.5}),
        ({"note": "  N  "}, {"note": "N"}),
        ({"note": " ", "yes": None}, {}),
        ({"drugs": ["i", "e", "i"]}, {"drugs": ("e", "i")}),
        ({"drugs": []}, {"drugs": ()}),
    ],
)
def test_answers_are_kept_as_codes_and_numbers(raw, kept):
    answers = read(SMALL, raw)
    assert answers.kept == kept
    assert {code: type(value) for code, value in answers.kept.items()} == {
        code: type(value) for code, value in kept.items()
    }


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        ({"no": 1}, "no: this instrument has no such item"),
        ({"x" * 50: 1}, "'" + "x" * 38 + "…: this instrument has no such item"),
        ({"yes": 1}, "yes: unknown option 1"),
        ({"yes": "true"}, "yes: unknown option 'true'"),
        ({"yes": "N"}, 'yes: "N" (not applicable) is no answer to this item'),
        ({"yes": {"a": [1]}}, "yes: unknown option {'a': [1]}"),
        ({"five": True}, "five: unknown option True"),
        ({"five": 6}, "five: unknown option 6"),
        ({"five": 2.5}, "five: unknown option 2.5"),
        ({"days": True}, "days: True is not a number"),
        ({"days": "5"}, "days: '5' is not a number"),
        ({"days": float("nan")}, "days: nan is not a number"),
        ({"days": float("-inf")}, "days: -inf is not a number"),
        ({"days": 2.5}, "days: 2.5 is not a whole number"),
        ({"days": 31}, "days: 31 is not between 0 and 30"),
        ({"days": -1}, "days: -1 is not between 0 and 30"),
        ({"days": 10**500}, "days: … is not between 0 and 30"),
        ({"note": 5}, "note: 5 is not a text"),
        ({"note": "x" * 1001}, "note: longer than 1000 characters"),
        ({"drugs": "e"}, "drugs: 'e' is not a list"),
        ({"drugs": ["z"]}, "drugs: unknown option 'z'"),
        ({"drugs": ["N"]}, "drugs: unknown option 'N'"),
    ],
)
def test_what_is_not_understood_names_the_item_in_one_line(raw, told):
    with pytest.raises(AnswerError) as refused:
        read(SMALL, raw)
    assert str(refused.value) == told
    assert refused.value.item == next(iter(raw))


def test_posted_strings_become_answers():
    posted = {
        "yes": ["false"],
        "five": "5",
        "days": ["7"],
        "money": "1,5",
        "note": " hello ",
        "drugs": ["e", "i"],
        "csrfmiddlewaretoken": "x",
    }
    raw = from_form(SMALL, posted)
    assert raw == {"yes": False, "five": 5, "days": 7.0, "money": 1.5, "note": "hello", "drugs": ["e", "i"]}
    assert from_form(SMALL, {"yes": "", "days": "N", "five": []}) == {"days": "N"}


def test_posted_nonsense_is_kept_for_the_refusal():
    with pytest.raises(AnswerError, match="days: 'many' is not a number"):
        read(SMALL, from_form(SMALL, {"days": "many"}))


def test_an_item_waits_for_the_one_that_decides_it():
    assist = registry.get("assist")
    nothing, used, unused = read(assist, {}), read(assist, {"q1_b": True}), read(assist, {"q1_b": False})
    assert [answers.states["q2_b"] for answers in (nothing, used, unused)] == [
        State.WAITING,
        State.ASKED,
        State.SKIPPED,
    ]
    assert [item.code for item in nothing.visible_items()] == [f"q1_{letter}" for letter in "abcdefghij"]


def test_an_answer_given_early_stays_visible_and_counts():
    answers = read(registry.get("assist"), {"q2_b": "daily"})
    assert "q2_b" in [item.code for item in answers.visible_items()]
    assert answers.ignored == ()


def test_progress_counts_required_items_that_are_asked():
    answers = read(registry.get("assist"), {"q1_a": True, "q1_b": False, "q2_a": "never", "q1_j": True})
    assert (answers.progress().answered, answers.progress().total) == (4, 10 + 3 + 3 + 1)
    assert [item.code for item in answers.unanswered()][-7:] == ["q1_i", "q2_j", "q6_a", "q6_j", "q7_a", "q7_j", "q8"]


def test_answers_that_cannot_stand_together_are_told_but_may_wait_in_a_draft():
    answers = read(registry.get("asi"), {"e4": 0, "e5": 1})
    assert answers.refusal().item == "e5"
    assert read(registry.get("asi"), {"e4": 0}).refusal() is None
