"""Two facilities and a client between them, for the tests of hand-overs."""

from dataclasses import dataclass
from datetime import date

from clients.actions import handovers
from clients.enums import ConsentScope, Programme, Setting
from clients.models import Consent, Handover, Treatment
from facilities.models import Facility
from rehab.models import User
from rehab.roles import Role
from tests import factories

SUMMARY = "ringkasan rahasia sekali"
REASON = "perlu rawat inap"
ASKED = {"setting": Setting.INPATIENT, "programme": Programme.TC, "reason": REASON, "summary": SUMMARY}


@dataclass
class Way:
    """`rina` sends, `budi` receives."""

    sender: Facility
    receiver: Facility
    rina: User
    budi: User
    treatment: Treatment

    @property
    def client(self):
        return self.treatment.client

    @property
    def episode(self):
        return self.treatment.episode

    def offered(self, **changes) -> Handover:
        return handovers.offer(by=self.rina, episode=self.episode, **({"to_facility": self.receiver} | ASKED | changes))

    def received(self) -> Handover:
        return handovers.receive(by=self.budi, handover=self.offered())


def way(*, scope: str = ConsentScope.REFERRAL, **fields) -> Way:
    sender = factories.facility("Klinik Asal")
    receiver = factories.facility("Balai Tujuan", of=factories.unit("BNNP-51"))
    client = factories.client("Andi Contoh")
    treatment = factories.treatment(
        factories.episode(client, sender, status="in_treatment"), **({"started_on": date(2019, 3, 1)} | fields)
    )
    Consent.objects.create(client=client, facility=sender, scope=scope, given_on=date(2019, 2, 1))
    return Way(
        sender,
        receiver,
        factories.user(Role.COUNSELOR, sender, name="Rina Pengirim"),
        factories.user(Role.COUNSELOR, receiver, name="Budi Penerima"),
        treatment,
    )
