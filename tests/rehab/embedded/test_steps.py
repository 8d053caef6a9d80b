import ast
import sys
from pathlib import Path

import pytest

from rehab.embedded import steps
from rehab.embedded.steps import Step

EMBEDDED = Path(steps.__file__).parent
BARE = ["provision", "environment", "frontend", "steps", "folders", "port"]


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setattr(steps, "PROJECT", tmp_path)
    monkeypatch.setattr(steps, "STAMPS", tmp_path / "setup.json")
    monkeypatch.setattr(steps, "LOG", tmp_path / "setup.log")
    return tmp_path


def counted(project, work):
    source = project / "lock.txt"
    return Step("Packages", "packages", lambda: steps.fingerprint([source]), [project / "made"], work)


def test_a_step_is_done_once_until_its_source_changes(project, capsys):
    done = []
    step = counted(project, lambda: (done.append(1), (project / "made").touch()))
    (project / "lock.txt").write_text("a")
    step.run()
    step.run()
    assert len(done) == 1
    (project / "lock.txt").write_text("b")
    step.run()
    (project / "made").unlink()
    step.run()
    assert len(done) == 3
    assert capsys.readouterr().out.count("· Packages …") == 3


def test_a_step_that_broke_off_is_done_again(project):
    def breaks():
        (project / "made").touch()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        counted(project, breaks).run()
    done = []
    counted(project, lambda: done.append(1)).run()
    assert done == [1]


def test_a_step_without_its_outcome_is_a_failure(project):
    with pytest.raises(steps.SetupFailed, match="made did not appear"):
        counted(project, lambda: None).run()


def test_a_tool_that_fails_is_shown_with_advice(project):
    command = [sys.executable, "-c", "print('no route'); raise SystemExit(3)"]
    with pytest.raises(steps.SetupFailed, match="(?s)no route.*Is the network reachable"):
        steps.run(command, advice="Is the network reachable?")


def test_tools_get_a_home_where_there_is_none(project, monkeypatch):
    monkeypatch.setattr(steps, "STATE", project)
    monkeypatch.setenv("HOME", "/nonexistent")
    assert steps.surroundings()["HOME"] == str(project / "home")
    monkeypatch.setenv("HOME", str(project))
    assert steps.surroundings()["HOME"] == str(project)


@pytest.mark.parametrize("module", BARE)
def test_set_up_runs_on_a_bare_python(module):
    tree = ast.parse((EMBEDDED / f"{module}.py").read_text())
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            names |= {f"{base}.{alias.name}" for alias in node.names} if base == "rehab.embedded" else {base}
    ours = {name.rpartition(".")[2] for name in names if name.startswith("rehab.")}
    assert ours <= set(BARE)
    assert {name.partition(".")[0] for name in names} - {"rehab"} <= sys.stdlib_module_names
