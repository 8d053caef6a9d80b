"""Taking a step of a TAT case: the row held, the lifecycle asked, what must stand before looked up."""

from datetime import date

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.enums import TatStatus
from assessments.models import TatCase
from assessments.queries.results import EARLIEST
from assessments.queries.tat import NEED_WORDS, missing_papers, paper_words, standing
from assessments.tat_lifecycle import Need, step_to
from rehab import audit
from rehab.errors import Refused
from rehab.models import User


def hold(case: TatCase) -> TatCase:
    """The row as it stands now, until the transaction ends; with client and unit."""
    rows = TatCase.objects.select_for_update(of=("self",)).select_related("client", "unit__parent")
    return rows.get(pk=case.pk)


def move(case: TatCase, to: TatStatus) -> None:
    """Set the status of a held case. Raises Refused (code `moved`) where the lifecycle does not lead there, and names
    what is missing otherwise."""
    step = step_to(case.status, to)
    if step is None:
        raise Refused(
            _("The case is %(status)s by now; somebody was quicker."),
            params={"status": case.get_status_display()},
            code="moved",
        )
    missing = step.missing(standing(case)) if step.needs else []
    if missing:
        words = [str(NEED_WORDS[need]) for need in missing if need != Need.DOCUMENTS]
        if Need.DOCUMENTS in missing:
            words.append(paper_words(missing_papers(case)))
        raise Refused(gettext("Still missing: %(what)s.") % {"what": ", ".join(words)}, code="missing")
    case.status = to


def keep(case: TatCase) -> None:
    case.edit += 1
    case.save()


def check_day(case: TatCase, day: date, field: str) -> None:
    """A day between the receipt of the request and today on the unit's clocks. Raises Refused."""
    if day > case.unit.local_date():
        raise Refused(_("The day lies in the future."), field=field)
    if day < EARLIEST:
        raise Refused(_("The day lies too far back. Check the year."), field=field)
    if day < case.received_on:
        raise Refused(_("The day lies before the receipt of the request."), field=field)


def note(verb: str, by: User, case: TatCase, **data: object) -> None:
    """The audit event of a case. Why something was done stands in the case alone: once placement is ordered the facility
    reads who did what with the client's record, and with it the reasons."""
    audit.record(verb, by=by, subject=case, client_code=case.client.code, data={"case": case.code} | data)


def clean(text: str) -> str:
    return text.replace("\x00", "").strip()
