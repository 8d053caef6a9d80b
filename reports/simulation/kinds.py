"""What kinds of facilities the nation has, whom they serve, and how."""

from dataclasses import dataclass

from clients.enums import Admission as A
from clients.enums import Setting
from facilities.enums import FacilityKind as K
from facilities.enums import Owner, Ownership, Service

Weights = tuple[tuple[str, float], ...]

_VOLUNTARY: Weights = (
    (A.VOLUNTARY, 50), (A.MANDATORY_REPORT, 22), (A.COMMUNITY, 6), (A.TAT, 9), (A.RAID, 4), (A.INVESTIGATOR, 4),
    (A.PROSECUTOR, 1), (A.COURT, 2), (A.TRANSFER, 2),
)  # fmt: skip
_CENTRE: Weights = ((A.VOLUNTARY, 55), (A.TAT, 18), (A.COURT, 12), (A.INVESTIGATOR, 6), (A.RAID, 4), (A.TRANSFER, 5))
_COMMUNITY: Weights = ((A.VOLUNTARY, 68), (A.MANDATORY_REPORT, 12), (A.COMMUNITY, 12), (A.TAT, 4), (A.TRANSFER, 4))
_INMATE: Weights = ((A.PRISON, 93), (A.COURT, 7))
_PROBATION: Weights = ((A.PROBATION, 96), (A.COURT, 4))

_OUT: Weights = ((Setting.OUTPATIENT, 100),)
_IN: Weights = ((Setting.INPATIENT, 100),)
_MOSTLY_IN: Weights = ((Setting.INPATIENT, 75), (Setting.OUTPATIENT, 18), (Setting.COMMUNITY, 7))
_MOSTLY_OUT: Weights = ((Setting.OUTPATIENT, 88), (Setting.INPATIENT, 12))
_NEAR: Weights = ((Setting.OUTPATIENT, 92), (Setting.COMMUNITY, 8))
_PRISON: Weights = ((Setting.IN_PRISON, 95), (Setting.OUTPATIENT, 5))


@dataclass(frozen=True)
class KindRule:
    """`share` of all facilities, `size` against others, `word` in the name, `centres` are supervised by BNN itself."""

    share: float
    size: float
    word: str
    owner: Owner
    doors: Weights
    settings: Weights
    age: tuple[int, int] = (29, 8)
    centre: bool = False
    ipwl: float = 0.0

    @property
    def ownership(self) -> Ownership:
        return Ownership.COMMUNITY if self.owner in {Owner.COMMUNITY, Owner.PRIVATE} else Ownership.GOVERNMENT

    @property
    def services(self) -> list[str]:
        wards: dict[str, Service] = {Setting.INPATIENT: Service.INPATIENT, Setting.OUTPATIENT: Service.OUTPATIENT}
        return [Service.COUNSELLING.value, *(wards[name].value for name, _ in self.settings if name in wards)]


KINDS: dict[K, KindRule] = {
    K.BALAI_BESAR: KindRule(1, 30, "Balai Besar Rehabilitasi", Owner.BNN, _CENTRE, _IN, centre=True, ipwl=1),
    K.BALAI: KindRule(3, 18, "Balai Rehabilitasi", Owner.BNN, _CENTRE, _IN, centre=True, ipwl=1),
    K.LOKA: KindRule(5, 10, "Loka Rehabilitasi", Owner.BNN, _CENTRE, _IN, centre=True, ipwl=1),
    K.KLINIK_PRATAMA: KindRule(138, 5, "Klinik Pratama", Owner.BNN, _VOLUNTARY, _OUT, ipwl=0.9),
    K.RUMAH_DAMPING: KindRule(12, 0.5, "Rumah Damping", Owner.BNN, _COMMUNITY, ((Setting.COMMUNITY, 100),)),
    K.KEMENSOS_CENTRE: KindRule(18, 7, "Sentra", Owner.KEMENSOS, _CENTRE, _IN, ipwl=0.8),
    K.PUSKESMAS: KindRule(118, 1, "Puskesmas", Owner.LOCAL_GOVERNMENT, _VOLUNTARY, _NEAR, ipwl=0.6),
    K.RSUD: KindRule(58, 1.5, "RSUD", Owner.LOCAL_GOVERNMENT, _VOLUNTARY, _MOSTLY_OUT, ipwl=0.6),
    K.RSJ: KindRule(20, 4, "RSJ", Owner.LOCAL_GOVERNMENT, _VOLUNTARY, _MOSTLY_OUT, ipwl=0.8),
    K.RSKO: KindRule(2, 10, "RSKO", Owner.KEMENKES, _VOLUNTARY, _MOSTLY_OUT, ipwl=1),
    K.PRIVATE_HOSPITAL: KindRule(8, 1, "RS", Owner.PRIVATE, _COMMUNITY, _MOSTLY_OUT, ipwl=0.3),
    K.LAPAS: KindRule(52, 7, "Lapas", Owner.PEMASYARAKATAN, _INMATE, _PRISON),
    K.RUTAN: KindRule(28, 4, "Rutan", Owner.PEMASYARAKATAN, _INMATE, _PRISON),
    K.LPKA: KindRule(14, 2, "LPKA", Owner.PEMASYARAKATAN, _INMATE, _PRISON, age=(16, 1)),
    K.BAPAS: KindRule(23, 1.5, "Bapas", Owner.PEMASYARAKATAN, _PROBATION, _NEAR),
    K.YAYASAN: KindRule(68, 3, "Yayasan", Owner.COMMUNITY, _COMMUNITY, _MOSTLY_IN, ipwl=0.7),
    K.PRIVATE_CLINIC: KindRule(18, 1, "Klinik", Owner.PRIVATE, _COMMUNITY, _OUT, ipwl=0.3),
    K.PESANTREN: KindRule(14, 1.5, "Pesantren", Owner.COMMUNITY, _COMMUNITY, _IN, age=(23, 6)),
}


def kinds_of(facilities: int) -> list[K]:
    """So many kinds in the nation's proportion, at least one of each: every 600 facilities hold the shares above."""
    whole = sum(rule.share for rule in KINDS.values())
    found = [kind for kind, rule in KINDS.items() for _ in range(max(1, round(rule.share * facilities / whole)))]
    while len(found) < facilities:
        found.append(K.PUSKESMAS)
    return found[:facilities]
