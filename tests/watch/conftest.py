"""A county with a data team that has a mail server, and a watch that looks at it at any hour."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from minsheng.core.home import Installation
from minsheng.core.settings import Settings
from minsheng.mail.server import Server
from minsheng.stages.receive_plan import receive_plan
from minsheng.watch.flow import watch_installation
from minsheng.watch.telling import Watched
from tests.county import IN_TIME, County
from tests.unit.mail.servers import Inbox, serving

CONTACTS = """
data_team: data@lushan.example
units:
  CGJ: [cgj@lushan.example]
  RSJ: [rsj@lushan.example, office@lushan.example]
"""


@dataclass
class Watching:
    """Looks at a county as cron would; ``letters`` are the mails the data team has since the last time asked."""

    county: County
    server: Server
    inbox: Inbox
    settings: dict[str, object]
    now: datetime = IN_TIME
    read: int = field(default=0)

    @property
    def installation(self) -> Installation:
        return Installation(self.county.folder)

    @property
    def contacts(self) -> Path:
        return self.county.folder / "contacts.yaml"

    def look(self, later: timedelta = timedelta(0), server: Server | None = None) -> Watched:
        self.now += later
        settings = Settings(_env_file=None, **self.settings)  # type: ignore[arg-type]
        return watch_installation(self.installation, settings, server or self.server, self.now)

    def letters(self) -> list[EmailMessage]:
        found = self.inbox.messages[self.read :]
        self.read += len(found)
        messages = [message_from_bytes(content, policy=default) for content in found]
        return [message for message in messages if "值守" in str(message["Subject"])]


def text_of(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert isinstance(body, EmailMessage)
    return str(body.get_content())


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[Watching]:
    county = County(tmp_path)
    receive_plan(county.run(IN_TIME))
    (tmp_path / "contacts.yaml").write_text(CONTACTS, encoding="utf-8")
    settings: dict[str, object] = {"contacts": tmp_path / "contacts.yaml", "watch_disk_percent": 0}
    inbox = Inbox()
    with serving(inbox) as server:
        yield Watching(county, server, inbox, settings)
