"""A report's lifecycle as data: status → next statuses, and the permission each step needs (None: Titian itself). Pure."""

from dataclasses import dataclass

from rehab.roles import Permission
from reports.enums import ReportStatus as S


@dataclass(frozen=True)
class Step:
    to: S
    permission: Permission | None = None


STEPS: dict[S, tuple[Step, ...]] = {
    S.ASKED: (Step(S.BUILDING), Step(S.FAILED)),
    S.BUILDING: (Step(S.READY), Step(S.ASKED), Step(S.FAILED)),
    S.READY: (Step(S.ASKED, Permission.BUILD_REPORTS), Step(S.SEALED, Permission.SEAL_REPORTS)),
    S.FAILED: (Step(S.ASKED, Permission.BUILD_REPORTS),),
    S.SEALED: (),
}


def step(status: str, to: str) -> Step | None:
    return next((found for found in STEPS[S(status)] if found.to == to), None)


def asked_of_people(status: str) -> tuple[Step, ...]:
    """The steps that a person takes, for the buttons."""
    return tuple(found for found in STEPS[S(status)] if found.permission)
