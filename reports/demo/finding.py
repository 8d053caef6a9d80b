"""Filters and columns that some people of the demo keep for their list of clients."""

from clients.actions import filters
from rehab.models import User


def kept(*, counselor: User, staff: User) -> None:
    filters.save(
        by=counselor, name="Tanpa kontak 30 hari", query="silent=30", columns=["about", "setting", "contact", "session"]
    )
    filters.save(
        by=counselor,
        name="Rawat jalan, berjalan",
        query="status=open&setting=outpatient",
        columns=["about", "days", "substance", "session", "score"],
    )
    filters.save(by=staff, name="Belum diasesmen", query="status=registered", columns=["about", "facility", "opened"])
