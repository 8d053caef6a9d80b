"""The lifecycles of an episode, a hand-over and a wait as data: status → next statuses, and what each step needs. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from clients.enums import EpisodeStatus as S
from clients.enums import HandoverStatus as H
from clients.enums import WaitingStatus as W
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


class Side(StrEnum):
    """Who takes a step of a hand-over."""

    SENDER = "sender"
    RECEIVER = "receiver"


@dataclass(frozen=True)
class HandoverStep:
    """`outside`: whether it is a step towards a place outside Titian (True), inside (False), or both (None)."""

    to: H
    side: Side
    permission: Permission
    outside: bool | None = None
    needs_reason: bool = False


HANDOVER_STEPS: dict[H, tuple[HandoverStep, ...]] = {
    H.OFFERED: (
        HandoverStep(H.RECEIVED, Side.RECEIVER, Permission.TREAT, outside=False),
        HandoverStep(H.LEFT, Side.SENDER, Permission.TREAT, outside=True),
        HandoverStep(H.DECLINED, Side.RECEIVER, Permission.TREAT, outside=False, needs_reason=True),
        # What a place outside Titian answers is written down by the sender.
        HandoverStep(H.DECLINED, Side.SENDER, Permission.TREAT, outside=True, needs_reason=True),
        HandoverStep(H.RECALLED, Side.SENDER, Permission.TREAT, needs_reason=True),
    ),
    H.RECEIVED: (HandoverStep(H.CONTACTED, Side.RECEIVER, Permission.TREAT, outside=False),),
    H.CONTACTED: (),
    H.LEFT: (),
    H.DECLINED: (),
    H.RECALLED: (),
}


def handover_steps(status: str, *, outside: bool) -> tuple[HandoverStep, ...]:
    """The steps that a hand-over of this kind may take from here, whoever takes them."""
    return tuple(step for step in HANDOVER_STEPS[H(status)] if step.outside in {None, outside})


# A wait is over once there is a place, or none is wanted any more.
WAIT_STEPS: dict[W, frozenset[W]] = {
    W.WAITING: frozenset({W.OFFERED, W.PLACED, W.WITHDRAWN}),
    W.OFFERED: frozenset({W.WAITING, W.PLACED, W.WITHDRAWN}),
    W.PLACED: frozenset(),
    W.WITHDRAWN: frozenset(),
}


def may_wait_become(status: str, to: str) -> bool:
    return to in WAIT_STEPS[W(status)]
