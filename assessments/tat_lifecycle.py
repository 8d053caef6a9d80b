"""The lifecycle of a TAT case as data: status → next statuses, who takes each step, what must stand before. Pure."""

from collections.abc import Set
from dataclasses import dataclass
from enum import StrEnum

from assessments.enums import TatStatus as S
from rehab.roles import Permission

SECRETARIAT = frozenset({Permission.TAT_MANAGE})
TEAMS = frozenset({Permission.TAT_MEDICAL, Permission.TAT_LEGAL})


class Need(StrEnum):
    """What must stand before a step is taken."""

    REQUEST_LETTER = "request_letter"
    DOCUMENTS = "documents"
    MEDICAL_MEMBER = "medical_member"
    LEGAL_MEMBER = "legal_member"
    MEDICAL_RECORD = "medical_record"
    LEGAL_RECORD = "legal_record"


@dataclass(frozen=True)
class TatStep:
    """`permissions`: one of them is enough. `asks_reason`: a refusal or a return says why."""

    to: S
    permissions: frozenset[Permission] = SECRETARIAT
    needs: frozenset[Need] = frozenset()
    asks_reason: bool = False

    def missing(self, have: Set[Need]) -> list[Need]:
        return [need for need in Need if need in self.needs and need not in have]


_TEAMS_STAND = frozenset({Need.DOCUMENTS, Need.MEDICAL_MEMBER, Need.LEGAL_MEMBER})
_RECORDS_STAND = frozenset({Need.MEDICAL_RECORD, Need.LEGAL_RECORD})
_SCHEDULE = TatStep(S.SCHEDULED, needs=_TEAMS_STAND)
_RETURN = TatStep(S.REPAIR, asks_reason=True)
_REFUSE = TatStep(S.REFUSED, asks_reason=True)
_PLENARY = TatStep(S.PLENARY, needs=_RECORDS_STAND)

STEPS: dict[S, tuple[TatStep, ...]] = {
    S.DRAFT: (TatStep(S.SUBMITTED, needs=frozenset({Need.REQUEST_LETTER})), _REFUSE),
    S.SUBMITTED: (_SCHEDULE, _RETURN, _REFUSE),
    S.REPAIR: (TatStep(S.SUBMITTED, needs=frozenset({Need.DOCUMENTS})), _REFUSE),
    # Another day is another schedule; the first signed record of either team begins the assessment.
    S.SCHEDULED: (TatStep(S.ASSESSING, permissions=TEAMS), _SCHEDULE, _RETURN, _REFUSE),
    S.ASSESSING: (_PLENARY, _REFUSE),
    # Until the letter is out the minutes of the plenary may be mended.
    S.PLENARY: (TatStep(S.RESULT), _PLENARY),
    S.RESULT: (),
    S.REFUSED: (),
}


def step_to(status: str, to: str) -> TatStep | None:
    return next((step for step in STEPS[S(status)] if step.to == to), None)


def may_become(status: str, to: str) -> bool:
    return step_to(status, to) is not None


# While the teams work, signed records are replaced by new versions; from the plenary on they stay as they are.
RECORDING = frozenset({S.SCHEDULED, S.ASSESSING})
# Members and checklist are kept up to the plenary.
PREPARING = frozenset({S.DRAFT, S.SUBMITTED, S.REPAIR, S.SCHEDULED, S.ASSESSING})
