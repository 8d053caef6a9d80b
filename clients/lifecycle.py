"""The episode's lifecycle as data: status → next statuses, and the permission each step needs. Pure."""

from dataclasses import dataclass

from clients.enums import EpisodeStatus as S
from rehab.roles import Permission


@dataclass(frozen=True)
class Step:
    to: S
    permission: Permission


STEPS: dict[S, tuple[Step, ...]] = {
    S.REGISTERED: (
        Step(S.ASSESSED, Permission.ASSESS),
        Step(S.PLANNED, Permission.TREAT),
        Step(S.CLOSED, Permission.TREAT),
    ),
    S.ASSESSED: (Step(S.PLANNED, Permission.TREAT), Step(S.CLOSED, Permission.TREAT)),
    S.PLANNED: (
        Step(S.IN_TREATMENT, Permission.TREAT),
        Step(S.ASSESSED, Permission.TREAT),
        Step(S.REGISTERED, Permission.TREAT),
        Step(S.CLOSED, Permission.TREAT),
    ),
    S.IN_TREATMENT: (Step(S.PLANNED, Permission.TREAT), Step(S.CLOSED, Permission.TREAT)),
    S.CLOSED: (),
}


def may_become(status: str, to: str) -> bool:
    return any(step.to == to for step in STEPS[S(status)])


def next_steps(status: str) -> tuple[Step, ...]:
    return STEPS[S(status)]
