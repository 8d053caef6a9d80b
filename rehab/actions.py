"""What makes a function an action: one transaction, and a broken database invariant told in its own sentence."""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.apps import apps
from django.db import IntegrityError, transaction

from rehab.errors import Refused

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def action(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Run `function` in one transaction; raise `Refused` with the constraint's message where the database says no."""

    @functools.wraps(function)
    def inside(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        try:
            with transaction.atomic():
                return function(*args, **kwargs)
        except IntegrityError as error:
            refusal = _refusal(error)
            if refusal is None:
                raise
            raise refusal from error

    return inside


def _refusal(error: IntegrityError) -> Refused | None:
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name:
                return Refused(constraint.get_violation_error_message(), code=name)
    return None
