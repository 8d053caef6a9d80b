"""What figures add to other pages and to the settings."""

from django.utils.translation import gettext_lazy as _

from rehab import panels, tunables
from rehab.roles import Permission
from reports.queries import rules

panels.add_menu(
    panels.MenuItem(
        label=_("Figures"),
        url_name="reports:dashboard",
        icon="figures",
        permissions=frozenset({Permission.SEE_FIGURES}),
        order=50,
        active=(
            "reports:dashboard",
            "reports:unit",
            "reports:members",
            "reports:uncounted",
            "reports:target",
            "reports:figures",
            "reports:upload_figures",
            "reports:release",
        ),
    )
)
panels.add_menu(
    panels.MenuItem(
        label=_("Reports"),
        url_name="reports:list",
        icon="reports",
        permissions=frozenset({Permission.BUILD_REPORTS, Permission.SEAL_REPORTS, Permission.SEE_AUDIT}),
        order=60,
        active=(
            "reports:list", "reports:ask", "reports:report", "reports:rebuild_report", "reports:seal_report",
            "reports:revise_report",
        ),
    )
)  # fmt: skip

tunables.declare(
    tunables.Tunable(
        rules.REACHED,
        _("“On target” from this percent of what was to be reached by now"),
        100,
        default_source=_("Working assumption, no published rule"),
        least=1,
        most=200,
    ),
    tunables.Tunable(
        rules.ATTENTION,
        _("“Needs attention” from this percent; below it “behind”"),
        80,
        default_source=_("Working assumption, no published rule"),
        least=0,
        most=200,
    ),
)
