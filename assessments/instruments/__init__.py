"""Instruments: declared data and pure scoring. No Django here, so that a score can be computed anywhere.

instrument = registry.get("assist")
answers = read(instrument, {"q1_a": True, …})       # AnswerError names the item
answers.visible_items(), answers.unanswered(), answers.progress(), answers.ignored
score(instrument, {...}).scores["a"].band
as_json(instrument, gettext)                        # for the browser
"""

from assessments.instruments import registry
from assessments.instruments.answers import AnswerError, Answers, Progress, State, from_form, read
from assessments.instruments.browser import as_json
from assessments.instruments.framework import Instrument
from assessments.instruments.scoring import Result, Score, score, score_answers

__all__ = [
    "AnswerError",
    "Answers",
    "Instrument",
    "Progress",
    "Result",
    "Score",
    "State",
    "as_json",
    "from_form",
    "read",
    "registry",
    "score",
    "score_answers",
]
