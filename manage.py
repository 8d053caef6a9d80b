#!/usr/bin/env python
"""Django's commands. Where no DATABASE_URL is set, those that need a database get the embedded one of .run/."""

import os
import sys

from django.core.management import execute_from_command_line

from rehab.embedded import client
from rehab.embedded.folders import UnsafeFolder
from rehab.embedded.postgres import ServerFailed
from rehab.env import MissingSetting


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rehab.settings")
    try:
        servers = client.prepare(sys.argv[1:], os.environ)
    except (ServerFailed, UnsafeFolder) as error:
        sys.exit(f"titian: {error}")
    try:
        execute_from_command_line(sys.argv)
    except MissingSetting as error:
        sys.exit(f"titian: {error}")
    finally:
        if servers:
            servers.close()


if __name__ == "__main__":
    main()
