"""The ministry's form: a record with alerts and without scores, whose codes are nobody else's."""

import pytest

from assessments.instruments import AnswerError, read, registry, score

FORM = registry.get("wajib_lapor")


def test_it_has_no_scores():
    assert score(FORM, {"d2_days": 30, "p1_30": True}).as_json() == {
        "instrument": "wajib_lapor",
        "version": "2015",
        "scores": {},
        "alerts": [],
        "ignored": [],
    }


@pytest.mark.parametrize("item", ["p6_30", "p6_life", "p7_30", "p7_life"])
def test_thoughts_of_suicide_or_an_attempt_raise_an_alert_whenever_they_were(item):
    assert score(FORM, {item: True}).alerts == ("self_harm",)
    assert score(FORM, {item: False}).alerts == ()


def test_no_code_is_shared_with_the_asi_where_the_same_letter_means_another_drug():
    asi = registry.get("asi")
    assert set(FORM.items) & set(asi.items) == set()
    assert (FORM.items["d2_days"].label, asi.items["d3"].label) == ("Heroin", "Heroin")


def test_what_was_never_used_is_not_asked_further():
    answers = read(FORM, {"d2_ever": False, "d2_days": 3, "d8_ever": True, "d8_days": 12})
    assert answers.ignored == ("d2_days",)
    visible = {item.code for item in answers.visible_items()}
    assert {"d8_days", "d8_years", "d8_route"} <= visible
    assert not {"d2_days", "d2_years", "d2_route"} & visible


def test_a_way_of_use_is_asked_by_the_number_of_the_form():
    assert [choice.code for choice in FORM.items["d1_route"].choices] == [1, 2, 3, 4, 5]
    with pytest.raises(AnswerError, match="d1_route: unknown option 6"):
        read(FORM, {"d1_route": 6})
    with pytest.raises(AnswerError, match="d1_days: 31 is not between 0 and 30"):
        read(FORM, {"d1_days": 31})


def test_six_areas_have_a_severity_from_0_to_9():
    severities = [code for code in FORM.items if code.startswith("s_")]
    assert severities == ["s_medical", "s_employment", "s_drug", "s_legal", "s_family", "s_psychiatric"]
    with pytest.raises(AnswerError, match="s_legal: 10 is not between 0 and 9"):
        read(FORM, {"s_legal": 10})


def test_fourteen_offences_are_counted_only_after_an_arrest():
    offences = [code for code in FORM.items if code.endswith("_times")]
    assert len(offences) == 14
    answers = read(FORM, {"l_any": False, "l3_times": 2})
    assert answers.ignored == ("l3_times",)
