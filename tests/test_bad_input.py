"""Nonsense in addresses, parameters and posts is refused or passed over: never an error of ours."""

from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client as Browser
from django.urls import reverse

from rehab.roles import ROLES, Role
from tests import factories
from tests.test_crawler import Fields, World, address, routes, world  # noqa: F401  # world is a fixture

NASTY = [
    "", "0", "-1", "9" * 19, "9" * 5000, "٣", "²", "NaN", "\x00", "a\x00b", "a/b", "../..", "%", "😀", "x" * 10_000,
    "1899-12-31", "9999-12-31", "2019-02-30", "\u202e", "[]",
]  # fmt: skip
# Every parameter that a page reads from its address.
PARAMETERS = [
    "after", "before", "all", "kind", "status", "admission", "facility", "show", "unit", "year", "month", "scope", "chart",
    "sort", "sex", "setting", "age_group", "admission_group", "ownership", "bagian", "name", "role", "place", "state", "on",
    "q", "province", "service", "owner", "ipwl", "next", "way", "total", "day", "klien", "seperti",
    "programme", "main_substance", "opened_from", "opened_to", "started_from", "started_to", "silent", "handover", "saved", "more",
    "count",
]  # fmt: skip
LISTS = {
    Role.COUNSELOR: ["klien/", "klien/unduh/", "klien/fasilitas/", "pasca/", "hari-ini/", "sesi/", "tes-urine/", "sesi/baru/", "sesi/putus-kontak/", "klien/<str:code>/sesi/", "klien/<str:code>/", "klien/<str:code>/pembuka/", "asesmen/<int:pk>/"],
    Role.UNIT_STAFF: [
        "klien/", "capaian/", "capaian/<str:code>/<int:year>/", "capaian/<str:code>/<int:year>/<slug:indicator>/",
        "capaian/<str:code>/<int:year>/belum-dihitung/", "capaian/<str:code>/<int:year>/kartu/<slug:key>/",
        "capaian/<str:code>/<int:year>/alur/<slug:step>/", "capaian/<str:code>/<int:year>/lonjakan/", "angka-terbit/", "laporan/", "laporan/buat/",
        "capaian/<str:code>/<int:year>/peringatan/", "anggaran/<str:code>/<int:year>/",
        "target/<str:code>/<int:year>/turunan/<slug:indicator>/",
    ],
    Role.UNIT_ADMIN: ["fasilitas/", "orang/", "orang/baru/", "unit/", "pengaturan/"],
    Role.TAT_SECRETARIAT: ["tat/"],
}  # fmt: skip


class Patient(Browser):
    """Takes in what is sent in pieces, as every browser does: a file behind it is closed at its end."""

    def request(self, **request):
        response = super().request(**request)
        if response.streaming:
            response.taken = b"".join(response)
        return response


def visit(role: Role, world: World) -> Browser:  # noqa: F811  # the imported fixture
    browser = Patient(raise_request_exception=False)
    browser.force_login(factories.user(role, world.facility if role == Role.COUNSELOR else world.unit))
    return browser


@pytest.mark.parametrize(
    "role", [pytest.param(role, marks=pytest.mark.long) if role is Role.UNIT_STAFF else role for role in LISTS]
)
def test_no_parameter_breaks_a_page(world, role):  # noqa: F811  # the imported fixture
    browser = visit(role, world)
    found = []
    for route in LISTS[role]:
        for value in NASTY:
            response = browser.get(address(world, route), dict.fromkeys(PARAMETERS, value))
            if response.status_code >= 500:
                found.append((route, value[:20], repr(response.exc_info[1])[:150]))
        response = browser.get(address(world, route) + "?status=%ff%fe&after=%c3%28&year=%00")
        assert response.status_code < 500
    assert found == []


@pytest.mark.long
@pytest.mark.parametrize("role", LISTS)
def test_no_address_breaks_a_page(world, role):  # noqa: F811  # the imported fixture
    browser, found = visit(role, world), []
    for route in routes():
        if "<" not in route:
            continue
        for value in ("%00", "%20", "9" * 19, "9" * 400, "%F0%9F%98%80", "%ff"):
            where = "/" + "/".join(value if part.startswith("<") else part for part in route.split("/"))
            for method in (browser.get, browser.post):
                response = method(where)
                if response.status_code >= 500:
                    found.append((route, value[:20], repr(response.exc_info[1])[:150]))
    assert sorted(set(found)) == []


OWN_APPS = {"rehab", "facilities", "clients", "assessments", "aftercare", "reports"}
TYPED = ["\x00", "9" * 5000, "9" * 19, "x" * 10_000, "-1", "1899-12-31", "9999-12-31", "٣", "😀\u202e", "{}"]
# Posted by one's own hand these end the visit or the session.
LAST = ("/masuk/", "/bahasa/", "/pos/")


@pytest.mark.long
@pytest.mark.parametrize("role", [*LISTS, Role.SIGNATORY])
def test_no_typed_value_breaks_a_form(world, role):  # noqa: F811  # the imported fixture
    """Each field of each form that the role can open, with nonsense in it and the rest as a browser would send it."""
    browser = visit(role, world)
    forms: dict[str, dict[str, str]] = {}
    for route in routes():
        page = browser.get(address(world, route))
        if page.status_code == 200 and "html" in page["Content-Type"]:
            for action, fields in Fields(page.content.decode()).forms:
                forms[action or address(world, route)] = fields
    assert len(forms) > 3
    found = []
    for where, fields in forms.items():
        for name in _told_apart(fields) if not where.startswith(LAST) else ():
            for value in TYPED:
                with transaction.atomic():
                    response = browser.post(where, fields | {"form_token": "", name: value})
                    transaction.set_rollback(True)
                if response.status_code >= 500:
                    found.append((where, name, value[:10], repr(response.exc_info[1])[:150]))
    assert found == []


