"""The outbox as files: one .eml per mail in ``pending/``, moved to ``sent/`` when the server has taken it."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path, PurePosixPath

from etl.files import sync_folder
from etl.home import Home
from etl.judging.findings import quoted
from etl.mail.contacts import Contacts

Client = smtplib.SMTP

_POLICY = policy.SMTP.clone(cte_type="8bit")
_UNKNOWN_ADDRESS = "（通讯录中没有“{unit}”的邮箱，本邮件改发数据组，请转告该单位并补充通讯录。）\n\n"


@dataclass(frozen=True)
class Attachment:
    """A file sent along."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    """One mail to a unit before it is addressed. ``mail_id`` makes its Message-ID: sent twice it is still one mail."""

    mail_id: str
    unit_code: str
    unit_name: str
    subject: str
    text: str
    html: str
    dated: datetime
    attachments: tuple[Attachment, ...] = ()


def pending(home: Home) -> list[Path]:
    """Mails waiting to be sent: ``outbox/pending/<unit_code>/<mail_id>.eml``."""
    return sorted((home.outbox / "pending").glob("*/*.eml"))


def sent(home: Home) -> list[Path]:
    """Mails a server has taken."""
    return sorted((home.outbox / "sent").glob("*/*.eml"))


def unaddressed(home: Home) -> list[Path]:
    """Mails that wait for a contacts file."""
    return sorted((home.outbox / "unaddressed").glob("*/*.eml"))


def compose(mail: Mail, contacts: Contacts | None) -> bytes:
    """The mail as it is sent: the same input gives the same bytes. Without contacts it has no addresses."""
    message = EmailMessage(policy=_POLICY)
    message["Subject"] = quoted(mail.subject)
    message["Date"] = format_datetime(mail.dated)
    message["Message-ID"] = f"<{mail.mail_id}@minsheng>"
    addresses = contacts.of(mail.unit_code) if contacts else ()
    if contacts:
        message["From"] = contacts.data_team
        message["To"] = ", ".join(addresses or (contacts.data_team,))
    note = "" if addresses or not contacts else _UNKNOWN_ADDRESS.format(unit=mail.unit_name)
    message.set_content(note + mail.text)
    message.add_alternative(f"<p>{note.strip()}</p>{mail.html}" if note else mail.html, subtype="html")
    for attachment in mail.attachments:
        _attach(message, attachment)
    _fix_boundaries(message, mail.mail_id)
    return message.as_bytes()


def deliver(client: Client, eml: Path, home: Home) -> None:
    """Send one waiting mail, then move it to ``sent/``.

    Raises smtplib.SMTPException or OSError; the mail then stays where it is, unless the server took
    it for some addresses and refused others: then it has gone, and SMTPRecipientsRefused names the
    refused. A crash between sending and moving sends it again under the same Message-ID.
    """
    message = message_from_bytes(eml.read_bytes(), policy=_POLICY)
    refused = client.send_message(message)
    target = home.outbox / "sent" / eml.parent.name / eml.name
    target.parent.mkdir(parents=True, exist_ok=True)
    eml.replace(target)
    sync_folder(target.parent)
    sync_folder(eml.parent)
    if refused:
        raise smtplib.SMTPRecipientsRefused(refused)


def _attach(message: EmailMessage, attachment: Attachment) -> None:
    name = quoted(PurePosixPath(attachment.name).name)
    message.add_attachment(attachment.content, maintype="application", subtype="octet-stream", filename=name)


def _fix_boundaries(message: EmailMessage, mail_id: str) -> None:
    """Boundaries made from the id instead of at random, so that a mail written again is the same file."""
    multiparts = (part for part in message.walk() if part.is_multipart())
    for number, part in enumerate(multiparts):
        part.set_boundary(f"=_{mail_id}_{number}")
