"""The floors, held by import and by foreign key; the faces of apps; sizes. Good intentions alone do not hold them."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

PROJECT = Path(__file__).resolve().parent.parent
FLOORS = ["rehab", "facilities", "clients", "assessments", "aftercare", "reports"]
FACE = {"enums", "models", "queries", "actions", "access", "instruments", "lifecycle", "indicators"}
CLOSED_IN_REHAB = {"forms", "views", "urls", "tasks", "admin"}
MODULE_LINES, FUNCTION_LINES, VIEW_LINES = 400, 60, 25


def sources(app: str) -> list[Path]:
    return [path for path in sorted((PROJECT / app).rglob("*.py")) if "migrations" not in path.parts]


def name_of(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.lineno, node.module
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, "." * node.level


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@pytest.fixture(scope="session", params=FLOORS)
def parsed(request: pytest.FixtureRequest) -> list[tuple[Path, ast.Module]]:
    """The sources of one floor, read once; a test names every place that breaks its rule."""
    return [(path, ast.parse(path.read_text())) for path in sources(request.param)]


def test_imports_go_down_the_floors_and_through_faces(parsed):
    assert [wrong for path, tree in parsed for wrong in wrong_imports(path, tree)] == []


def wrong_imports(path: Path, tree: ast.AST) -> Iterator[str]:
    app = path.relative_to(PROJECT).parts[0]
    for line, target in imports(tree):
        parts = target.split(".")
        if parts[0] == "":
            yield f"{name_of(path)}:{line} imports relatively"
        elif parts[0] in FLOORS and FLOORS.index(parts[0]) > FLOORS.index(app):
            yield f"{name_of(path)}:{line} {target} lies above {app}"
        elif parts[0] in FLOORS and parts[0] != app and len(parts) > 1:
            closed = parts[1] in CLOSED_IN_REHAB if parts[0] == "rehab" else parts[1] not in FACE
            if closed:
                yield f"{name_of(path)}:{line} {target} is not the face of {parts[0]}"


def test_nothing_is_imported_inside_a_function(parsed):
    inside = [
        f"{name_of(path)}:{node.lineno}"
        for path, tree in parsed
        for function in functions(tree)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert inside == []


def test_no_signal_receivers(parsed):
    signals = ("django.db.models.signals", "django.dispatch")
    found = [
        f"{name_of(path)}:{line}"
        for path, tree in parsed
        for line, target in imports(tree)
        if target.startswith(signals)
    ]
    assert found == [], "an action records, no signal does"


def test_modules_and_functions_stay_small(parsed):
    modules = [name_of(path) for path, _ in parsed if len(path.read_text().splitlines()) > MODULE_LINES]
    assert modules == []
    assert [long for path, tree in parsed for long in long_functions(path, tree)] == []


def long_functions(path: Path, tree: ast.AST) -> Iterator[str]:
    views = path.name == "views.py" or "views" in path.relative_to(PROJECT).parts
    for function in functions(tree):
        length = function.end_lineno - function.lineno + 1
        is_view = views and function.args.args and function.args.args[0].arg == "request"
        limit = VIEW_LINES if is_view else FUNCTION_LINES
        if length > limit:
            yield f"{name_of(path)}: {function.name}: {length} > {limit}"


def test_views_fetch_and_authorise_in_one_call(parsed):
    found = [
        f"{name_of(path)}:{line}"
        for path, tree in parsed
        if path.name == "views.py" or "views" in path.parts
        for line, target in imports(tree)
        if target == "django.shortcuts.get_object_or_404"
    ]
    assert found == []


def test_instruments_import_no_django(parsed):
    found = [
        f"{name_of(path)}:{line}"
        for path, tree in parsed
        if "instruments" in path.parts
        for line, target in imports(tree)
        if target.startswith("django")
    ]
    assert found == []


def own_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in FLOORS]


def test_foreign_keys_never_point_up():
    wrong = [
        f"{model.__name__}.{field.name}"
        for model in own_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
        and field.related_model._meta.app_label in FLOORS
        and FLOORS.index(field.related_model._meta.app_label) > FLOORS.index(model._meta.app_label)
    ]
    assert wrong == []
