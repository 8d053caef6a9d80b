"""What takes back an act of this floor (rehab/undo.py): fetched and authorised anew, then done by the action."""

from datetime import date

from facilities.access import one_of, posts_within, staff_for
from facilities.actions import postings, qualifications
from rehab import undo
from rehab.models import User


@undo.verb("posts.ended")
def hold_again(*, by: User, post: int, ended_on: str, ends_on: str) -> None:
    found = one_of(posts_within(by), post)
    before = date.fromisoformat(ends_on) if ends_on else None
    postings.undo_end(by=by, posting=found, ended_on=date.fromisoformat(ended_on), ends_on=before)


@undo.verb("qualifications.removed")
def bring_back(*, by: User, person: int, qualification: int) -> None:
    qualifications.bring_back(by=by, user=staff_for(by, person, keeping=True), qualification=qualification)
