"""`make setup`: from a fresh clone to a project that runs. Idempotent, quick when nothing changed, leaves no server running.

Runs on a bare Python 3.11 or newer, with the standard library only.
"""

import sys
from pathlib import Path

from rehab.embedded import environment, frontend
from rehab.embedded.folders import Lock, UnsafeFolder, private
from rehab.embedded.steps import PROJECT, STATE, SetupFailed, Step, fail, fingerprint, run, say

TEXTS = sorted(PROJECT.glob("locale/*/LC_MESSAGES/*.po"))
COMPILED = [text.with_suffix(".mo") for text in TEXTS]
STATIC = PROJECT / "static"
COLLECTED = STATE / "static"


def _compile_texts() -> None:
    run([environment.PYTHON, "-m", "rehab.texts", "compile"], advice="The translations could not be compiled.")


def _collect_static() -> None:
    command: list[str | Path] = [environment.PYTHON, "manage.py", "collectstatic", "--noinput", "--clear", "-v0"]
    run(command, advice="The static files could not be collected.", TITIAN_ENV="development")


STEPS = (
    Step("Python packages", "python", environment.depends, [environment.PYTHON], environment.install),
    Step("front-end libraries", "frontend", frontend.depends, frontend.OUTCOME, frontend.fetch),
    Step("translations", "texts", lambda: fingerprint(TEXTS), COMPILED, _compile_texts),
    Step(
        "static files",
        "static",
        lambda: fingerprint([STATIC, environment.LOCK]),
        [COLLECTED / "staticfiles.json"],
        _collect_static,
    ),
)


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 -- this runs on whatever Python the machine has
        sys.exit(f"Titian needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    try:
        private(STATE)
        lock = Lock(STATE / "setup.lock")
        if not lock.take():
            say("Another `make setup` is at work here; waiting for it …")
            lock.take(patience=1800)
        for step in STEPS:
            step.run()
    except (SetupFailed, UnsafeFolder, OSError) as error:
        fail(error)


if __name__ == "__main__":
    main()
