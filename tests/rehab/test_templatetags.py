"""Formats as UI.md writes them, on the clocks of the place where one works."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from rehab import once
from rehab.templatetags import titian


def rendered(source: str, **context: object) -> str:
    return Template(source).render(Context(context)).strip()


@pytest.fixture(autouse=True)
def kupang():
    with translation.override("id"), timezone.override("Asia/Makassar"):
        yield


@pytest.mark.parametrize(
    ("source", "value", "shown"),
    [
        ("{{ x|tanggal }}", date(2019, 11, 12), "12 November 2019"),
        ("{{ x|tanggal }}", datetime(2019, 8, 11, 16, 30, tzinfo=UTC), "12 Agustus 2019"),
        ("{{ x|tanggal }}", None, "–"),
        ("{{ x|tanggal_pendek }}", date(2019, 11, 2), "02-11-2019"),
        ("{{ x|tanggal_pendek }}", None, "–"),
        ("{{ x|waktu }}", datetime(2019, 11, 12, 2, 42, tzinfo=UTC), "10.42 WITA"),
        ("{{ x|waktu }}", None, "–"),
        ("{{ x|jam }}", datetime(2019, 11, 12, 2, 5, tzinfo=UTC), "10.05"),
        ("{{ x|angka }}", 13320, "13.320"),
        ("{{ x|angka }}", Decimal("3.62"), "3,62"),
        ("{{ x|angka:1 }}", Decimal("3.65"), "3,7"),
        ("{{ x|angka }}", 0, "0"),
        ("{{ x|angka }}", None, "–"),
        ("{{ x|angka }}", "", "–"),
        ("{{ x|persen }}", Decimal("96.67"), "96,67\N{NO-BREAK SPACE}%"),
        ("{{ x|persen:0 }}", 50, "50\N{NO-BREAK SPACE}%"),
        ("{{ x|persen }}", None, "–"),
        ("{{ x|rupiah }}", 165450000, "Rp165.450.000"),
        ("{{ x|rupiah }}", None, "–"),
        ("{{ x|or_dash }}", "", "–"),
        ("{{ x|or_dash }}", 0, "0"),
        ("{{ x|or_dash }}", "Rina Contoh", "Rina Contoh"),
    ],
)
def test_values_are_shown_as_indonesian_papers_print_them(source, value, shown):
    assert rendered(source, x=value) == shown


@pytest.mark.parametrize(
    ("zone", "label"), [("Asia/Jakarta", "WIB"), ("Asia/Makassar", "WITA"), ("Asia/Jayapura", "WIT"), ("UTC", "")]
)
def test_the_zone_label_is_that_of_the_place(zone, label):
    with timezone.override(zone):
        assert titian.zone_label(datetime(2026, 1, 1, tzinfo=UTC)) == label


def test_a_bar_is_cut_at_its_ends_and_written_with_a_point():
    html = rendered("{% bar share mark=90.5 tone='reached' %}", share=Decimal("230.00"))
    assert 'class="bar bar-reached"' in html
    assert 'class="bar-fill" width="100.00"' in html
    assert 'class="bar-mark" x="90.50"' in html
    assert 'width="0.00"' in rendered("{% bar share %}", share=None)


def test_every_form_token_is_a_new_one():
    first, second = rendered("{% form_token %}"), rendered("{% form_token %}")
    assert first != second
    assert f'<input type="hidden" name="{once.FIELD}" value="' in first


def test_an_icon_is_hidden_from_screen_readers_and_an_unknown_one_is_a_dot():
    assert 'aria-hidden="true"' in rendered("{% icon 'today' %}")
    assert "<circle" in rendered("{% icon 'no such drawing' %}")
