"""In which words an instrument is asked: the official ones where they are loaded, else our own short labels."""

from django.utils.translation import get_language

from assessments.instruments import Answers, Instrument, read, registry
from assessments.instruments.wording import worded
from assessments.models import Assessment, TextSet


def text_version(instrument: Instrument) -> str:
    """The version of the official text with which a new assessment begins; empty where there is none. One query."""
    sets = TextSet.objects.in_force().filter(instrument=instrument.key, instrument_version=instrument.version)
    return sets.order_by("-loaded_at", "-id").values_list("version", flat=True).first() or ""


def instrument_of(assessment: Assessment) -> Instrument:
    """The instrument in the words of the assessment, in the language of the page where that is loaded.

    One query at most, and none for who asks again of the same object.
    """
    instrument = registry.get(assessment.instrument)
    if not assessment.text_version:
        return instrument
    language = get_language() or ""
    known = assessment.__dict__.setdefault("_instruments", {})
    if language not in known:
        known[language] = _worded(assessment, instrument, language)
    return known[language]


def _worded(assessment: Assessment, instrument: Instrument, language: str) -> Instrument:
    sets = TextSet.objects.filter(instrument=assessment.instrument, version=assessment.text_version)
    by_language = dict(sets.order_by("id").values_list("language", "texts"))
    texts: dict[str, str] = by_language.get(language) or next(iter(by_language.values()), {})
    return worded(instrument, texts)


def worded_answers(assessment: Assessment) -> Answers:
    """The answers, with the instrument in its words."""
    return read(instrument_of(assessment), assessment.answers, draft=True)
