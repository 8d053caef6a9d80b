"""Where the person works now: only posts at a facility take people in."""

from django.core.exceptions import PermissionDenied

from facilities.access import can
from facilities.models import Facility
from rehab.http import Request
from rehab.roles import Permission


def own_facility(request: Request, permission: Permission = Permission.REGISTER) -> Facility:
    post = getattr(request.user, "active_post", None)
    if post is None or post.facility is None or not can(request.user, permission, post.facility):
        raise PermissionDenied
    return post.facility
