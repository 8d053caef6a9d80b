"""What takes back an act of this floor (rehab/undo.py): fetched and authorised anew, then done by the action."""

from assessments.access import assessment_for
from assessments.actions import assessments
from rehab import undo
from rehab.models import User
from rehab.roles import Permission


@undo.verb("assessments.discarded")
def restore(*, by: User, assessment: int) -> None:
    assessments.restore(by=by, assessment=assessment_for(by, assessment, Permission.ASSESS))
