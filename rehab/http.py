"""The request as nearly every view gets it."""

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.http.request import RawPostDataException
from django_htmx.middleware import HtmxDetails

from rehab.models import User


class Visit(HttpRequest):
    """Of anybody, with what the middleware of htmx adds. For annotations only."""

    htmx: HtmxDetails


class Request(Visit):
    """Of somebody who has signed in: the middleware turns the others away before a view is called. For annotations only."""

    user: User


def body_of(request: HttpRequest) -> bytes:
    """What a script sent, whole. A form in parts instead has been read by the guards already: BadRequest, answered 400."""
    try:
        return request.body
    except RawPostDataException as error:
        raise BadRequest("a form in parts where a script's message was expected") from error
