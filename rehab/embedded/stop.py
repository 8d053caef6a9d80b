"""`python -m rehab.embedded.stop`: end the embedded servers that an idle supervisor still holds."""

import sys

from rehab.embedded import client


def main() -> int:
    servers = client.running()
    if servers and not servers.leave():
        print("The embedded servers are in use; stop `make demo` and other commands first.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
