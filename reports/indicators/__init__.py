"""The indicators, each defined once, in the order of the reports."""

from reports.indicators.clients import AFTERCARE_CLIENTS, CLIENTS_REHABILITATED, TAT_CLIENTS
from reports.indicators.declared import (
    BUDGET_ABSORPTION,
    IBM_CLIENTS,
    IBM_UNITS,
    IKR,
    INSTITUTIONS_OPERATIONAL,
    INSTITUTIONS_SNI,
    SIL_CLIENTS,
    TRAINED_STAFF,
)
from reports.indicators.definition import Breakdown, Consolidation, Indicator, MemberKind, Rules
from reports.indicators.institutions import AFTERCARE_FACILITIES, INSTITUTIONS_STRENGTHENED
from reports.indicators.life import QUALITY_OF_LIFE
from reports.indicators.relapse import NOT_RELAPSED
from reports.indicators.satisfaction import IKM

REGISTRY: dict[str, Indicator] = {
    indicator.key: indicator
    for indicator in (
        CLIENTS_REHABILITATED,
        TAT_CLIENTS,
        AFTERCARE_CLIENTS,
        NOT_RELAPSED,
        INSTITUTIONS_STRENGTHENED,
        INSTITUTIONS_OPERATIONAL,
        AFTERCARE_FACILITIES,
        IBM_UNITS,
        IBM_CLIENTS,
        SIL_CLIENTS,
        QUALITY_OF_LIFE,
        IKM,
        IKR,
        INSTITUTIONS_SNI,
        TRAINED_STAFF,
        BUDGET_ABSORPTION,
    )
}
COUNTED: tuple[Indicator, ...] = tuple(indicator for indicator in REGISTRY.values() if indicator.is_counted)

__all__ = ["COUNTED", "REGISTRY", "Breakdown", "Consolidation", "Indicator", "MemberKind", "Rules"]
