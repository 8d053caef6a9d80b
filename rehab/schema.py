"""Running migrations without rendering the whole project again and again."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.migrations.state import ProjectState


def _itself(state: ProjectState, app_label: str, model_name: str, delay: bool = False) -> set[tuple[str, str]]:
    # Rendered only in part from now on: before it runs Python, Django renders such a state whole.
    state.is_delayed = True
    return {(app_label, model_name)}


@contextmanager
def rendering_alone() -> Iterator[None]:
    """A model that changes is rendered again, those connected with it are not.

    Django renders every connected model after each operation, and here all are connected: nineteen of twenty seconds of
    `migrate` on an empty database. The SQL of an operation needs of other models only the table and the key.
    """
    whole = ProjectState._find_reload_model  # type: ignore[attr-defined]  # private to Django: the stubs leave it out
    ProjectState._find_reload_model = _itself  # type: ignore[attr-defined]  # the same
    try:
        yield
    finally:
        ProjectState._find_reload_model = whole  # type: ignore[attr-defined]  # the same
