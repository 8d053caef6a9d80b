"""Pages against a floor: the trivial scoped list of fifty rows in the same Django, template, join and sign-in included."""

import gzip
import time
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client as Browser
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import include, path

from clients.models import Client, Episode
from rehab.demo import LOGINS
from rehab.models import User

RUNS = 15
FLOOR = "/lantai/"
FLOOR_TEMPLATE = (
    "<table>{% for row in rows %}<tr><td>{{ row.client.code }}</td><td>{{ row.status }}</td></tr>{% endfor %}</table>"
)


@login_required
def floor(request: HttpRequest) -> HttpResponse:
    rows = Episode.objects.visible_to(request.user).select_related("client").order_by("-id")[:50]
    return HttpResponse(engines["django"].from_string(FLOOR_TEMPLATE).render({"rows": rows}, request))


urlpatterns = [path(FLOOR.strip("/") + "/", floor), path("", include("rehab.urls"))]


@dataclass(frozen=True)
class Page:
    """`seconds` is the median of the runs, `ratio` that over the floor's, `zipped` the size as sent in bytes."""

    name: str
    login: str
    queries: int
    seconds: float
    ratio: float
    zipped: int


def pages(year: int) -> list[tuple[str, str, str]]:
    """(name, login, address) of each page that is measured."""
    code = (
        Client.objects.filter(treatments__facility__name=LOGINS[0].place)
        .order_by("-id")
        .values_list("code", flat=True)[0]
    )
    return [
        ("Hari ini", "konselor", "/hari-ini/"),
        ("client list", "konselor", "/klien/"),
        ("register form", "konselor", "/klien/daftar/"),
        ("client page", "konselor", f"/klien/{code}/"),
        ("aftercare list", "konselor", "/pasca/"),
        ("facility list", "admin.ntt", "/fasilitas/"),
        ("people", "admin.ntt", "/orang/"),
        ("dashboard, province", "staf.ntt", f"/capaian/BNNP-53/{year}/"),
        ("dashboard, nation", "analis", f"/capaian/BNN/{year}/"),
        ("members of a number", "staf.ntt", f"/capaian/BNNP-53/{year}/clients_rehabilitated/"),
        ("reports", "staf.ntt", "/laporan/"),
        ("TAT cases", "tat.ntt", "/tat/"),
    ]


def measure(year: int) -> Iterator[Page]:
    with override_settings(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"]):
        yield from _measured(year)


def _measured(year: int) -> Iterator[Page]:
    floors: dict[str, float] = {}
    for name, login, address in pages(year):
        browser = Browser(headers={"accept-encoding": "gzip"})
        browser.force_login(User.objects.get(username=login))
        if login not in floors:
            floors[login] = _seconds(browser, FLOOR)
        seconds = _seconds(browser, address)
        with CaptureQueriesContext(connection) as caught:
            response = browser.get(address)
        body = response.content
        zipped = len(body) if response.get("Content-Encoding") == "gzip" else len(gzip.compress(body))
        queries = sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")) for query in caught)
        yield Page(name, login, queries, seconds, seconds / floors[login], zipped)


def _seconds(browser: Browser, address: str) -> float:
    times = []
    for number in range(RUNS + 2):
        begun = time.perf_counter()
        response = browser.get(address)
        if response.status_code != 200:
            raise RuntimeError(f"{address}: {response.status_code}")
        if number >= 2:
            times.append(time.perf_counter() - begun)
    return median(times)
