"""Nonsense in addresses, parameters and posts is refused or passed over: never an error of ours."""

import pytest
from django.test import Client as Browser

from rehab.roles import Role
from tests import factories
from tests.test_crawler import World, address, routes, world  # noqa: F401  # world is a fixture

NASTY = [
    "", "0", "-1", "9" * 19, "9" * 5000, "٣", "²", "NaN", "\x00", "a\x00b", "a/b", "../..", "%", "😀", "x" * 10_000,
    "1899-12-31", "9999-12-31", "2019-02-30", "\u202e", "[]",
]  # fmt: skip
# Every parameter that a page reads from its address.
PARAMETERS = [
    "after", "before", "all", "kind", "status", "admission", "facility", "show", "unit", "year", "month", "scope", "chart",
    "sort", "sex", "setting", "age_group", "admission_group", "ownership", "bagian", "name", "role", "place", "state", "on",
    "q", "province", "service", "owner", "ipwl", "next",
]  # fmt: skip
LISTS = {
    Role.COUNSELOR: ["klien/", "pasca/", "hari-ini/", "klien/<str:code>/", "klien/<str:code>/pembuka/", "asesmen/<int:pk>/"],
    Role.UNIT_STAFF: [
        "capaian/", "capaian/<str:code>/<int:year>/", "capaian/<str:code>/<int:year>/<slug:indicator>/",
        "capaian/<str:code>/<int:year>/belum-dihitung/", "angka-terbit/", "laporan/", "laporan/buat/",
    ],
    Role.UNIT_ADMIN: ["fasilitas/", "orang/", "orang/baru/", "unit/", "pengaturan/"],
    Role.TAT_SECRETARIAT: ["tat/"],
}  # fmt: skip


def visit(role: Role, world: World) -> Browser:  # noqa: F811
    browser = Browser(raise_request_exception=False)
    browser.force_login(factories.user(role, world.facility if role == Role.COUNSELOR else world.unit))
    return browser


@pytest.mark.parametrize("role", LISTS)
def test_no_parameter_breaks_a_page(world, role):  # noqa: F811
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


def test_no_address_breaks_a_page(world):  # noqa: F811
    found = []
    for role in LISTS:
        browser = visit(role, world)
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
