"""The entries of Hari ini."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.template import Context, Template

from rehab.panels import TodayItem


def drawn(*items, key="due", left=0, more=""):
    text = "{% load day %}{% day_items items key left more %}"
    return Template(text).render(Context({"items": items, "key": key, "left": left, "more": more, "csrf_token": "abc"}))


def test_what_people_typed_is_escaped():
    html = drawn(TodayItem("due", "<b>Rina</b>", 'a "quote" & more', "/x/?a=1&b=2"))
    assert '<a href="/x/?a=1&amp;b=2">&lt;b&gt;Rina&lt;/b&gt;</a>' in html
    assert "a &quot;quote&quot; &amp; more" in html


def test_an_hour_stands_only_with_the_sessions_of_today():
    at = datetime(2026, 11, 2, 9, 30, tzinfo=ZoneInfo("Asia/Jakarta"))
    assert "09.30" in drawn(TodayItem("today", "x", when=at), key="today")
    assert "02-11-2026" in drawn(TodayItem("due", "x", when=at))
    assert "02-11-2026" in drawn(TodayItem("today", "x", when=date(2026, 11, 2)), key="today")


def test_urgent_is_overdue_among_what_is_due():
    assert "terlambat" in drawn(TodayItem("due", "x", urgent=True)).lower()
    assert "chip-attention" in drawn(TodayItem("attention", "x", urgent=True), key="attention")


def test_one_tap_posts_with_its_token_and_else_it_is_a_link():
    tap = drawn(TodayItem("today", "x", act_label="Semua hadir", act_url="/hadir/", act_posts=True))
    assert 'method="post" action="/hadir/"' in tap
    assert 'value="abc"' in tap
    assert 'name="next" value="today"' in tap
    assert '<a class="btn btn-outline-primary item-act" href="/catat/">' in drawn(
        TodayItem("today", "x", act_label="Catat", act_url="/catat/")
    )


def test_the_way_to_the_others_tells_how_many():
    html = drawn(TodayItem("due", "x"), left=1200, more="/semua/")
    assert '<li class="day-more"><a href="/semua/">' in html
    assert "1.200" in html
