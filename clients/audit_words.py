"""Audit verbs in the words of the page 'who opened this record'. Verbs of floors above are told by their first word."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "clients.registered": _("registered the client"),
    "clients.suspect_registered": _("registered a suspect for a TAT case"),
    "clients.opened": _("opened the client's page"),
    "clients.looks_opened": _("looked up who opened the record"),
    "identity.revealed": _("opened the identity"),
    "identity.exported": _("took name and NIK along in a list"),
    "identity.corrected": _("corrected the identity"),
    "consent.given": _("recorded a consent"),
    "consent.revoked": _("recorded that a consent was taken back"),
    "episode.opened": _("opened a new episode"),
    "episode.assessed": _("noted that an instrument was completed"),
    "episode.facts": _("noted the six facts"),
    "episode.closed": _("closed the episode"),
    "treatment.planned": _("planned a treatment"),
    "treatment.started": _("started a treatment"),
    "treatment.phase_changed": _("changed setting or programme"),
    "treatment.withdrawn": _("withdrew a plan"),
    "treatment.ended": _("ended a treatment"),
    "session.opened": _("opened a session"),
    "attendance.planned": _("put the client down for a session"),
    "attendance.withdrawn": _("took the client out of a session"),
    "attendance.recorded": _("recorded the attendance"),
    "attendance.corrected": _("corrected the attendance"),
    "treatment_plan.opened": _("opened the treatment plan"),
    "treatment_plan.drafted": _("drafted a treatment plan"),
    "treatment_plan.written": _("wrote at the treatment plan"),
    "treatment_plan.agreed": _("recorded that the client agreed to the treatment plan"),
    "treatment_plan.revised": _("began to revise the treatment plan"),
    "treatment_plan.discarded": _("threw a draft of the treatment plan away"),
    "treatment_plan.restored": _("brought a draft of the treatment plan back"),
    "treatment_plan.judged": _("recorded how far a goal has come"),
    "dose.opened": _("opened the doses"),
    "dose.prescribed": _("prescribed a dose"),
    "dose.stopped": _("stopped a prescription"),
    "dose.given": _("gave a dose"),
    "dose.restored": _("let the record of a dose stand again"),
    "dose.voided": _("took the record of a dose back"),
    "handover.offered": _("offered the client to another place"),
    "handover.opened": _("opened the packet of a hand-over"),
    "handover.received": _("received the client"),
    "handover.contacted": _("recorded the first contact after a hand-over"),
    "handover.declined": _("declined to receive the client"),
    "handover.recalled": _("took back the offer of a hand-over"),
    "handover.left": _("handed the client over to a place outside Titian"),
    "handover.printed": _("printed the receipt of a hand-over"),
    "document.listed": _("looked at the list of documents"),
    "document.stored": _("put a document into the record"),
    "document.opened": _("opened a document"),
    "document.withdrawn": _("withdrew a document"),
    "guardian.opened": _("opened who the guardian is"),
    "guardian.corrected": _("corrected the guardian"),
    "consent.printed": _("printed a form of consent"),
    "card.issued": _("issued a card of mandatory report"),
    "card.replaced": _("replaced a card of mandatory report"),
    "card.printed": _("printed a card of mandatory report"),
    "placement.opened": _("saw the client on the board of beds"),
    "placement.made": _("gave the client a bed"),
    "placement.moved": _("moved the client to another bed"),
    "placement.ended": _("recorded that the client left the bed"),
    "placement.voided": _("took the record of a bed back"),
    "places.exceeded": _("started a treatment beyond the declared places"),
    "queue.overtaken": _("let the client go before others of the waiting list"),
    "wait.opened": _("opened the place on the waiting list"),
    "wait.entered": _("put the client on the waiting list"),
    "wait.priority_changed": _("changed the priority on the waiting list"),
    "wait.offered": _("offered a place from the waiting list"),
    "wait.kept": _("let the client go on waiting"),
    "wait.placed": _("gave a place from the waiting list"),
    "wait.withdrawn": _("took the client off the waiting list"),
    "silence.opened": _("looked at how long the client has been silent"),
    "letter.written": _("wrote a warning letter"),
    "letter.printed": _("printed a warning letter"),
    "drop_out.put_off": _("decided that it is not a drop-out yet"),
    "match.looked": _("looked for a possible match"),
    "match.unseen": _("took a possible match up again"),
    "match.seen": _("took care of a possible match"),
}
TOPICS = {
    "assessment": _("worked on an assessment"),
    "assessments": _("worked on an assessment"),
    "facts": _("worked on the six facts"),
    "urine": _("worked on a urine test"),
    "tat": _("worked on a TAT case"),
    "plan": _("worked on aftercare"),
    "plans": _("worked on aftercare"),
    "aftercare": _("worked on aftercare"),
    "follow_up": _("worked on aftercare"),
}


# Reasons of these are about identity, consent and door; those of all others may tell of treatment and are for care staff.
_PLAIN = ("clients.", "identity.", "consent.", "guardian.", "card.", "match.")


def is_plain(verb: str) -> bool:
    """Whether somebody who may see nothing clinical may read the reason given with it."""
    return verb.startswith(_PLAIN)


def sentence(verb: str):
    """What the actor did; for a verb nobody named here, by its topic."""
    return SENTENCES.get(verb) or TOPICS.get(verb.partition(".")[0]) or _("worked with the record")
