"""An assessment from its first answer to its completion, and its correction. A completed one is never written to again."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.actions import alerts
from assessments.enums import AssessmentStatus
from assessments.instruments import AnswerError, Answers, Instrument, Result, read, registry, score_answers
from assessments.instruments.framework import Item
from assessments.models import Assessment, AssessmentScore
from assessments.queries import EARLIEST, options_of, prefilled, text_version
from clients.actions import episodes
from clients.models import Client, Episode
from facilities.models import Facility
from rehab import audit
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User

LONGEST_REASON = 1000


class Stale(Refused):
    """Another tab or person saved first. `items` are the codes whose stored answer is not the one sent, `stored` all answers."""

    def __init__(self, assessment: Assessment, items: Iterable[str]):
        super().__init__(
            _("These answers were changed in another tab or by someone else. Nothing was overwritten."), code="stale"
        )
        self.items = tuple(items)
        self.stored = assessment.answers
        self.edit = assessment.edit


class Unfinished(Refused):
    """`items` are the questions still open."""

    def __init__(self, items: list[Item]):
        super().__init__(_("Some questions are not answered yet."), code="unfinished")
        self.items = items


@action
def start(
    *, by: User, client: Client, episode: Episode | None, facility: Facility, instrument: str, administered_on: date
) -> Assessment:
    """A new draft of `instrument` (its key), or the draft that the client already has at the facility.

    Raises Refused for an unknown instrument and for a day that lies in the future or before the client was born.
    """
    known = _instrument(instrument)
    _check_day(administered_on, facility, client)
    draft, is_new = Assessment.objects.get_or_create(
        client=client,
        facility=facility,
        instrument=known.key,
        status=AssessmentStatus.DRAFT,
        defaults={
            "episode": episode,
            "version": known.version,
            "answers": prefilled(known),
            "text_version": text_version(known),
            "administered_on": administered_on,
            "started_by": by,
        },
    )
    if is_new:
        audit.record(
            "assessment.started", by=by, subject=draft, client_code=client.code, data={"instrument": known.key}
        )
    return draft


@action
def save_answers(
    *,
    by: User,
    assessment: Assessment,
    answers: Mapping[str, object],
    edit: int,
    before: Mapping[str, object] | None = None,
    position: str = "",
) -> Assessment:
    """Put some answers into a draft: raw values by item code, None takes an answer back. Gives the draft as it stands now.

    `edit` is the count of saves the sender knew of. When others saved since, an answer is refused (`Stale`) where the stored
    one is neither the one sent nor the one the sender knew (`before`); nothing of the call is kept then. Raises Refused with
    the item as its field for what the instrument does not understand.
    """
    draft = _locked_draft(assessment)
    instrument = registry.get(draft.instrument)
    clean = {code: _without_nul(value) for code, value in answers.items()}
    given = _read(instrument, {**draft.answers, **clean}, draft=True).given
    if edit != draft.edit:
        known = before or {}
        differing = [
            code
            for code in clean
            if not _same(draft.answers.get(code), given.get(code))
            and not _same(draft.answers.get(code), known.get(code))
        ]
        if differing:
            raise Stale(draft, differing)
    stored = {code: list(value) if isinstance(value, tuple) else value for code, value in given.items()}
    if stored == draft.answers and position in ("", draft.position):
        return draft
    draft.answers = stored
    draft.position = position if position in instrument.items else draft.position
    draft.edit += 1
    draft.save(update_fields=["answers", "position", "edit", "saved_at"])
    audit.record(
        "assessment.saved", by=by, subject=draft, client_code=draft.client.code, data={"items": sorted(clean)[:50]}
    )
    return draft


@action
def complete(*, by: User, assessment: Assessment) -> Assessment:
    """Freeze the answers, store the scores, tell the episode, raise safety alerts. Raises `Unfinished` with the questions still open."""
    draft = _locked_draft(assessment)
    if draft.episode_id:
        # Before what follows takes the client: whoever ends a treatment takes them in this order too.
        episodes.lock(draft.episode_id)
    instrument = registry.get(draft.instrument)
    answers = _read(instrument, draft.answers)
    if answers.unanswered():
        raise Unfinished(answers.unanswered())
    result = score_answers(answers, options_of(instrument))
    _freeze(draft, result, by)
    AssessmentScore.objects.bulk_create(
        AssessmentScore(assessment=draft, scale=scale, value=score.value, band=score.band or "")
        for scale, score in result.scores.items()
    )
    if draft.corrects_id:
        Assessment.objects.filter(pk=draft.corrects_id).update(status=AssessmentStatus.CORRECTED)
    _tell_episode(draft, by)
    alerts.raise_for(by=by, assessment=draft, codes=result.alerts)
    audit.record(
        "assessment.completed",
        by=by,
        subject=draft,
        client_code=draft.client.code,
        reason=draft.reason,
        data={"instrument": draft.instrument, "version": draft.version},
    )
    return draft


@action
def correct(*, by: User, assessment: Assessment, reason: str) -> Assessment:
    """A new draft with the answers of a completed one; completing it replaces the old one, which stays readable."""
    old = _locked(assessment)
    if old.status != AssessmentStatus.COMPLETED:
        raise Refused(_("Only a completed assessment is corrected."))
    reason = reason.replace("\x00", "").strip()
    if not reason:
        raise Refused(_("A correction needs a reason."), field="reason")
    if len(reason) > LONGEST_REASON:
        raise Refused(_("Make the reason shorter: at most 1,000 characters."), field="reason")
    earlier = Assessment.objects.filter(corrects=old).first()
    if earlier and earlier.status == AssessmentStatus.DRAFT:
        return earlier
    # A discarded correction is taken up again: each version has one successor.
    draft = earlier or Assessment(corrects=old)
    for field in ("client", "episode", "facility", "instrument", "text_version", "answers", "administered_on"):
        setattr(draft, field, getattr(old, field))
    draft.version = registry.get(old.instrument).version
    draft.status, draft.reason, draft.started_by, draft.position = AssessmentStatus.DRAFT, reason, by, ""
    draft.edit += 1
    draft.save()
    audit.record("assessment.correction_started", by=by, subject=draft, client_code=draft.client.code, reason=reason)
    return draft


@action
def discard(*, by: User, assessment: Assessment) -> Assessment:
    """Put a draft aside; `restore` brings it back."""
    draft = _locked_draft(assessment)
    return _move(draft, AssessmentStatus.DISCARDED, "assessment.discarded", by)


@action
def restore(*, by: User, assessment: Assessment) -> Assessment:
    """Bring a discarded draft back. Raises Refused when another draft of the instrument was begun since."""
    discarded = _locked(assessment)
    if discarded.status != AssessmentStatus.DISCARDED:
        raise Refused(_("Only a discarded draft is brought back."))
    return _move(discarded, AssessmentStatus.DRAFT, "assessment.restored", by)


def _move(assessment: Assessment, status: str, verb: str, by: User) -> Assessment:
    assessment.status = status
    assessment.edit += 1
    assessment.save(update_fields=["status", "edit", "saved_at"])
    audit.record(verb, by=by, subject=assessment, client_code=assessment.client.code)
    return assessment


def _freeze(draft: Assessment, result: Result, by: User) -> None:
    draft.status, draft.completed_at, draft.completed_by = AssessmentStatus.COMPLETED, timezone.now(), by
    draft.version, draft.rules = result.version, result.options
    draft.alerts, draft.ignored = list(result.alerts), list(result.ignored)
    draft.edit += 1
    draft.save()


def _tell_episode(assessment: Assessment, by: User) -> None:
    """The episode keeps the date of its first completed instrument."""
    if assessment.episode is None:
        return
    done = Assessment.objects.completed().filter(episode=assessment.episode)
    first = done.aggregate(first=Min("administered_on"))["first"]
    if first != assessment.episode.assessed_on:
        episodes.mark_assessed(by=by, episode=assessment.episode, on=first)


def _instrument(key: str) -> Instrument:
    try:
        return registry.get(key)
    except KeyError:
        raise Refused(_("There is no such instrument."), field="instrument") from None


def _locked(assessment: Assessment) -> Assessment:
    return (
        Assessment.objects.select_for_update(of=("self",))
        .select_related("client", "episode", "facility")
        .get(pk=assessment.pk)
    )


def _locked_draft(assessment: Assessment) -> Assessment:
    found = _locked(assessment)
    if found.status == AssessmentStatus.DISCARDED:
        raise Refused(_("This draft was discarded. Bring it back to go on."), code="frozen")
    if found.status != AssessmentStatus.DRAFT:
        raise Refused(
            _("This assessment is completed; its answers no longer change. Mistakes are mended by a correction."),
            code="frozen",
        )
    return found


def _check_day(day: date, facility: Facility, client: Client) -> None:
    if day > facility.local_date():
        raise Refused(_("The day lies in the future."), field="administered_on")
    if day < EARLIEST or (client.birth_year and day.year < client.birth_year):
        raise Refused(_("The day lies too far back. Check the year."), field="administered_on")


def _read(instrument: Instrument, raw: Mapping[str, object], *, draft: bool = False) -> Answers:
    try:
        return read(instrument, raw, draft=draft)
    except AnswerError as error:
        raise Refused(gettext(error.text), field=error.item, code="answer", params=error.params) from error


def _same(first: object, second: object) -> bool:
    first, second = (list(value) if isinstance(value, tuple) else value for value in (first, second))
    return isinstance(first, bool) == isinstance(second, bool) and first == second


def _without_nul(value: object) -> object:
    """PostgreSQL stores neither NUL nor half of a surrogate pair in a text."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "ignore").decode()
    return value
