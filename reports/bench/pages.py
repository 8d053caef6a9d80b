"""Pages: how many queries, and how long against the floor of a trivial list for the same reader."""

import gzip
import re
from collections.abc import Callable, Iterator

from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from clients.models import Client
from rehab.roles import Role
from reports.bench import floors, people
from reports.bench.clockwork import in_turns
from reports.bench.results import Result

PART = "Pages"
LISTS_BUDGET, FURTHER_BUDGET, MOST_QUERIES = 2.0, 1.5, 12
FAR = 40
_NEXT = re.compile(r'href="([^"]*[?&]after=\d+[^"]*)"')
_OVERHEAD = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")


def measure(year: int) -> Iterator[Result]:
    facility, province, nation = people.busiest_facility(), people.busiest_province(), people.nation()
    with floors.beside():
        counselor = people.browser(Role.COUNSELOR, facility)
        staff = people.browser(Role.UNIT_STAFF, province)
        admin = people.browser(Role.UNIT_ADMIN, nation)
        watcher = people.browser(Role.UNIT_STAFF, nation)
        for name, browser, address in (
            ("clients, of the busiest facility", counselor, "/klien/"),
            ("clients, of the busiest province", staff, "/klien/"),
            ("clients of the nation", watcher, "/klien/"),
            ("clients of a facility, out of touch", counselor, "/klien/?silent=30"),
            ("clients of a province, by door", staff, "/klien/?status=open&admission=court"),
            ("clients of a province, by period", staff, f"/klien/?opened_from={year}-01-01&opened_to={year}-02-28"),
            ("clients of the nation, by substance", watcher, "/klien/?main_substance=cocaine"),
            ("aftercare of a facility", counselor, "/pasca/"),
            ("facilities of the nation", admin, "/fasilitas/"),
            ("people of the nation", admin, "/orang/"),
            ("members of a province's number", staff, f"/capaian/{province.code}/{year}/clients_rehabilitated/"),
            ("reports of a province", staff, "/laporan/"),
        ):
            yield _against_floor(name, browser, address)
        yield _far_down(staff)
        yield _name_search(staff, province)


def _against_floor(name: str, browser: Browser, address: str) -> Result:
    figure, floor = in_turns(getting(browser, address), getting(browser, floors.LIST))
    queries, size = asked(browser, address)
    note = f"{queries} queries{' (too many)' if queries > MOST_QUERIES else ''}, {size / 1000:.0f} kB"
    return Result(PART, name, figure, "ms", floor, "trivial list", LISTS_BUDGET, note=note)


def _far_down(browser: Browser) -> Result:
    address = "/klien/"
    for _ in range(FAR):
        page = browser.get(address, headers={"accept-encoding": "identity"})
        found = _NEXT.search(page.content.decode())
        if found is None:
            break
        address = found[1].replace("&amp;", "&")
    figure, floor = in_turns(getting(browser, address), getting(browser, "/klien/"))
    return Result(PART, f"clients, page {FAR + 1}", figure, "ms", floor, "first page", FURTHER_BUDGET)


def _name_search(browser: Browser, province) -> Result:
    """A common name, in the scope of a province; the floor is the first page of its list."""
    search = posting(browser, "/klien/cari/", {"q": "Contoh"})
    figure, floor = in_turns(search, getting(browser, "/klien/"), rounds=9)
    return Result(PART, "search by a common name", figure, "ms", floor, "first page", FURTHER_BUDGET)


def getting(browser: Browser, address: str) -> Callable[[], bytes]:
    def work() -> bytes:
        response = browser.get(address)
        if response.status_code != 200:
            raise RuntimeError(f"{address}: {response.status_code}")
        return b"".join(response) if response.streaming else response.content

    return work


def posting(browser: Browser, address: str, data: dict[str, str]) -> Callable[[], bytes]:
    def work() -> bytes:
        response = browser.post(address, data)
        if response.status_code != 200:
            raise RuntimeError(f"{address}: {response.status_code}")
        return response.content

    return work


def asked(browser: Browser, address: str) -> tuple[int, int]:
    """How many queries the whole request makes, and how many bytes are sent."""
    with CaptureQueriesContext(connection) as caught:
        response = browser.get(address)
    body = response.content
    size = len(body) if response.get("Content-Encoding") == "gzip" else len(gzip.compress(body))
    return sum(not query["sql"].startswith(_OVERHEAD) for query in caught), size


def seconds_in_database(browser: Browser, address: str) -> float:
    """Milliseconds that the statements of one request take, as the connection counts them."""
    with CaptureQueriesContext(connection) as caught:
        browser.get(address)
    return 1000 * sum(float(query["time"]) for query in caught)


def some_client(facility) -> str:
    return Client.objects.filter(treatments__facility=facility).order_by("-id").values_list("code", flat=True)[0]
