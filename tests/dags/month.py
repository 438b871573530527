"""A county's month: its units, the ways by which they send, and what has come to whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from typing import Any

import duckdb
import httpx
from aiosmtpd.smtp import Envelope
from openpyxl import load_workbook

from bench.delivery import numbers
from minsheng.core.home import Home, Installation
from minsheng.landing import all_receipts
from minsheng.mail.contacts import load_contacts
from minsheng.warehouse.connection import open_to_read
from minsheng.web.tokens import new_token
from tests.county import ZONE
from tests.dags.conftest import ROOT
from tests.dags.driving import Driver
from tests.sources.conftest import Server
from tests.sources.mailbox import Mailbox
from tests.unit.mail.servers import Inbox
from tests.workbooks import as_bytes

DELIVERED = ROOT / "examples" / "lushan-2022" / "2022-02-07T1730"
_LATE_ONES = ROOT / "examples" / "lushan-2022" / "2022-02-09T1000"
CONTACTS = ROOT / "examples" / "contacts.yaml"
# Who sends by which way; whoever is not named leaves a file in the shared folder.
WAYS = {
    "sftp": ("WJW", "GAJ", "SFJ", "CZJ"),
    "ftp": ("JTYSJ", "NYNCJ", "SWJ", "CTCC"),
    "webdav": ("ZJJ", "ZRZYJ", "LYJ"),
    "s3": ("YBJ", "SCJGJ", "RHZH"),
    "smb": ("JYTYJ", "FGW", "GXJ"),
    "mail": ("MZJ", "TXW", "ZGH"),
    "page": ("ZWDSJ", "CL", "FL"),
    "database": ("CGJ",),
}
_NAME = "1月.xlsx"


class Month:
    """The county, its units, and the servers between them."""

    def __init__(self, folder: Path, driver: Driver, servers: dict[str, Server], box: Mailbox, smtp: Inbox) -> None:
        self.folder, self.driver, self.servers, self.box, self.smtp = folder, driver, servers, box, smtp
        self.home = Installation(folder / "home").home("lushan")
        self.now = at("02-01T08:00")
        self.page = ""

    def clock(self, _: Home) -> datetime:
        """A moment after the last, as no two files come at one."""
        self.now += timedelta(seconds=1)
        return self.now

    def take(self, moment: str) -> None:
        """What has come by now, as far as the mails about it."""
        self.now = at(moment)
        for dag in ("receive_submissions", "build_marts", "send_mail"):
            self.driver.run(dag, self.now)

    def chase(self, moment: str) -> None:
        """Whatever is to be written by now, and sent."""
        self.now = at(moment)
        for dag in ("chase_units", "send_mail"):
            self.driver.run(dag, self.now)

    def send(self, unit: str, content: bytes) -> str:
        """Hand in a report by the unit's way; gives the verdict where one comes at once."""
        way = next((way for way, units in WAYS.items() if unit in units), "folder")
        if way == "page":
            return self.upload(unit, content)
        if way == "mail":
            self.reply(unit, content)
        elif way == "folder":
            target = self.folder / "shared" / unit / _NAME
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        else:
            self.servers[way].put(f"{unit}/{_NAME}", content)
        return ""

    def upload(self, unit: str, content: bytes) -> str:
        """By our page, as a program hands it in."""
        token = new_token(self.home, unit, self.now)
        with httpx.Client(base_url=self.page, headers={"Authorization": f"Bearer {token}"}, trust_env=False) as client:
            answer = client.post("/submissions", files={"file": (_NAME, content)}, timeout=60)
        return str(answer.json()["verdict"])

    def reply(self, unit: str, content: bytes, to: EmailMessage | None = None) -> None:
        """By mail, to one of ours or of the unit's own accord."""
        mail = EmailMessage()
        mail["From"], mail["Subject"] = address_of(unit), "民生实事月报"
        if to is not None:
            mail["In-Reply-To"] = to["Message-ID"]
        mail.set_content("见附件")
        mail.add_attachment(content, "application", "octet-stream", filename=_NAME)
        self.box.receive(mail)

    def received(self, address: str) -> list[EmailMessage]:
        """What has come to an address, in order."""
        return [mail_of(one) for one in self.smtp.envelopes if address in one.rcpt_tos]

    def letters(self) -> Counter[str]:
        """How many letters, and answers to files, of each kind were written."""
        query = """
            select coalesce(letter.kind, mail.kind) from raw.mail as mail
            left join raw.letter as letter using (mail_id)
        """
        with open_to_read(self.home.warehouse) as connection:
            return Counter(str(kind) for (kind,) in connection.execute(query).fetchall())

    def standing(self, *statuses: str) -> tuple[int, ...]:
        """How many units stand so with January, as published."""
        rows = self.published("select submission_status from pub_submission_status_v1 where is_required")
        counts = Counter(str(status) for (status,) in rows)
        return tuple(counts[status] for status in statuses)

    def answered(self, unit: str) -> str | None:
        """The mail of ours that a unit's last report answers."""
        received = [one for one in all_receipts(self.home) if one.unit_code == unit]
        return max(received, key=lambda one: one.received_at).answers

    def published(self, query: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.home.current / "marts.duckdb"), read_only=True) as connection:
            return connection.execute(query).fetchall()


def address_of(unit: str) -> str:
    return load_contacts(CONTACTS).of(unit)[0]


def report_of(unit: str) -> bytes:
    """The unit's report for January, as it is right."""
    (path,) = (_LATE_ONES if (_LATE_ONES / unit).is_dir() else DELIVERED).joinpath(unit).iterdir()
    return path.read_bytes()


def faulty(content: bytes) -> bytes:
    """The same with a guess where a number must stand."""
    workbook = load_workbook(BytesIO(content))
    next(numbers(workbook.worksheets[0])).value = "约150"
    return as_bytes(workbook)


def mail_of(envelope: Envelope) -> EmailMessage:
    assert isinstance(envelope.content, bytes)
    mail = message_from_bytes(envelope.content, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def units_of(envelopes: Iterable[Envelope]) -> list[str]:
    """The units that are written to, by their first address."""
    known = {addresses[0]: unit for unit, addresses in load_contacts(CONTACTS).units.items()}
    return [unit for one in envelopes for address, unit in known.items() if address in one.rcpt_tos]


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def attached(mail: EmailMessage) -> list[str]:
    return [part.get_filename() or "" for part in mail.iter_attachments()]


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2022-{text}").replace(tzinfo=ZONE)
