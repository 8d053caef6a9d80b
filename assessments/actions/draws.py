"""The random draw of who is tested: once a day, from everybody in treatment, by a seed that nobody chooses."""

import secrets

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.actions import urine
from assessments.models.urine import RandomDraw
from assessments.queries.urine import drawable
from facilities.models import Facility
from rehab import audit
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User


@action
def draw(*, by: User, facility: Facility, size: int) -> RandomDraw:
    """Draw `size` of those in treatment at the facility without a test under way, and want a test of each.

    The seed comes from the machine at this moment and is kept with the list, so that the draw can be repeated. Raises
    Refused for a second draw on one day, and for more than there are.
    """
    Facility.objects.select_for_update().get(pk=facility.pk)
    treatments = {row.client.code: row for row in drawable(facility)}
    if not 1 <= size <= len(treatments):
        raise Refused(
            _("Draw at least one and at most %(most)s clients."), field="size", params={"most": len(treatments)}
        )
    made = RandomDraw.objects.create(
        facility=facility,
        drawn_on=facility.local_date(),
        drawn_at=timezone.now(),
        drawn_by=by,
        seed=secrets.token_hex(16),
        pool=sorted(treatments),
        size=size,
    )
    audit.record(
        "urine.drawn", by=by, subject=made, place=facility.code,
        data={"size": size, "pool": len(treatments), "seed": made.seed},
    )  # fmt: skip
    for code in made.chosen:
        urine.want(by=by, treatment=treatments[code], draw=made)
    return made
