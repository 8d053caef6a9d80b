"""A report as `reports.paper` takes it: NTT's year 2019, with one figure of every kind."""

from datetime import date
from decimal import Decimal

from reports.paper import Line, ReportData


def line(title="Klien yang direhabilitasi", target=60, realised=58, **changed) -> Line:
    plain = {
        "key": "clients_rehabilitated",
        "title": title,
        "measure": "klien",
        "target": target,
        "realised": realised,
        "places": None,
        "lower_is_better": False,
        "source": "counted",
        "source_note": "",
        "as_of": None,
        "ceiling": None,
        "spent": None,
        "last_target": None,
        "last_realised": None,
        "obstacle": "",
        "follow_up": "",
    }
    return plain | changed


def report(**changed) -> ReportData:
    plain = {
        "demo": True,
        "draft": "",
        "year": 2019,
        "letterhead": {"lines": ["BADAN NARKOTIKA NASIONAL", "PROVINSI NUSA TENGGARA TIMUR"], "address": "Kupang"},
        "unit": "BNNP Nusa Tenggara Timur",
        "title": "Laporan Realisasi Rehabilitasi",
        "period": "Tahun 2019",
        "scope": "satuan kerja sendiri",
        "as_of": date(2019, 12, 31),
        "number": "LAP/001/I/2020",
        "issued": date(2020, 1, 3),
        "hash": "9f2c41d07ab3e881" * 4,
        "lines": [
            line(
                obstacle="=1+1",
                follow_up="Kunjungan triwulanan",
                ceiling=165_450_000,
                spent=150_000_000,
                last_target=55,
                last_realised=51,
            ),
            line("Lembaga yang diperkuat", None, 4, measure="lembaga"),
            line("Indeks kepuasan", Decimal("3.4"), None, measure="indeks", places=2),
            line("Lama menunggu", 8, 9, measure="hari", lower_is_better=True),
            line("Klien IBM", 10, 15, source="reported", source_note="Antara", as_of=date(2023, 12, 27)),
        ],
        "series": [
            {
                "title": "Klien yang direhabilitasi",
                "measure": "klien",
                "summed": True,
                "months": [
                    {"month": date(2019, month, 1), "realised": month if month < 12 else None, "target": 5}
                    for month in range(1, 13)
                ],
            }
        ],
        "breakdowns": [
            {
                "title": "Menurut jenis kelamin",
                "heading": ["Cara datang", "Laki-laki", "Perempuan"],
                "rows": [["Sukarela", 40, 6], ["Hukum", 11, None]],
                "total": ["Jumlah", 51, 7],
            }
        ],
        "notes": ["Catatan contoh."],
        "signature": {
            "place": "Kupang",
            "position": "Kepala",
            "name": "Maria Contoh",
            "identifier": "NIP 1",
            "signed": date(2020, 1, 3),
        },
    }
    return plain | changed
