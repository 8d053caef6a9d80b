import pytest

from assessments.instruments.conditions import ALWAYS, SKIPPED, Above, All, AnyOf, Is

YES, OPEN, NO = Is("a", True), Is("open", True), Is("a", False)
KNOWN = {"a": True, "n": 1, "skipped": SKIPPED}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (YES, True),
        (NO, False),
        (OPEN, None),
        (Is("n", 1), True),
        (Is("n", True), False),
        (Is("skipped", 0), False),
        (Above("n", 0), True),
        (Above("n", 1), False),
        (Above("a", 0), False),
        (Above("skipped", 0), False),
        (Above("open", 0), None),
        (ALWAYS, True),
        (All((YES, OPEN)), None),
        (All((NO, OPEN)), False),
        (AnyOf((NO, OPEN)), None),
        (AnyOf((YES, OPEN)), True),
        (AnyOf((NO, NO)), False),
    ],
)
def test_a_condition_holds_does_not_or_is_still_open(condition, expected):
    assert condition.holds(KNOWN) is expected


def test_the_browser_gets_the_same_condition():
    assert All((AnyOf((Is("a", 1), Above("b", 2))), ALWAYS)).as_json() == {
        "all": [{"any": [{"item": "a", "is": 1}, {"item": "b", "above": 2}]}, {"all": []}]
    }
