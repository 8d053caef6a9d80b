"""People who work at the same time, for `locust -f`: signed in, each goes about the pages of the own role.

TITIAN_PEOPLE names a JSON file: [{"session", "role", "unit", "year"}]; load.py writes it.
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
        # From one address more than thirty sign-ins a minute are refused, so each comes with a session of its own.
        self.client.cookies.set("sessionid", self.me["session"])
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
