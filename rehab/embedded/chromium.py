"""The machine's Chromium for the browser tests; installed from the system's packages where that is possible."""

import os
import shutil
import subprocess

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "headless_shell")
PLACES = (
    "/usr/bin",
    "/usr/local/bin",
    "/usr/lib/chromium",
    "/snap/bin",
    "/opt/google/chrome",
    "/usr/lib64/chromium-browser",
)
ABSENT = (
    "No Chromium on this machine: the browser tests are skipped. Install it (Debian: apt install chromium) to run them."
)


def find() -> str | None:
    """The path of a Chromium that starts, or None."""
    for name in NAMES:
        for place in (shutil.which(name), *(f"{folder}/{name}" for folder in PLACES)):
            if place and os.access(place, os.X_OK) and _starts(place):
                return place
    return None


def _starts(place: str) -> bool:
    # Ubuntu's /usr/bin/chromium-browser is a script that only tells to install a snap.
    try:
        return subprocess.run([place, "--version"], capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def install() -> None:
    """By apt, as root; says what it does. Quietly without effect where it is not possible."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print("· installing Chromium for the browser tests …", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
        subprocess.run(["apt-get", *arguments], stdout=subprocess.DEVNULL, env=environment, check=False)


def main() -> None:
    if not find():
        install()
    if not find():
        print(ABSENT, flush=True)


if __name__ == "__main__":
    main()
