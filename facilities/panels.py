"""What the register shows in the frame: its places in the menu, and what an admin should look at today."""

from datetime import date, timedelta

from django.db.models import DateField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.access import can, facility_ids, resets_to_decide
from facilities.enums import Qualifying
from facilities.models import Facility, IpwlDesignation, Posting, Qualification
from facilities.roster import EXPIRY_DAYS
from rehab import panels, tunables, worklists
from rehab.models import User
from rehab.panels import MenuItem, TodayItem
from rehab.roles import Permission
from rehab.worklists import Day, Worklist

SOON = timedelta(days=60)
SHOWN = 20
_PAGES = (
    "list facility add edit close reopen change_term correct_term ipwl end_ipwl capacity strengthening units add_unit rename_unit move_unit close_unit"
).split()
_PEOPLE = (
    "people person create_person give_by_email give_post end_post deactivate reactivate access unit_access"
    " ask_two_step_reset decide_two_step_reset"
    " qualifications add_qualification correct_qualification remove_qualification"
).split()

tunables.declare(
    tunables.Tunable(
        EXPIRY_DAYS,
        gettext_lazy("Days before the end of a licence or certificate of staff from which Today says so"),
        60,
        hint=gettext_lazy("Said to the person and to those who keep the facility."),
        default_source=gettext_lazy("Chosen for Titian"),
        least=1,
        most=365,
    )
)

panels.add_menu(
    MenuItem(
        gettext_lazy("Facilities"), "facilities:list", "facilities", frozenset({Permission.SEE_FACILITIES}), 30,
        tuple(f"facilities:{name}" for name in _PAGES),
    ),
    MenuItem(
        gettext_lazy("People"), "facilities:people", "people", frozenset({Permission.MANAGE_PEOPLE}), 70,
        tuple(f"facilities:{name}" for name in _PEOPLE),
    ),
    MenuItem(
        gettext_lazy("Settings"), "facilities:settings", "settings", frozenset({Permission.EDIT_SETTINGS}), 80,
        ("facilities:setting",),
    ),
)  # fmt: skip


@panels.today.register(order=10)
def resets(user: User, on: date) -> list[TodayItem]:
    """Colleagues' requests to reset somebody's two-step sign-in that wait for this person's consent."""
    if not can(user, Permission.MANAGE_PEOPLE):
        return []
    return [
        TodayItem(
            "attention",
            _("Reset of the two-step sign-in of %(name)s") % {"name": reset.user.name},
            _("%(who)s asks for your consent") % {"who": reset.asked_by.name},
            reverse("facilities:decide_two_step_reset", args=[reset.user_id]),
            reset.expires_at,
        )
        for reset in resets_to_decide(user)[:SHOWN]
    ]


@panels.today.register(order=60)
def ending_papers(user: User, on: date) -> list[TodayItem]:
    """Licences and IPWL decrees that end within sixty days, or licences that have ended, for those who keep the facility."""
    kept = facility_ids(user, Permission.EDIT_FACILITIES, Permission.EDIT_OWN_FACILITY)
    if not kept:
        return []
    return _licences(kept, on) + _decrees(kept, on)


def _licences(kept: frozenset[int], on: date) -> list[TodayItem]:
    found = (
        Facility.objects.filter(pk__in=kept, licence_until__lte=on + SOON).open_on(on).order_by("licence_until")[:SHOWN]
    )
    return [
        TodayItem(
            "due",
            _("Operating licence of %(name)s") % {"name": facility.name},
            _("has ended") if facility.licence_until < on else _("ends soon"),
            reverse("facilities:facility", args=[facility.code]),
            facility.licence_until,
            urgent=facility.licence_until < on,
        )
        for facility in found
        if facility.licence_until  # those asked for have one
    ]


def _decrees(kept: frozenset[int], on: date) -> list[TodayItem]:
    holding = Q(starts_on__lte=on, ends_on__gt=on, ends_on__lte=on + SOON, facility__in=kept, facility__closed_on=None)
    found = IpwlDesignation.objects.filter(holding).select_related("facility").order_by("ends_on")[:SHOWN]
    return [
        TodayItem(
            "due",
            _("IPWL decree of %(name)s") % {"name": decree.facility.name},
            _("%(number)s ends soon") % {"number": decree.decree_number},
            reverse("facilities:facility", args=[decree.facility.code]),
            decree.ends_on - timedelta(days=1),
        )
        for decree in found
        if decree.ends_on  # those asked for have one
    ]


def _ending(day: Day) -> QuerySet | None:
    """Licences and certificates that end soon or have just ended: one's own, and those of the staff one keeps."""
    kept = facility_ids(day.user, Permission.EDIT_OWN_FACILITY)
    mine: Q | Combinable = Q(user=day.user)
    if kept:
        mine |= Exists(Posting.objects.filter(user=OuterRef("user"), facility__in=kept).on(day.on))
    span = timedelta(days=day.settings[EXPIRY_DAYS])
    rows = Qualification.objects.filter(mine).ending(day.on - span, day.on + span)
    return rows.annotate(last_on=ExpressionWrapper(F("ends_on") - Value(1), output_field=DateField()))


worklists.register(
    Worklist(
        "izin-sertifikat", "due", gettext_lazy("Licences and certificates"), _ending, "last_on",
        lambda found: reverse("facilities:qualifications", args=[found.told[2]]),
        lambda found, day: _("has ended") if found.due < day.on else _("ends soon"),
        told=("what", "user__name", "user"),
        name=lambda found: _("%(what)s of %(name)s") % {"what": Qualifying(found.told[0]).label, "name": found.told[1]},
        shown=6,
    ),
    order=90,
)  # fmt: skip
