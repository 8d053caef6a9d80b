"""A list of clients as a file: what was recorded when it was asked for, row by row, with a head that says who and why."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from itertools import chain

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from clients.actions.exports import Order
from clients.models import Client, Identity
from clients.queries import columns as listed
from clients.queries.columns import Column, Value
from clients.queries.identities import context
from rehab import labels, vault
from rehab.models import User
from rehab.numbers import format_date
from rehab.tabular.writing import SheetOut, csv_pieces, xlsx_pieces

CHUNK = 2_000
# Said by columns of their own in every file, or no fact of its own.
LEFT_OUT = {"about", "age_group", "status"}
_OF_CLIENT = ("pk", "code", "sex", "birth_year", "region__name")


@dataclass(frozen=True)
class File:
    """What goes along. `head` are the lines on top, a name and a text each; `identity` whether names and NIKs go along."""

    user: User
    keys: "array[int]"
    columns: list[Column]
    head: list[tuple[str, Value]]
    identity: bool = False
    language: str = field(default_factory=translation.get_language)
    zone: tzinfo = field(default_factory=timezone.get_current_timezone)

    def csv(self) -> Iterator[bytes]:
        head = [*self.head, (), tuple(self.heading)]
        return csv_pieces(self._first, chain(head[1:], self.rows()))

    def xlsx(self) -> Iterator[bytes]:
        about = SheetOut(_("About this list"), self._first, self.head[1:], (28, 80))
        return xlsx_pieces([about, SheetOut(_("Clients"), self.heading, self.rows(), (14, 12, 10, 12, 24, 18))])

    @property
    def _first(self) -> list[str]:
        return [str(word) for word in self.head[0]]

    @property
    def heading(self) -> list[str]:
        first = [_("Code"), _("Sex"), _("Year of birth"), _("Age group"), _("Region"), _("Status")]
        names = [_("Name"), _("NIK")] if self.identity else []
        return [*first, *names, *(str(column.label) for column in self.told)]

    @property
    def told(self) -> list[Column]:
        return [column for column in self.columns if column.key not in LEFT_OUT]

    def rows(self) -> Iterator[list[Value]]:
        """Two queries for two thousand clients at a time, one more for names; memory does not grow with their number."""
        for start in range(0, len(self.keys), CHUNK):
            # The page that asked is long gone when most of it is written.
            with translation.override(self.language), timezone.override(self.zone):
                chunk = self._chunk(list(self.keys[start : start + CHUNK]))
            yield from chunk

    def _chunk(self, keys: list[int]) -> list[list[Value]]:
        fixed = listed.columns_for(self.user)
        age, status, told = fixed["age_group"].reader(), fixed["status"].reader(), self.told
        readers = [column.reader() for column in told]
        sexes = {value: str(word) for value, word in labels.words(Client, "sex").items()}
        held = {row.pk: row for row in Client.objects.filter(pk__in=keys).values_list(*_OF_CLIENT, named=True)}
        names = self._names(keys) if self.identity else {}
        found = []
        for known in listed.known(self.user, [held[key] for key in keys if key in held], told):
            client = known.client
            row = [client.code, sexes[client.sex], client.birth_year, age(known), client.region__name, status(known)]
            if self.identity:
                row += names.get(client.pk, ("", ""))
            found.append([*row, *(read(known) for read in readers)])
        return found

    def _names(self, keys: list[int]) -> dict[int, tuple[str, str]]:
        rows = Identity.objects.filter(client__in=keys).values_list(
            "client_id", "client__code", "client__data_key", "name", "nik"
        )
        found = {}
        for pk, code, key, name, nik in rows:
            who, number = vault.decrypt_all(key, [(name, context("name", code)), (nik, context("nik", code))])
            found[pk] = (who, number)
        return found


def head(*, by: User, at: datetime, order: Order, sentence: str, number: int) -> list[tuple[str, Value]]:
    """Who took what along, when and why, as the first lines of the file."""
    place = getattr(getattr(by, "active_post", None), "place", None)
    found: list[tuple[str, Value]] = [
        (_("List of clients"), _("confidential: health data of persons")),
        (_("Downloaded by"), f"{by.name} · {place}" if place else by.name),
        (_("Downloaded on"), f"{format_date(at)} {at:%H.%M} {place.zone_label if place else ''}".strip()),
        (_("Purpose"), f"{order.purpose.label}: {order.note.strip()}"),
        (_("Narrowed to"), sentence),
        (_("Clients"), number),
    ]
    return [*found, (_("Why with names"), order.identity_reason.strip())] if order.with_identity else found
