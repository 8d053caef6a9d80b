"""Why a member came or went: since when it is recorded, and where it counts now, from history and today's rows."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.apps import apps
from django.db.models import Min

from facilities.models import Facility
from rehab.periods import FIRST_YEAR, LAST_YEAR, Kind, Period
from reports.indicators import Indicator, Rules
from reports.indicators.definition import ON, UNIT

ALWAYS = Period(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 1, 1), Kind.SPAN)


@dataclass(frozen=True)
class Elsewhere:
    """Where a member that is gone from a figure counts now."""

    on: date
    unit: int


def codes(source: str, indicator: Indicator, ids: Collection[int]) -> dict[int, str]:
    """Codes of members by their id, from their rows, where these still stand. One query."""
    model = apps.get_model(source)
    path = "code" if model is Facility else indicator.code_path
    if not ids or not path:
        return {}
    return dict(model._default_manager.filter(pk__in=ids).values_list("pk", path))


def recorded(source: str, indicator: Indicator, ids: Collection[int]) -> dict[tuple[int, date], datetime]:
    """By id and date: since when the row has that date to count by, from its history; nothing for rows that came in
    without one. One query at most."""
    history = getattr(apps.get_model(source), "pgh_event_model", None) if ids else None
    if history is None or indicator.date_field not in {field.name for field in history._meta.get_fields()}:
        return {}
    told = history.objects.filter(pgh_obj_id__in=ids, **{f"{indicator.date_field}__isnull": False}).order_by()
    since = told.values_list("pgh_obj_id", indicator.date_field).annotate(since=Min("pgh_created_at"))
    return {(pk, on): moment for pk, on, moment in since}


def elsewhere(indicator: Indicator, ids: Collection[int], in_force: Rules) -> dict[int, Elsewhere]:
    """Where members of events count now: on another day or for another unit; nothing for those that count nowhere.
    One query at most."""
    if not ids or indicator.is_state or indicator.source_path != "pk":
        return {}
    found = indicator.members(None, ALWAYS, in_force).filter(pk__in=ids)
    return {pk: Elsewhere(on, unit) for pk, on, unit in found.order_by().values_list("pk", ON, UNIT)}
