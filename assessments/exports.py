"""What stands on the feedback sheet of a completed assessment. The paper is in Indonesian, whatever the screen speaks."""

from collections.abc import Iterable

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from assessments.instruments import Instrument, registry
from assessments.instruments.framework import Band, Scale
from assessments.models import Assessment
from assessments.paper import Band as PaperBand
from assessments.paper import FeedbackData, ScaleResult
from assessments.queries import ScoreLine, qualification_flag, result_of

# Two bands more than this are steps of a ranking (deciles), not levels to explain.
MOST_BANDS = 5


def feedback_data(assessment: Assessment) -> FeedbackData:
    """The sheet without the client's name."""
    with translation.override("id"):
        return _feedback_data(assessment)


def _feedback_data(assessment: Assessment) -> FeedbackData:
    instrument = registry.get(assessment.instrument)
    facility = assessment.facility
    result = result_of(assessment)
    return {
        "demo": settings.DEMO,
        "letterhead": {"lines": [str(facility.unit), facility.name], "address": facility.address},
        "instrument": gettext(instrument.title),
        "facility": facility.name,
        "client_code": assessment.client.code,
        "client_name": "",
        "assessed": assessment.administered_on,
        "place": facility.region.name.removeprefix("Kota ").removeprefix("Kabupaten "),
        "assessor": assessment.completed_by.name if assessment.completed_by else "",
        "assessor_position": gettext("Assessor"),
        "intro": gettext("Thank you for answering. This sheet shows what your answers came to. It is yours."),
        "scales": [_scale(instrument, line) for line in result.lines],
        "bands": list(_bands(instrument)),
        "advice": result.advice,
        "closing": gettext("Talk about this sheet with your counselor. Change is possible at every level."),
        "hash": "",
        "note": qualification_flag(assessment),
    }


def _scale(instrument: Instrument, line: ScoreLine) -> ScaleResult:
    bands = [band.code for band in instrument.scale(line.scale).bands]
    return {
        "label": line.title,
        "score": line.shown,
        "band": line.band_title,
        "level": bands.index(line.band) if line.band in bands else None,
        "levels": len(bands) if len(bands) <= MOST_BANDS else 0,
        "meaning": meaning(line.band),
        "advice": line.advice,
    }


def meaning(band: str) -> str:
    """What a level means to the client; empty for levels that speak for themselves."""
    return {
        "low": gettext("Your present pattern of use brings a low risk to health."),
        "moderate": gettext("Your present pattern of use brings a risk to health and other problems."),
        "high": gettext("Your present pattern of use brings a high risk: dependence is likely."),
    }.get(band, "")


def _bands(instrument: Instrument) -> Iterable[PaperBand]:
    """How to read the scores, once for each distinct set of limits."""
    seen: dict[tuple, list[Scale]] = {}
    for scale in instrument.scales:
        limits = tuple((band.code, band.lower) for band in scale.bands)
        if limits and len(limits) <= MOST_BANDS:
            seen.setdefault(limits, []).append(scale)
    for scales in seen.values():
        bands = scales[0].bands
        which = gettext(scales[0].title) if len(seen) > 1 and len(scales) == 1 else ""
        for band, above in zip(bands, [*bands[1:], None], strict=True):
            yield {
                "name": f"{which}: {gettext(band.title)}" if which else gettext(band.title),
                "range": _range(band, above),
                "meaning": gettext(band.advice) if band.advice else "",
            }


def _range(band: Band, above: Band | None) -> str:
    if isinstance(band.lower, str):
        return ""
    if above is None or isinstance(above.lower, str):
        return gettext("%(lower)s and above") % {"lower": band.lower}
    return f"{band.lower}–{above.lower - 1}"
