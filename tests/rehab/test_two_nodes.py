"""Two web servers on one database are one Titian: signed in at one is signed in at the other, and twice is once."""

import http.cookiejar
import os
import re
import socket
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest
from django.conf import settings

from facilities.models import Strengthening
from rehab.embedded import postgres, processes
from rehab.roles import Role
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]
PROJECT = Path(__file__).resolve().parent.parent.parent
WEB = [
    "-m",
    "gunicorn",
    "rehab.wsgi",
    "--workers",
    "1",
    "--threads",
    "2",
    "--no-control-socket",
    "--log-level",
    "error",
]


class Visitor:
    """A browser that keeps its cookies, whichever server it asks."""

    def __init__(self) -> None:
        self._opener = build_opener(HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def get(self, node: str, path: str) -> str:
        with self._opener.open(node + path, timeout=20) as answer:
            return answer.read().decode()

    def post(self, node: str, path: str, **fields: str) -> str:
        request = Request(node + path, urlencode(fields).encode(), {"Referer": f"{node}/"})
        with self._opener.open(request, timeout=20) as answer:
            return answer.url


@pytest.fixture
def nodes(tmp_path):
    database = settings.DATABASES["default"]
    address = postgres.url(postgres.APPLICATION, Path(database["HOST"]), database["NAME"])
    environment = os.environ | {"DATABASE_URL": address, "TITIAN_DB_ROLE": ""}
    children, found = [], []
    for number in range(2):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [sys.executable, *WEB, "--bind", f"127.0.0.1:{port}"]
        log = tmp_path / f"web{number}.log"
        children.append(processes.start("web", command, log=log, environment=environment, cwd=PROJECT))
        found.append(f"http://127.0.0.1:{port}")
    yield found
    for child in children:
        child.stop()


def _awake(visitor: Visitor, node: str) -> str:
    deadline = time.monotonic() + 60
    while True:
        try:
            return visitor.get(node, "/masuk/login/")
        except URLError:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def _hidden(page: str, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]+)"', page)[1]


def test_signed_in_at_one_is_signed_in_at_both_and_a_form_sent_to_both_counts_once(nodes):
    place = factories.facility()
    staff = factories.user(Role.UNIT_STAFF, place.unit)
    visitor, (one, other) = Visitor(), nodes
    page = _awake(visitor, one)
    _awake(visitor, other)
    token = _hidden(page, "csrfmiddlewaretoken")
    visitor.post(one, "/masuk/login/", login=staff.username, password=factories.PASSWORD, csrfmiddlewaretoken=token)

    address = f"/fasilitas/{place.code}/penguatan/"
    form = visitor.get(other, address)
    told = {
        "csrfmiddlewaretoken": _hidden(form, "csrfmiddlewaretoken"),
        "form_token": _hidden(form, "form_token"),
        "unit": str(place.unit_id),
        "held_on": "2020-01-01",
        "kind": "bimtek",
        "note": "",
    }
    for node in (one, other, one):
        visitor.post(node, address, **told)
    assert Strengthening.objects.filter(facility=place).count() == 1
