"""The hash of a report: SHA-256 over its canonical JSON, by which anyone can tell that nothing was changed."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from reports.models import Report, ReportLine

_HEADER = (
    "id", "unit_id", "scope", "kind", "starts_on", "ends_on", "revision", "cut_off", "as_of", "header", "sealed_at",
    "sealed_by_id",
)  # fmt: skip
_LINE = (
    "position", "indicator", "definition_version", "title", "measure", "source", "source_note", "target", "realised",
    "numerator", "denominator", "in_period", "as_of", "places", "adds_up", "lower_is_better", "months", "breakdowns",
    "obstacle", "follow_up",
)  # fmt: skip
# Came later: told where they are known, so that the hash of a report from before they were kept still holds.
_LINE_SINCE = ("last_target", "last_year", "ceiling", "spent")
_MEMBER = ("source", "source_id", "person_id", "facility_id", "counted_on", "values")


def digest(report: Report) -> str:
    """64 hexadecimal digits over the header, the lines in order and the members by line, source and id."""
    found = hashlib.sha256()
    for piece in _pieces(report):
        found.update(canonical(piece) + b"\n")
    return found.hexdigest()


def canonical(piece: Any) -> bytes:
    """JSON with sorted names and no spaces; days, moments and decimals as their text."""
    return json.dumps(piece, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str).encode()


def _pieces(report: Report) -> Iterator[dict[str, Any]]:
    yield {name: getattr(report, name) for name in _HEADER}
    lines = list(ReportLine.objects.filter(report=report).order_by("position").values(*_LINE, *_LINE_SINCE))
    for line in lines:
        yield {name: value for name, value in line.items() if name not in _LINE_SINCE or value is not None}
    for line in lines:
        if line["source"] == "counted":
            members = report.counted_members(line["indicator"]).order_by("source", "source_id")
            for member in members.values(*_MEMBER).iterator(chunk_size=2000):
                yield {"line__position": line["position"], **member}
