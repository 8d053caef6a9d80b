"""A report's lifecycle as data: status → next statuses, and the permission each step needs (None: Titian itself). Pure."""

from dataclasses import dataclass

from rehab.roles import Permission
from reports.enums import ReportStatus as S


@dataclass(frozen=True)
class Step:
    to: S
    permission: Permission | None = None


BUILD, SEAL = Permission.BUILD_REPORTS, Permission.SEAL_REPORTS

STEPS: dict[S, tuple[Step, ...]] = {
    S.ASKED: (Step(S.BUILDING), Step(S.FAILED)),
    S.BUILDING: (Step(S.READY), Step(S.ASKED), Step(S.FAILED)),
    S.READY: (Step(S.SUBMITTED, BUILD), Step(S.ASKED, BUILD)),
    S.SUBMITTED: (Step(S.APPROVED, SEAL), Step(S.RETURNED, SEAL)),
    S.RETURNED: (Step(S.SUBMITTED, BUILD), Step(S.ASKED, BUILD)),
    # What is found between the approval and the seal goes back as well: a seal is for good.
    S.APPROVED: (Step(S.SEALED, SEAL), Step(S.RETURNED, SEAL)),
    S.FAILED: (Step(S.ASKED, BUILD),),
    S.SEALED: (),
}

# While the report is with those who build it: obstacles and follow-ups can be typed.
WITH_THE_BUILDER = frozenset({S.READY, S.RETURNED})


def step(status: str, to: str) -> Step | None:
    return next((found for found in STEPS[S(status)] if found.to == to), None)


def asked_of_people(status: str) -> tuple[Step, ...]:
    """The steps that a person takes, for the buttons."""
    return tuple(found for found in STEPS[S(status)] if found.permission)


def takes_notes(status: str) -> bool:
    return status in WITH_THE_BUILDER
