"""A real server on loopback, for the county of tests/county.py."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from minsheng.core.errors import UserError
from minsheng.core.home import Home
from minsheng.landing import record_opening
from minsheng.landing.editions import land_edition
from minsheng.stages.open import write_templates
from minsheng.template.month import month_forms
from minsheng.web.app import application
from minsheng.web.buckets import Buckets
from minsheng.web.service import Service
from minsheng.web.serving import server
from minsheng.web.tokens import new_token
from tests.county import IN_MAY, IN_TIME, County
from tests.workbooks import lushan

PATIENT = Buckets(capacity=100_000, refill_seconds=0.001)


class Desk:
    """The service, its county, and the moment of its clock."""

    def __init__(self, folder: Path) -> None:
        self.county = County(folder)
        self.moment = IN_TIME
        self.url = ""
        self.trouble: UserError | None = None
        land_edition(self.county.home, lushan(), IN_MAY - timedelta(days=90))
        for month in (3, 4, 5):
            record_opening(self.county.home, "lushan-2022", f"2022-{month:02}", IN_MAY)
        for unit in ("CGJ", "MZJ"):
            templates = self.county.home.templates / "lushan-2022" / "2022-05"
            write_templates(month_forms(lushan(), "2022-05"), templates, unit)
        self.token = new_token(self.county.home, "CGJ", IN_MAY)
        self.other_token = new_token(self.county.home, "MZJ", IN_MAY)

    def clock(self, home: Home) -> datetime:
        """A moment after the last, as no two files come at one."""
        if self.trouble:
            raise self.trouble
        self.moment += timedelta(seconds=1)
        return self.moment

    def client(self, token: str | None = None, **headers: str) -> httpx.Client:
        bearer = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(base_url=self.url, headers=bearer | headers, timeout=60, trust_env=False)

    @contextmanager
    def signed_in(self) -> Iterator[httpx.Client]:
        """A browser's client with a session."""
        with self.client(Accept="text/html") as client:
            assert client.post("/sign-in", data={"token": self.token}).status_code == 303
            yield client


@contextmanager
def served(desk: Desk, by_address: Buckets = PATIENT, by_token: Buckets = PATIENT) -> Iterator[Desk]:
    """The service while it runs, in a thread of its own."""
    service = Service(desk.county.home.installation, desk.clock, tries_by_address=by_address, tries_by_token=by_token)
    with listening(service) as desk.url:
        yield desk


@contextmanager
def listening(service: Service) -> Iterator[str]:
    """A service in a thread of its own; gives its address."""
    with socket.create_server(("127.0.0.1", 0)) as opened:
        running = server(application(service), "127.0.0.1", 0, "")
        thread = threading.Thread(target=running.run, kwargs={"sockets": [opened]})
        thread.start()
        deadline = time.monotonic() + 60
        while not running.started and thread.is_alive() and time.monotonic() < deadline:
            time.sleep(0.02)
        try:
            assert running.started
            yield f"http://127.0.0.1:{opened.getsockname()[1]}"
        finally:
            running.should_exit = True
            thread.join(30)
            assert not thread.is_alive()


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with served(Desk(tmp_path_factory.mktemp("web"))) as running:
        yield running
