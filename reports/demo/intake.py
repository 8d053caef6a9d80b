"""Two small papers and a card of mandatory report for the demo's clinic, and a consent that ends soon."""

import struct
import zlib
from datetime import timedelta

from clients.actions import cards, consents, documents
from clients.enums import Admission, ConsentScope, DocumentKind
from clients.models import Client
from facilities.models import Facility
from rehab.models import User
from rehab.uploads import Upload

LETTER = ("DATA CONTOH", "Surat rujukan", "Puskesmas Contoh Kupang", "Klien dirujuk untuk rawat jalan.")


def intake(facility: Facility, *, by: User) -> None:
    """For two clients in treatment there: the latest who came by mandatory report, and the latest who came of their own."""
    held = facility.treatments.open().exclude(started_on=None).select_related("client", "episode").order_by("-pk")
    reported = held.filter(episode__admission=Admission.MANDATORY_REPORT).first()
    voluntary = held.filter(episode__admission=Admission.VOLUNTARY).first()
    if reported:
        cards.issue(by=by, client=reported.client, facility=facility, issued_on=reported.episode.opened_on)
        _keep(reported.client, facility, by, DocumentKind.ID_CARD, "ktp-contoh.png", _picture())
    if voluntary:
        _keep(voluntary.client, facility, by, DocumentKind.REFERRAL, "rujukan-contoh.pdf", _letter())
        soon = facility.local_date() + timedelta(days=20)
        consents.give(by=by, client=voluntary.client, facility=facility, scope=ConsentScope.REFERRAL, ends_on=soon)


def _keep(client: Client, facility: Facility, by: User, kind: str, name: str, content: bytes) -> None:
    with Upload.holding(content, name) as upload:
        documents.store(by=by, client=client, facility=facility, kind=kind, upload=upload)


def _picture(wide: int = 342, high: int = 216) -> bytes:
    """A card in grey with a portrait's place and lines where words would stand, as PNG."""
    rows = bytearray()
    for y in range(high):
        row = bytearray([235]) * wide
        if 60 < y < 170:
            row[240:315] = bytes([190]) * 75
        if y > 60 and y % 22 < 6 and y < 180:
            short = y // 22 % 3 * 30
            row[24 : 200 - short] = bytes([120]) * (176 - short)
        if 20 < y < 36:
            row[90:250] = bytes([90]) * 160
        rows += b"\0" + row
    head = struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(part)) + name + part + struct.pack(">I", zlib.crc32(name + part)) for name, part in parts
    )


def _letter() -> bytes:
    """One page of plain words, as PDF."""
    words = " T* ".join(f"({line}) Tj" for line in LETTER)
    stream = f"BT /F1 16 Tf 26 TL 72 760 Td {words} ET".encode()
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    made, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj%s endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return made + b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        table,
        len(made),
    )
