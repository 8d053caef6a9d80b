"""The register as a sheet."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypedDict, cast

from django.utils.translation import gettext as _

from facilities import display
from facilities.models import Facility, Region
from rehab.tabular.writing import Value

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Registered(TypedDict):
    """What `queries.register` adds to a facility."""

    ipwl_today: bool


COLUMNS = (
    "code", "name", "kind", "kind_note", "owner", "ownership", "unit", "region", "address", "phone", "email",
    "person_in_charge", "licence_number", "licence_issuer", "licence_until", "deed_number", "npwp", "sni_certificate",
    "services", "approaches", "payers", "programme_months", "tariff", "is_operational", "offers_aftercare", "latitude",
    "longitude", "opened_on", "closed_on", "closed_reason",
)  # fmt: skip
AS_THEY_ARE = {"licence_until", "programme_months", "tariff", "latitude", "longitude", "opened_on", "closed_on"}
WIDTHS = (9, 40, 24, 20, 20, 18, 28, 28, 40)


def heading() -> list[str]:
    return [*(display.label(name) for name in COLUMNS), _("IPWL valid today"), _("Province")]


def rows(facilities: "Iterable[WithAnnotations[Facility, Registered]]") -> Iterator[list[Value]]:
    """Expects the annotation and relations of `queries.register`."""
    for facility in facilities:
        cells = [getattr(facility, name) if name in AS_THEY_ARE else display.fact(facility, name) for name in COLUMNS]
        yield [*cells, display.value("is_operational", facility.ipwl_today), cast(Region, facility.region.parent).name]
