from datetime import date

import pytest
from django.utils import translation

from assessments.paper import FeedbackData, feedback_pdf, paper


def feedback(**changed) -> FeedbackData:
    scale = {
        "label": "Tembakau",
        "score": "27",
        "band": "Risiko tinggi",
        "level": 2,
        "levels": 3,
        "meaning": "Besar kemungkinan Anda sudah mengalami ketergantungan.",
        "advice": "Ikuti asesmen lanjutan.",
    }
    unknown = {"label": "Zat lain", "score": "–", "band": "", "level": None, "levels": 0, "meaning": "", "advice": ""}
    plain = {
        "demo": True,
        "letterhead": {"lines": ["BNNP NTT", "KLINIK PRATAMA"], "address": ""},
        "instrument": "ASSIST 3.1",
        "facility": "Klinik Pratama BNNP NTT",
        "client_code": "K-7QX4-2M",
        "client_name": "",
        "assessed": date(2019, 3, 4),
        "place": "Kupang",
        "assessor": "Rina Contoh",
        "assessor_position": "Asesor",
        "intro": "Hasil jawaban Anda.",
        "scales": [scale, unknown],
        "bands": [{"name": "Risiko rendah", "range": "0–3", "meaning": "Teruskan."}],
        "advice": ["Datang lagi pada 11 Maret 2019."],
        "closing": "Terima kasih.",
        "hash": "",
    }
    return plain | changed


def test_the_name_stands_on_the_sheet_only_when_it_is_given():
    assert "Nama" not in dict(paper(feedback())["facts"])
    assert dict(paper(feedback(client_name="Budi Contoh"))["facts"])["Nama"] == "Budi Contoh"


def test_the_sheet_is_indonesian_whatever_the_screen_is():
    with translation.override("en"):
        assert dict(paper(feedback())["facts"])["Tanggal asesmen"] == "4 Maret 2019"


@pytest.mark.parametrize(
    "changed",
    [{}, {"scales": [], "bands": [], "advice": [], "intro": "", "closing": "", "demo": False}, {"hash": "ab12" * 16}],
)
def test_every_sheet_can_be_printed_and_is_the_same_each_time(changed):
    first = feedback_pdf(feedback(**changed))
    assert first.startswith(b"%PDF-")
    assert first == feedback_pdf(feedback(**changed))
