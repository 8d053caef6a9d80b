"""Indicators that have no counting yet: their figures come as published elsewhere (`ReportedFigure`)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from reports.indicators.definition import Consolidation, Indicator

C = Consolidation


def _declared(key: str, title: Any, measure: Any, by: Consolidation = C.SUM, places: int | None = None) -> Indicator:
    return Indicator(key=key, version=1, title=title, measure=measure, consolidation=by, places=places)


IBM_UNITS = _declared("ibm_units", _("Community intervention units (IBM) operational"), _("units"), C.LAST)
IBM_CLIENTS = _declared("ibm_clients", _("Clients of community intervention (IBM)"), _("people"))
SIL_CLIENTS = _declared("sil_clients", _("Clients of field screening (SIL)"), _("people"))
IKR = _declared("ikr", _("Capability index (IKR)"), _("index"), C.AVERAGE, 2)
INSTITUTIONS_OPERATIONAL = _declared(
    "institutions_operational", _("Institutions operational"), _("institutions"), C.LAST
)
INSTITUTIONS_SNI = _declared("institutions_sni", _("Institutions with SNI 8807"), _("institutions"), C.LAST)
TRAINED_STAFF = _declared("trained_staff", _("Technical staff trained"), _("people"))
BUDGET_ABSORPTION = _declared("budget_absorption_pct", _("Budget absorbed"), "%", C.RATIO, 2)
