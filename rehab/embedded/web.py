"""The demo's web server: everything is imported while the data loads, and the port opens when the data is there.

Run as `python -m rehab.embedded.web FILE gunicorn-arguments…`; it serves as soon as FILE exists.
"""

import importlib
import sys
import time
from pathlib import Path

from gunicorn.app.wsgiapp import run


def main() -> None:
    word = Path(sys.argv.pop(1))
    importlib.import_module("rehab.wsgi")
    # The addresses as well, which Django would read at the first request.
    importlib.import_module("rehab.urls")
    while not word.exists():
        time.sleep(0.02)
    run()


if __name__ == "__main__":
    main()
