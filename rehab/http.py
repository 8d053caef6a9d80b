"""The request as nearly every view gets it."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from rehab.models import User


class Request(HttpRequest):
    """Of somebody who has signed in: the middleware turns the others away before a view is called. For annotations only."""

    user: User
    htmx: HtmxDetails
