"""Who sits in the teams of a TAT case, and which documents of the request have come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.actions.tat_steps import clean, hold, keep, note
from assessments.enums import TEAM_OF, TatAgency, TatPaper, TatPaperState, TatTeam
from assessments.models import TatCase, TatDocument, TatMember
from assessments.queries.results import EARLIEST
from assessments.queries.tat import RECORDS, candidates
from assessments.tat_lifecycle import PREPARING
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User


@dataclass(frozen=True)
class Paper:
    """One line of the checklist as typed; `state` is a code of TatPaperState."""

    state: str = TatPaperState.MISSING
    number: str = ""
    dated: date | None = None


class StalePapers(Refused):
    """Somebody else recorded the same lines otherwise; nothing has been written. `current` are all lines as they stand."""

    current: dict[str, Paper]


@action
def assign(*, by: User, case: TatCase, user: User, agency: str) -> TatMember:
    """A person joins the team of the agency. Raises Refused for people without the post for it, and once a plenary was held."""
    held = _preparing(case)
    team = TEAM_OF[TatAgency(agency)]
    if not candidates(held.unit, team, held.unit.local_date()).filter(pk=user.pk).exists():
        raise Refused(_("This person has no post for this team."), field="user")
    member = TatMember.objects.create(
        case=held, user=user, team=team, agency=agency, assigned_by=by, assigned_at=timezone.now()
    )
    note("tat.assigned", by, held, user=user.pk, team=team.value)
    return member


@action
def take_off(*, by: User, member: TatMember) -> TatMember:
    """The person loses the case. Raises Refused once they have signed a record of it."""
    case = _preparing(member.case)
    found = TatMember.objects.select_for_update().get(pk=member.pk)
    if found.ended_at:
        raise Refused(_("This person is not in the team any more."), code="moved")
    if RECORDS[TatTeam(found.team)].objects.filter(case=case, signed_by=found.user_id).exists():
        raise Refused(_("This person has signed the record of the team, and stays."))
    found.ended_at = timezone.now()
    found.save(update_fields=["ended_at"])
    note("tat.taken_off", by, case, user=found.user_id, team=found.team)
    return found


def papers(case: TatCase) -> dict[str, Paper]:
    """All eight lines as they stand; one query."""
    found = {row.kind: Paper(row.state, row.number, row.dated) for row in case.documents.all()}
    return {kind: found.get(kind, Paper()) for kind in TatPaper.values}


@action
def record_papers(*, by: User, case: TatCase, typed: Mapping[str, Paper], was: Mapping[str, Paper]) -> list[str]:
    """Write the lines that differ from those the form was opened with (`was`); returns their kinds.

    Raises StalePapers where somebody else changed one of these lines meanwhile, Refused for days that cannot be.
    """
    held = _preparing(case)
    now = papers(held)
    changed = [kind for kind in TatPaper.values if kind in typed and typed[kind] != was.get(kind, Paper())]
    changed = [kind for kind in changed if typed[kind] != now[kind]]
    if any(now[kind] != was.get(kind, Paper()) for kind in changed):
        stale = StalePapers(_("A colleague recorded documents of this case meanwhile."), code="stale")
        stale.current = now
        raise stale
    today = held.unit.local_date()
    for kind in changed:
        _check(kind, typed[kind], today)
    for kind in changed:
        line = typed[kind]
        facts: dict[str, object] = {"state": line.state, "number": clean(line.number), "dated": line.dated}
        facts |= {"recorded_by": by, "recorded_at": timezone.now()}
        TatDocument.objects.update_or_create(case=held, kind=kind, defaults=facts)
    if changed:
        keep(held)
        note("tat.papers", by, held, papers={kind: str(typed[kind].state) for kind in changed})
    return changed


def _check(kind: str, line: Paper, today: date) -> None:
    if line.state not in TatPaperState.values:
        raise Refused(_("Choose one of the states."), field=f"state_{kind}")
    if line.dated and line.dated > today:
        raise Refused(_("The day lies in the future."), field=f"dated_{kind}")
    if line.dated and line.dated < EARLIEST:
        raise Refused(_("The day lies too far back. Check the year."), field=f"dated_{kind}")


def _preparing(case: TatCase) -> TatCase:
    held = hold(case)
    if held.status not in PREPARING:
        raise Refused(
            _("The case is %(status)s by now; somebody was quicker."),
            params={"status": held.get_status_display()},
            code="moved",
        )
    return held
