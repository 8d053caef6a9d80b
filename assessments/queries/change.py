"""The first of an instrument against the latest: what changed on each scale, and whether that is for the better."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext

from assessments.instruments import Instrument, registry
from assessments.instruments.framework import Better, Scale
from assessments.instruments.ranges import bounds
from assessments.models import Assessment
from assessments.queries.results import result_of, shown, title_of
from rehab.numbers import NOTHING

BETTER, WORSE, SAME, OTHER = "better", "worse", "same", "other"
_TONES = {BETTER: "reached", WORSE: "attention"}


@dataclass(frozen=True)
class ScaleChange:
    """One scale at two moments. `verdict` is better, worse, same, or other where the scale has no better end.

    `x_first` and `x_latest` are its places on a line from 0 to 100, from the lowest to the highest that the scale can be.
    """

    title: str
    first: str
    latest: str
    difference: str
    first_band: str
    latest_band: str
    verdict: str
    x_first: str
    x_latest: str
    low: str
    high: str

    @property
    def word(self) -> str:
        return {
            BETTER: gettext("better"),
            WORSE: gettext("worse"),
            SAME: gettext("unchanged"),
            OTHER: gettext("changed"),
        }[self.verdict]

    @property
    def tone(self) -> str:
        return _TONES.get(self.verdict, "")

    @property
    def bands(self) -> str:
        """The levels, where there are some: "Risiko tinggi → Risiko rendah", or the one in which it stayed."""
        if not self.first_band or self.first_band == self.latest_band:
            return self.latest_band
        return f"{self.first_band} → {self.latest_band}"


@dataclass(frozen=True)
class Change:
    """An instrument administered at least twice in one way: `first` against `latest`, scale by scale."""

    key: str
    title: str
    first: Assessment
    latest: Assessment
    rows: list[ScaleChange]

    @property
    def summary(self) -> str:
        """How many scales went which way, in one line."""
        count = {verdict: sum(row.verdict == verdict for row in self.rows) for verdict in (BETTER, WORSE, SAME)}
        told = [
            gettext("%(count)s better") % {"count": count[BETTER]} if count[BETTER] else "",
            gettext("%(count)s worse") % {"count": count[WORSE]} if count[WORSE] else "",
            gettext("%(count)s unchanged") % {"count": count[SAME]} if count[SAME] else "",
        ]
        return ", ".join(filter(None, told))


def changes(completed: Iterable[Assessment]) -> list[Change]:
    """Of completed assessments of one client, with scores: each instrument's first against its latest, in the latest way.

    Versions are not compared with each other. Latest first.
    """
    by_instrument: dict[tuple[str, str], list[Assessment]] = {}
    for row in sorted(completed, key=_moment):
        by_instrument.setdefault((row.instrument, row.version), []).append(row)
    found = []
    for rows in by_instrument.values():
        latest = rows[-1]
        first = next(row for row in rows if row.episode_id == latest.episode_id)
        if first is not latest and (change := change_between(first, latest)).rows:
            found.append(change)
    return sorted(found, key=lambda change: _moment(change.latest), reverse=True)


def change_shown_with(assessment: Assessment) -> Change | None:
    """For the page of one assessment: it against the first of its way, or, where it is the first, the latest against it."""
    others = Assessment.objects.completed().filter(
        client=assessment.client_id,
        episode=assessment.episode_id,
        instrument=assessment.instrument,
        version=assessment.version,
        facility=assessment.facility_id,
    )
    rows = sorted(others.prefetch_related("scores"), key=_moment)
    if len(rows) < 2 or assessment not in rows:
        return None
    this = rows[rows.index(assessment)]
    change = change_between(rows[0], rows[-1] if this == rows[0] else this)
    return change if change.rows else None


def change_between(first: Assessment, latest: Assessment) -> Change:
    """Scales that have a value at both moments."""
    instrument = registry.get(latest.instrument)
    before = {line.scale: line for line in result_of(first).lines}
    rows = [
        _row(instrument, instrument.scale(line.scale), before[line.scale], line)
        for line in result_of(latest).lines
        if line.value is not None and line.scale in before and before[line.scale].value is not None
    ]
    return Change(latest.instrument, title_of(latest), first, latest, rows)


def _row(instrument: Instrument, scale: Scale, before, after) -> ScaleChange:
    low, high = bounds(instrument, scale)
    difference = after.value - before.value
    sign = "+" if difference > 0 else "−" if difference < 0 else ""
    return ScaleChange(
        title=after.title,
        first=before.shown,
        latest=after.shown,
        difference=f"{sign}{shown(abs(difference))}" if difference else NOTHING,
        first_band=before.band_title,
        latest_band=after.band_title,
        verdict=verdict(scale, difference),
        x_first=_place(before.value, low, high),
        x_latest=_place(after.value, low, high),
        low=shown(low),
        high=shown(high),
    )


def verdict(scale: Scale, difference: Decimal) -> str:
    if not difference:
        return SAME
    if scale.better is Better.NEITHER:
        return OTHER
    return BETTER if (difference > 0) is (scale.better is Better.HIGHER) else WORSE


def _place(value: Decimal, low: Decimal, high: Decimal) -> str:
    """With a point, whatever the language: it stands in a drawing."""
    share = (value - low) / (high - low) if high > low else Decimal(0)
    return f"{min(max(float(share), 0.0), 1.0) * 100:.1f}"


def _moment(row: Assessment) -> tuple:
    return row.administered_on, row.pk
