"""Plausible ASSIST answers: the main substance heavy, tobacco often, alcohol sometimes, the rest never."""

from random import Random

from clients.enums import Substance
from reports.invented.codes import LETTER_OF

_FREQUENCY = ("never", "once_twice", "monthly", "weekly", "daily")
_CONCERN = ("never", "past3m", "before")


def assist_answers(random: Random, substance: Substance) -> dict[str, object]:
    main = LETTER_OF[substance]
    used = {main} | ({"a"} if random.random() < 0.8 else set()) | ({"b"} if random.random() < 0.4 else set())
    answers: dict[str, object] = {f"q1_{letter}": letter in used for letter in "abcdefghij"}
    for letter in sorted(used):
        heavy = letter == main
        answers |= _of_substance(random, letter, heavy)
    injects = substance == Substance.OPIOIDS and random.random() < 0.6
    answers["q8"] = "past3m" if injects else "never"
    if injects:
        answers["q8_pattern"] = random.choice(["infrequent", "frequent"])
    if "j" in used:
        answers["q1_j_text"] = "zat contoh"
    return answers


def _of_substance(random: Random, letter: str, heavy: bool) -> dict[str, object]:
    often = random.choice(_FREQUENCY[3:] if heavy else _FREQUENCY[:4])
    answers: dict[str, object] = {f"q2_{letter}": often}
    if often != "never":
        for question in ("q3", "q4") if letter == "a" else ("q3", "q4", "q5"):
            answers[f"{question}_{letter}"] = random.choice(_FREQUENCY[2:] if heavy else _FREQUENCY[:3])
    for question in ("q6", "q7"):
        answers[f"{question}_{letter}"] = random.choice(_CONCERN[1:] if heavy else _CONCERN)
    return answers
