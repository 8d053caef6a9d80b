"""What assessments offer the list of clients: the latest result as a column."""

from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.instruments import registry
from assessments.models import Assessment, AssessmentScore
from assessments.queries import ScoreLine, highest, score_line
from facilities.access import facility_ids
from rehab import panels
from rehab.models import User
from rehab.roles import Permission

READERS = frozenset({Permission.SEE_CLINICAL, Permission.SEE_CLINICAL_SUMMARY})


def latest_results(user: User, clients: list[Any]) -> dict[int, str]:
    """{client.pk: the latest completed instrument, its day and its gravest band}, of facilities where the person may read
    results. One query for a whole list."""
    scores = AssessmentScore.objects.filter(assessment=OuterRef("pk")).order_by()
    rows = Assessment.objects.completed().filter(
        client__in=[client.pk for client in clients], facility__in=facility_ids(user, *READERS)
    )
    rows = rows.order_by("client_id", "-administered_on", "-pk").distinct("client_id")
    rows = rows.annotate(held=ArraySubquery(scores.values(told=JSONObject(scale="scale", value="value", band="band"))))
    return {
        client: _told(key, on, held)
        for client, key, on, held in rows.values_list("client_id", "instrument", "administered_on", "held")
    }


def _told(key: str, on: Any, held: list[dict[str, Any]]) -> str:
    instrument = registry.get(key)
    stored = {row["scale"]: row for row in held}
    lines = [_line(instrument, scale, stored[scale.code]) for scale in instrument.scales if scale.code in stored]
    top = highest(lines)
    head = f"{gettext(instrument.title)} {on:%d-%m-%Y}"
    return f"{head}: {top.title}, {top.band_title}" if top else head


def _line(instrument: Any, scale: Any, row: dict[str, Any]) -> ScoreLine:
    value = None if row["value"] is None else Decimal(str(row["value"]))
    return score_line(instrument, scale, value, row["band"], asked=True)


panels.add_column(panels.ListColumn("score", _("Last result"), latest_results, READERS))
