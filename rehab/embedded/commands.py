"""What a `manage.py` command needs: no database, the application's role, or the owner's."""

from collections.abc import Sequence

# These answer from files alone, or only look at code; no server is started for them.
WITHOUT_DATABASE = frozenset(
    "check_release collectstatic compilemessages diffsettings findstatic help makemessages score sendtestemail "
    "startapp startproject version".split()
)

# These change tables, or read what only the owner may; everything else runs as the application does.
AS_OWNER = frozenset(
    "bench createcachetable dbshell demo flush inspectdb loaddata makemigrations migrate optimizemigration pgtrigger "
    "showmigrations simulate sqlflush sqlmigrate sqlsequencereset squashmigrations".split()
)


def _name(arguments: Sequence[str]) -> str:
    """The command among `arguments` (without the program's name); options may stand before it."""
    return next((argument for argument in arguments if not argument.startswith("-")), "help")


def needs_database(arguments: Sequence[str]) -> bool:
    name = _name(arguments)
    if name in WITHOUT_DATABASE or {"-h", "--help", "--version"} & set(arguments):
        return False
    return name != "check" or any(argument.startswith("--database") for argument in arguments)


def needs_owner(arguments: Sequence[str]) -> bool:
    return _name(arguments) in AS_OWNER
