"""Which diagnosis and way of use go with a main substance."""

from assessments.enums import IcdGroup, UseRoute
from clients.enums import Substance

ICD_OF = {
    Substance.ALCOHOL: IcdGroup.F10,
    Substance.OPIOIDS: IcdGroup.F11,
    Substance.CANNABIS: IcdGroup.F12,
    Substance.SEDATIVES: IcdGroup.F13,
    Substance.COCAINE: IcdGroup.F14,
    Substance.STIMULANTS: IcdGroup.F15,
    Substance.HALLUCINOGENS: IcdGroup.F16,
    Substance.TOBACCO: IcdGroup.F17,
    Substance.SOLVENTS: IcdGroup.F18,
    Substance.MULTIPLE: IcdGroup.F19,
}
ROUTE_OF = {
    Substance.OPIOIDS: UseRoute.INJECTED_IV,
    Substance.CANNABIS: UseRoute.SMOKED,
    Substance.STIMULANTS: UseRoute.SMOKED,
    Substance.SOLVENTS: UseRoute.NASAL,
    Substance.TOBACCO: UseRoute.SMOKED,
}
# ASSIST's letters: another list than that of ICD-10, so they are mapped and never merged.
LETTER_OF = {
    Substance.TOBACCO: "a",
    Substance.ALCOHOL: "b",
    Substance.CANNABIS: "c",
    Substance.COCAINE: "d",
    Substance.STIMULANTS: "e",
    Substance.SOLVENTS: "f",
    Substance.SEDATIVES: "g",
    Substance.HALLUCINOGENS: "h",
    Substance.OPIOIDS: "i",
    Substance.MULTIPLE: "j",
}
