"""Refusals in the domain's words. A form shows them beside the field; a view never turns them into a 500."""

from django.core.exceptions import ValidationError


class Refused(ValidationError):
    """An action says no, with a sentence for the person, and the field it concerns where there is one."""

    def __init__(self, message, *, field: str | None = None, code: str = "refused", params: dict | None = None):
        super().__init__(message, code=code, params=params)
        self.field = field

    def add_to(self, form) -> None:
        form.add_error(self.field if self.field in form.fields else None, self)
