"""The stages of an inpatient's programme: detox, entry unit, primary, re-entry; each with its days, at the same facility."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from clients.actions.dates import check_not_ahead
from clients.actions.episodes import lock
from clients.enums import Setting
from clients.models import Treatment, TreatmentPhase
from rehab import audit
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User


@action
def move_on(*, by: User, treatment: Treatment, stage: str, starts_on: date) -> TreatmentPhase:
    """Into another stage from `starts_on`: a dated phase, the treatment stays one and counts under its first setting.

    The first stage may begin with the phase itself, which then is named. Back as well as on: a relapse may lead back to
    detox. Raises Refused for who is not an inpatient now, the same stage again, and days ahead of the facility's clock or
    not after the stage before.
    """
    lock(treatment.episode_id)
    found = Treatment.objects.select_related("client", "episode", "facility__region").get(pk=treatment.pk)
    current = found.phases.select_for_update().filter(ends_on=None).first()
    if not found.started_on or not found.is_open or current is None or current.setting != Setting.INPATIENT:
        raise Refused(_("Only an inpatient under way is in a stage of the programme."))
    if stage == current.stage:
        raise Refused(_("The client is in this stage already."), field="stage")
    check_not_ahead(found.facility, starts_on, "starts_on")
    if starts_on < current.starts_on or (current.stage and starts_on == current.starts_on):
        raise Refused(_("The stage begins after the one before."), field="starts_on")
    if starts_on == current.starts_on:
        current.stage = stage
        current.save(update_fields=["stage"])
        phase = current
    else:
        current.ends_on = starts_on
        current.save(update_fields=["ends_on"])
        phase = TreatmentPhase.objects.create(
            treatment=found, programme=current.programme, setting=current.setting, stage=stage, starts_on=starts_on
        )
    audit.record(
        "treatment.stage_changed", by=by, subject=found, client_code=found.client.code, place=found.facility.code,
        data={"episode": found.episode.number, "stage": str(stage), "on": starts_on.isoformat()},
    )  # fmt: skip
    return phase


@action
def take_back(*, by: User, treatment: Treatment, reason: str) -> TreatmentPhase:
    """The last stage was recorded by mistake: the one before goes on. Its row history keeps it.

    Raises Refused without a reason, and where the last change was not one of stage alone.
    """
    if not reason.strip():
        raise Refused(_("Say why it is taken back."), field="reason")
    lock(treatment.episode_id)
    found = Treatment.objects.select_related("client", "episode", "facility").get(pk=treatment.pk)
    rows = list(found.phases.select_for_update().order_by("-starts_on")[:2])
    if not found.is_open or not rows or not rows[0].stage or rows[0].ends_on is not None:
        raise Refused(_("There is no stage to take back."))
    last, before = rows[0], rows[1] if len(rows) > 1 else None
    if before is None or (before.setting, before.programme) != (last.setting, last.programme):
        last.stage = ""
        last.save(update_fields=["stage"])
        kept = last
    else:
        last.delete()
        before.ends_on = None
        before.save(update_fields=["ends_on"])
        kept = before
    audit.record(
        "treatment.stage_taken_back", by=by, subject=found, client_code=found.client.code, place=found.facility.code,
        reason=reason.strip(), data={"episode": found.episode.number},
    )  # fmt: skip
    return kept
