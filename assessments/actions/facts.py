"""The six facts of PP 25/2011 art. 18, recorded as they become known; only the start of a treatment waits for them."""

import re
from dataclasses import dataclass, fields

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.models import CaseFacts
from assessments.models.case_facts import CODE
from clients.actions import episodes
from clients.models import Episode
from rehab import audit
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User

MOST_DIAGNOSES = 5


@dataclass(frozen=True)
class FactsData:
    """Codes of the enums in assessments/enums.py and clients.enums.Substance; empty or None where not known yet.

    `other_diagnoses`: codes such as F10.1, with commas between them.
    """

    identity_checked: bool = False
    substance: str = ""
    substance_note: str = ""
    months_of_use: int | None = None
    route: str = ""
    icd_group: str = ""
    icd_state: str = ""
    other_diagnoses: str = ""
    history: str = ""


FIELDS = tuple(field.name for field in fields(FactsData))


class StaleFacts(Refused):
    """Someone saved since; `current` is what stands now."""

    def __init__(self, current: CaseFacts):
        super().__init__(_("The facts were changed by someone else."), code="stale")
        self.current = current


@action
def record(*, by: User, episode: Episode, facts: FactsData, edit: int) -> CaseFacts:
    """Save what is known of the six facts; `edit` is the one the sender saw, 0 where nothing was recorded.

    Once all six stand the episode is told, with today's date at the facility; when one is taken back it is told that too.
    Raises StaleFacts when someone saved in between.
    """
    episode = (
        Episode.objects.select_for_update(of=("self",))
        .select_related("responsible_facility", "client")
        .get(pk=episode.pk)
    )
    if not episode.is_open:
        raise Refused(_("This episode is closed."))
    current = CaseFacts.objects.filter(episode=episode).select_related("recorded_by").first()
    if current and current.edit != edit:
        raise StaleFacts(current)
    row = current or CaseFacts(episode=episode, edit=0)
    for name in FIELDS:
        setattr(row, name, getattr(facts, name))
    row.other_diagnoses = _diagnoses(facts.other_diagnoses, main=row.diagnosis)
    row.recorded_by, row.edit = by, row.edit + 1
    row.save(force_insert=current is None)
    today = episode.responsible_facility.local_date()
    complete_on = (episode.facts_on or today) if row.is_complete else None
    if complete_on != episode.facts_on or row.substance != episode.main_substance:
        episodes.mark_facts(by=by, episode=episode, on=complete_on, main_substance=row.substance)
    audit.record(
        "facts.recorded",
        by=by,
        subject=row,
        client_code=episode.client.code,
        data={"complete": complete_on is not None},
    )
    return row


def _diagnoses(typed: str, *, main: str) -> str:
    """The codes one after the other, each once; the main one stands elsewhere already."""
    codes = list(dict.fromkeys(code.upper() for code in re.split(r"[\s,;]+", typed.strip()) if code))
    for code in codes:
        if not re.fullmatch(CODE, code):
            told = {"code": code[:20]}
            raise Refused(gettext("%(code)s is no diagnosis from F10.0 to F19.9.") % told, field="other_diagnoses")
    others = [code for code in codes if code != main]
    if len(others) > MOST_DIAGNOSES:
        raise Refused(_("At most five other diagnoses."), field="other_diagnoses")
    return ", ".join(others)
