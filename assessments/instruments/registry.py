"""Every instrument by its key."""

from assessments.instruments.asi import ASI
from assessments.instruments.assist import ASSIST
from assessments.instruments.audit import AUDIT
from assessments.instruments.bam import BAM
from assessments.instruments.dast10 import DAST10
from assessments.instruments.framework import Instrument
from assessments.instruments.socrates import SOCRATES
from assessments.instruments.srq20 import SRQ20
from assessments.instruments.urica import URICA
from assessments.instruments.wajib_lapor import WAJIB_LAPOR
from assessments.instruments.whoqol_bref import WHOQOL_BREF

INSTRUMENTS = {
    instrument.key: instrument
    for instrument in (ASSIST, DAST10, WAJIB_LAPOR, ASI, WHOQOL_BREF, URICA, SRQ20, AUDIT, SOCRATES, BAM)
}


def get(key: str) -> Instrument:
    """Raises KeyError for a key that no instrument has."""
    return INSTRUMENTS[key]


def all() -> tuple[Instrument, ...]:
    return tuple(INSTRUMENTS.values())
