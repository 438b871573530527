"""One mail as the bytes that travel: the same mail is the same bytes, and no text can become a header."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape
from itertools import takewhile
from pathlib import PurePosixPath
from typing import BinaryIO

from etl.judging.findings import quoted
from etl.mail.contacts import Contacts

_POLICY = policy.SMTP.clone(cte_type="8bit")
_ANSWERS = "X-Minsheng-Answers"
_WORKBOOK_TYPE = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Attachment:
    """A workbook sent along."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    """One mail to a unit before it is addressed. ``mail_id`` makes its Message-ID: sent twice it is still one mail.

    ``to_data_team`` stands above it where it goes to the data team in the unit's place; ``answers`` names the
    submissions it answers.
    """

    mail_id: str
    unit_code: str
    to_data_team: str
    subject: str
    text: str
    html: str
    dated: datetime
    attachments: tuple[Attachment, ...] = ()
    answers: tuple[str, ...] = ()


def compose(mail: Mail, contacts: Contacts | None) -> bytes:
    """The mail as it is sent. Without contacts it has no addresses."""
    message = EmailMessage(policy=_POLICY)
    message["Subject"] = quoted(mail.subject)
    message["Date"] = format_datetime(mail.dated)
    message["Message-ID"] = f"<{mail.mail_id}@minsheng>"
    message[_ANSWERS] = " ".join(mail.answers)
    if contacts:
        _address(message, mail.unit_code, contacts)
    is_known = contacts is None or contacts.of(mail.unit_code)
    message.set_content(mail.text if is_known else f"{mail.to_data_team}\n\n{mail.text}")
    note = "" if is_known else f"<p>{escape(mail.to_data_team)}</p>"
    message.add_alternative(note + mail.html, subtype="html")
    for attachment in mail.attachments:
        _attach(message, attachment)
    _fix_boundaries(message, mail.mail_id)
    return message.as_bytes()


def read_message(content: bytes, unit_code: str, contacts: Contacts | None) -> EmailMessage:
    """A composed mail, addressed to whom the contacts name today; without contacts as it was composed."""
    message = message_from_bytes(content, policy=_POLICY)
    if contacts:
        _address(message, unit_code, contacts)
    return message


def recipients(message: EmailMessage) -> tuple[str, ...]:
    """The addresses the mail goes to."""
    header = message["To"]
    return tuple(address.addr_spec for address in header.addresses) if header else ()


def answered(mail: BinaryIO) -> tuple[str, ...]:
    """The submissions a composed mail answers; nothing after its head is read."""
    head = takewhile(bytes.strip, mail)
    return tuple((message_from_bytes(b"".join(head), policy=_POLICY)[_ANSWERS] or "").split())


def _address(message: EmailMessage, unit_code: str, contacts: Contacts) -> None:
    """From the data team, to the unit's addresses or back to the data team: no other address can get in."""
    del message["From"], message["To"]
    message["From"] = contacts.data_team
    message["To"] = ", ".join(contacts.of(unit_code) or (contacts.data_team,))


def _attach(message: EmailMessage, attachment: Attachment) -> None:
    path = PurePosixPath(attachment.name)
    name = quoted(path.stem) + quoted(path.suffix)
    message.add_attachment(attachment.content, maintype="application", subtype=_WORKBOOK_TYPE, filename=name)


def _fix_boundaries(message: EmailMessage, mail_id: str) -> None:
    """Boundaries made from the id instead of at random, so that a mail written again is the same file."""
    multiparts = (part for part in message.walk() if part.is_multipart())
    for number, part in enumerate(multiparts):
        part.set_boundary(f"=_{mail_id}_{number}")