def test_a_nul_in_what_was_typed_is_left_out_before_a_view_reads_it(world):  # noqa: F811  # the imported fixture
    """Views that pass a reason on as it was posted, and one that searches for posted words."""
    doctor, counselor = Browser(), Browser()
    doctor.force_login(factories.user(Role.DOCTOR, world.facility))
    counselor.force_login(factories.user(Role.COUNSELOR, world.facility))
    prescription = world.dose.prescription
    doctor.post(reverse("clients:stop_prescription", args=[prescription.pk]), {"reason": "ala\x00san"})
    prescription.refresh_from_db()
    assert prescription.stop_reason == "alasan"
    offer = reverse("clients:offer_handover", args=[world.client.code])
    assert counselor.post(offer, {"words": "a\x00b", "find": "1"}).status_code == 200


def _told_apart(fields: dict[str, str]) -> list[str]:
    """The cells of a table are read by the same code: a dozen from all over it stand for the others."""
    names = list(fields)
    return names if len(names) <= 40 else [*names[:6], *names[6 :: len(names) // 12]]


class Filled(HTMLParser):
    """The forms of a page as somebody sends them who fills in each field: (address, fields, buttons that send it)."""

    TYPED = {"date": "2019-05-06", "time": "09:00", "number": "1", "email": "rina@contoh.test", "tel": "081200005678"}

    def __init__(self, page: str):
        super().__init__()
        self.forms: list[tuple[str, dict[str, str], list[tuple[str, str]]]] = []
        self.inside, self.select = False, ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        name, kind, value = known.get("name", ""), known.get("type", ""), known.get("value", "")
        if tag == "form":
            self.inside = known.get("method", "").lower() == "post"
            if self.inside:
                self.forms.append((known.get("action", ""), {}, []))
        elif self.inside and tag == "option" and self.select and value:
            if "selected" in known or not self.forms[-1][1].get(self.select):
                self.forms[-1][1][self.select] = value
        elif self.inside and tag == "button" and name:
            self.forms[-1][2].append((name, value))
        elif self.inside and name and tag == "select":
            self.select = name
            self.forms[-1][1].setdefault(name, "")
        elif self.inside and name and tag in {"input", "textarea"} and kind not in {"submit", "file"}:
            if "checked" in known:
                self.forms[-1][1][name] = value
            filler = "" if kind == "hidden" else self.TYPED.get(kind, "Diisi dengan tangan")
            self.forms[-1][1].setdefault(name, value or filler)

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "form"
        self.select = "" if tag == "select" else self.select


def kept_rows() -> dict[str, int]:
    """How many rows each table of ours has, versions of rows too; without what is kept of looks, drafts and tokens."""
    passing = {"rehab_auditevent", "rehab_formtoken", "rehab_draft"}
    tables = sorted(
        {model._meta.db_table for model in apps.get_models() if model._meta.app_label in OWN_APPS} - passing
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}', count(*) FROM \"{table}\"" for table in tables))
        return dict(cursor.fetchall())


@pytest.mark.long
@pytest.mark.parametrize(
    "role", [Role.COUNSELOR, Role.DOCTOR, Role.FACILITY_ADMIN, Role.UNIT_ADMIN, Role.TAT_SECRETARIAT, Role.DATA_STEWARD]
)
def test_no_form_acts_a_second_time(world, role):  # noqa: F811  # the imported fixture
    """A double click, and the back button with the same form once more: each form of each page, by each of its buttons."""
    place = world.facility if ROLES[role].at_facility else world.unit
    browser = Patient(raise_request_exception=False)
    browser.force_login(factories.user(role, factories.unit("BNN") if role is Role.DATA_STEWARD else place))
    found, acted, forms = [], set(), {}
    for route in routes():
        page = browser.get(address(world, route))
        if page.status_code == 200 and "html" in page["Content-Type"]:
            for action, fields, buttons in Filled(page.content.decode()).forms:
                for button in buttons or [()]:
                    forms[action or address(world, route), button] = fields | dict([button] if button else [])
    before = kept_rows()
    for (where, button), fields in forms.items():
        if where.startswith(LAST):
            continue
        with transaction.atomic():
            response = browser.post(where, fields)
            once = kept_rows()
            if once != before:
                acted.add(where)
                response = browser.post(where, fields)
            twice = kept_rows() if once != before else once
            transaction.set_rollback(True)
        changed = {table: (once[table], twice[table]) for table in once if once[table] != twice[table]}
        if changed or response.status_code >= 500:
            found.append((where, button, response.status_code, changed))
    assert found == []
    assert acted


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=\"nik\"\r\n\r\nhalf"),
        ("multipart/form-data; boundary=x", b"\xff\xfe\x00"),
        ("multipart/form-data", b"--"),
        ("application/x-www-form-urlencoded", b"nik=%ff%fe&name=%c3%28&=&&%00=%00"),
        ("application/x-www-form-urlencoded", b"a=1&" * 3000),
        ("application/x-www-form-urlencoded", b"name=" + b"x" * 3_000_000),
        ("application/x-www-form-urlencoded; charset=rot13", b"name=x"),
        ("application/json", b"[[[["),
        ("text/plain", b"\x00"),
    ],
)  # fmt: skip
def test_a_torn_post_is_refused(world, kind, body):  # noqa: F811  # the imported fixture
    browser = visit(Role.COUNSELOR, world)
    for where in (
        "/klien/daftar/",
        "/klien/cari/",
        "/draf/",
        "/draf/buang/",
        "/urungkan/",
        f"/asesmen/{world.assessment.pk}/simpan/",
    ):
        assert browser.generic("POST", where, body, content_type=kind).status_code < 500
