"""What the page of a facility shows: facts in groups and what hangs on them, each read once."""

from collections import Counter
from datetime import date

from django.utils.translation import gettext_lazy as _

from facilities import display
from facilities.access import can
from facilities.models import Capacity, Facility, IpwlDesignation, Posting
from facilities.queries import posts_at
from rehab import panels
from rehab.models import User
from rehab.panels import Fact
from rehab.roles import Permission

GROUPS = (
    (
        _("The institution"),
        ("kind", "kind_note", "owner", "ownership", "unit", "is_operational", "offers_aftercare", "opened_on"),
    ),
    (_("Place and contact"), ("region", "address", "phone", "email", "person_in_charge")),
    (_("Legality"), ("licence_number", "licence_issuer", "licence_until", "deed_number", "npwp", "sni_certificate")),
    (_("Services"), ("services", "approaches", "payers", "programme_months", "tariff")),
)
SOON_DAYS = 60
SHOWN = 20


def overview(user: User, facility: Facility) -> dict[str, object]:
    today = facility.local_date()
    keeps = can(user, Permission.EDIT_FACILITIES, facility)
    own = can(user, Permission.EDIT_OWN_FACILITY, facility)
    posts = list(posts_at(facilities=[facility.pk]).filter(user__is_active=True).on(today))
    return {
        "today": today,
        "groups": [(title, _facts(facility, names, today)) for title, names in GROUPS],
        "facts": panels.facility_facts.merge(user, [facility]).get(facility.pk, []),
        "decrees": [_with_state(decree, today) for decree in facility.ipwl_designations.all()],
        "capacities": [row for row in facility.capacities.all() if _holds(row, today) or row.starts_on > today],
        "terms": facility.terms.select_related("unit").order_by("-starts_on"),
        "strengthenings": facility.strengthenings.select_related("unit")[:SHOWN],
        "staff": posts if keeps or own or can(user, Permission.MANAGE_PEOPLE, facility) else [],
        "staff_counts": _by_role(posts),
        "may_keep": keeps,
        "may_edit": keeps or own,
        "may_manage": can(user, Permission.MANAGE_PEOPLE, facility),
        "may_strengthen": can(user, Permission.STRENGTHEN, facility),
    }


def _facts(facility: Facility, names: tuple[str, ...], today: date) -> list[Fact]:
    facts = [Fact(display.label(name), display.fact(facility, name)) for name in names]
    if "region" in names:
        facts.insert(1, Fact(_("Province"), f"{facility.region.parent} ({facility.zone_label})"))
        if facility.latitude is not None and facility.longitude is not None:
            place = f"{display.fact(facility, 'latitude')}; {display.fact(facility, 'longitude')}"
            facts.append(Fact(_("Coordinates"), place))
    if "licence_until" in names and facility.licence_until and (facility.licence_until - today).days <= SOON_DAYS:
        tone = "danger" if facility.licence_until < today else "attention"
        until = names.index("licence_until")
        facts[until] = Fact(facts[until].label, facts[until].value, tone=tone)
    return facts


def _holds(row: Capacity | IpwlDesignation, day: date) -> bool:
    return row.starts_on <= day and (row.ends_on is None or row.ends_on > day)


def _with_state(decree: IpwlDesignation, today: date) -> IpwlDesignation:
    """For the template: whether the decree holds, and whether it ends soon."""
    decree.holds = _holds(decree, today)
    decree.soon = decree.holds and decree.ends_on is not None and (decree.ends_on - today).days <= SOON_DAYS
    return decree


def _by_role(posts: list[Posting]) -> list[tuple[str, int]]:
    return sorted(Counter(post.get_role_display() for post in posts).items())
