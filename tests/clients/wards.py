"""A ward with beds and people who may lie in them, for the tests of places and waiting lists."""

from dataclasses import dataclass, field
from datetime import date

from clients.enums import Setting
from clients.models import Treatment
from facilities.actions import beds
from facilities.models import Bed, Facility
from rehab.enums import Sex
from rehab.models import User
from rehab.roles import Role
from tests import factories

SINCE = date(2019, 1, 1)
STARTED = date(2019, 3, 1)
WHY = "diputuskan dokter jaga"


@dataclass
class Ward:
    facility: Facility
    rina: User
    beds: list[Bed] = field(default_factory=list)

    def planned(self, name: str = "Andi Contoh", sex: str = Sex.MALE, **fields) -> Treatment:
        """Ready to start: the six facts stand, nothing is begun."""
        client = factories.client(name, sex=sex)
        episode = factories.episode(client, self.facility, status="planned", facts_on=date(2019, 2, 2))
        return factories.treatment(episode, **({"setting": Setting.INPATIENT} | fields))

    def inside(self, name: str = "Budi Contoh", sex: str = Sex.MALE, **fields) -> Treatment:
        """In treatment since March, in no bed."""
        treatment = self.planned(name, sex, **({"started_on": STARTED} | fields))
        treatment.episode.status = "in_treatment"
        treatment.episode.save(update_fields=["status"])
        return treatment


def ward(*, men: int = 1, women: int = 0, **fields) -> Ward:
    facility = factories.facility(**({"services": ["inpatient", "outpatient"]} | fields))
    made = Ward(facility, factories.user(Role.COUNSELOR, facility, name="Rina Contoh"))
    for room, sex, number in (("Melati", Sex.MALE, men), ("Mawar", Sex.FEMALE, women)):
        if number:
            made.beds += beds.add_room(
                by=made.rina, facility=facility, room=room, sex=sex, beds=number, starts_on=SINCE
            )
    return made
