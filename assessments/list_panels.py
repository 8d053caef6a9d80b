"""What assessments offer the list of clients: the latest result as a column."""

from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.instruments import registry
from assessments.models import Assessment, AssessmentScore
from assessments.queries import ScoreLine, score_line
from facilities.access import facility_ids
from rehab import panels
from rehab.models import User
from rehab.roles import Permission

READERS = frozenset({Permission.SEE_CLINICAL, Permission.SEE_CLINICAL_SUMMARY})


def latest_results(user: User, clients: list[Any]) -> dict[int, str]:
    """{client.pk: the latest completed instrument, its day and its gravest band}, of facilities where the person may read
    results. One query for a whole list."""
    scores = AssessmentScore.objects.filter(assessment=OuterRef("pk")).exclude(band="").order_by()
    rows = Assessment.objects.completed().filter(
        client__in=[client.pk for client in clients], facility__in=facility_ids(user, *READERS)
    )
    rows = rows.order_by("client_id", "-administered_on", "-pk").distinct("client_id")
    rows = rows.annotate(held=ArraySubquery(scores.values(told=JSONObject(scale="scale", value="value", band="band"))))
    words = _Words()
    return {
        client: words.told(key, on, held)
        for client, key, on, held in rows.values_list("client_id", "instrument", "administered_on", "held")
    }


class _Words:
    """The words of titles and bands, each found once for a whole list."""

    def __init__(self) -> None:
        self.titles: dict[str, str] = {}
        self.lines: dict[tuple[str, str, str], ScoreLine | None] = {}

    def told(self, key: str, on: date, held: list[dict[str, Any]]) -> str:
        if key not in self.titles:
            self.titles[key] = gettext(registry.get(key).title)
        graded = [(line, row["value"] or 0) for row in held if (line := self.line(key, row["scale"], row["band"]))]
        head = f"{self.titles[key]} {on:%d-%m-%Y}"
        if not graded:
            return head
        top, _value = max(graded, key=lambda each: (each[0].rank, each[1]))
        return f"{head}: {top.title}, {top.band_title}"

    def line(self, key: str, code: str, band: str) -> ScoreLine | None:
        place = (key, code, band)
        if place not in self.lines:
            instrument = registry.get(key)
            scale = next((each for each in instrument.scales if each.code == code), None)
            self.lines[place] = score_line(instrument, scale, None, band) if scale else None
        return self.lines[place]


panels.add_column(panels.ListColumn("score", _("Last result"), latest_results, READERS))
