"""The data steward's place in the menu. Registered with the app's other panels (clients/panels.py)."""

from django.utils.translation import gettext_lazy as _

from rehab import panels
from rehab.panels import MenuItem
from rehab.roles import Permission

panels.add_menu(
    MenuItem(
        _("Link persons"), "clients:candidates", "people", frozenset({Permission.LINK_PERSONS}), 46,
        ("clients:candidate", "clients:find_person", "clients:person", "clients:let_go", "clients:let_together"),
    )
)  # fmt: skip
