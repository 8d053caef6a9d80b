"""People who work at the same time, for `locust -f`: each signs in and goes about the pages of the own role.

TITIAN_PEOPLE names a JSON file: [{"username", "password", "role", "unit"}]; load.py writes it.
"""

import itertools
import json
import os
import re
from pathlib import Path

from locust import HttpUser, between, task

PEOPLE = itertools.cycle(json.loads(Path(os.environ["TITIAN_PEOPLE"]).read_text()))
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
CLIENT = re.compile(r'href="(/klien/K-[^"/]+/)"')


class Worker(HttpUser):
    wait_time = between(2, 8)

    def on_start(self) -> None:
        self.me = next(PEOPLE)
        page = self.client.get("/masuk/login/", name="sign-in page")
        token = TOKEN.search(page.text)
        self.client.post(
            "/masuk/login/",
            {
                "login": self.me["username"],
                "password": self.me["password"],
                "csrfmiddlewaretoken": token[1] if token else "",
            },
            headers={"Referer": self.host or ""},
            name="sign in",
        )
        self.at_facility = self.me["role"] == "counselor"

    @task(3)
    def today(self) -> None:
        if self.at_facility:
            self.client.get("/hari-ini/", name="Hari ini")
        else:
            self.client.get(f"/capaian/{self.me['unit']}/{self.me['year']}/", name="dashboard")

    @task(4)
    def clients(self) -> None:
        page = self.client.get("/klien/", name="list of clients") if self.at_facility else None
        found = CLIENT.findall(page.text) if page is not None else []
        for address in found[:3]:
            self.client.get(address, name="client")

    @task(2)
    def search(self) -> None:
        if not self.at_facility:
            return
        page = self.client.get("/klien/", name="list of clients")
        token = TOKEN.search(page.text)
        if token:
            data = {"q": "Contoh", "csrfmiddlewaretoken": token[1]}
            self.client.post("/klien/cari/", data, headers={"Referer": self.host or ""}, name="search by name")

    @task(1)
    def members(self) -> None:
        if not self.at_facility:
            address = f"/capaian/{self.me['unit']}/{self.me['year']}/clients_rehabilitated/"
            self.client.get(address, name="members of a number")
