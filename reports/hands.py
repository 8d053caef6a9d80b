"""In whose hands a report is: the way it has come, and what this person may do with it next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from facilities.access import can
from rehab.models import User
from rehab.roles import Permission
from reports.enums import ReportStatus as S
from reports.lifecycle import step, takes_notes
from reports.models import Report, ReportStep

BUILD, SEAL = Permission.BUILD_REPORTS, Permission.SEAL_REPORTS


@dataclass(frozen=True)
class Stop:
    """One stop on a report's way. `who` is empty for Titian itself."""

    status: S
    who: str
    at: datetime
    comment: str = ""

    @property
    def label(self) -> Any:
        return self.status.label


@dataclass(frozen=True)
class Hand:
    """`main` is the one next step of this person, `others` what may be done besides; `waits` says for whom it waits where
    there is no main step."""

    main: S | None = None
    others: tuple[S, ...] = ()
    waits: str = ""
    may_type: bool = False
    may_rebuild: bool = False


def way(report: Report, steps: Iterable[ReportStep]) -> list[Stop]:
    """From the counting to the last step, in order; `steps` with `taken_by`."""
    stops = [
        Stop(S(each.status), each.taken_by.name if each.taken_by else "", each.taken_at, each.comment) for each in steps
    ]
    if report.cut_off:
        stops.append(Stop(S.READY, "", report.cut_off))
    return sorted(stops, key=lambda stop: stop.at)


def to_mend(report: Report, steps: Sequence[ReportStep]) -> ReportStep | None:
    """The step that sent it back, as long as it is with its builders."""
    last = steps[-1] if steps else None
    return last if last and last.status == S.RETURNED and takes_notes(report.status) else None


def hand(user: User, report: Report, steps: Iterable[ReportStep]) -> Hand:
    """What the report's page offers to this person. Scopes are computed once a request, so this asks the database nothing."""
    builds, seals = can(user, BUILD, report.unit), can(user, SEAL, report.unit)
    typing = builds and takes_notes(report.status)
    again = builds and step(report.status, S.ASKED) is not None
    if takes_notes(report.status):
        return _with_the_builders(builds, seals, typing, again)
    if report.status == S.SUBMITTED:
        return _submitted(user, seals, steps)
    if report.status == S.APPROVED and seals:
        return Hand(S.SEALED, (S.RETURNED,))
    if report.status == S.APPROVED:
        return Hand(waits=_("Waits to be sealed by the signatory"))
    return Hand(may_rebuild=again)


def _with_the_builders(builds: bool, seals: bool, typing: bool, again: bool) -> Hand:
    if builds and not seals:
        return Hand(S.SUBMITTED, may_type=typing, may_rebuild=again)
    others = (S.SUBMITTED,) if builds else ()
    return Hand(None, others, _("Waits to be submitted by the unit's staff"), typing, again)


def _submitted(user: User, seals: bool, steps: Iterable[ReportStep]) -> Hand:
    if not seals:
        return Hand(waits=_("Waits for the signatory's approval"))
    submitters = [each.taken_by_id for each in steps if each.status == S.SUBMITTED]
    if submitters and submitters[-1] == user.pk:
        return Hand(
            None, (S.RETURNED,), _("You submitted it yourself: another signatory, of this unit or above, approves it")
        )
    return Hand(S.APPROVED, (S.RETURNED,))
