"""One mail as the bytes that travel: the same mail is the same bytes, and no text can become a header."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from email import message_from_bytes, policy
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.utils import format_datetime
from functools import lru_cache
from html import escape
from itertools import takewhile
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import quote

from minsheng.validation.finding import quoted

if TYPE_CHECKING:
    from minsheng.mail.contacts import Contacts

# 7bit: text travels as base64, which every server and program takes. What has been written is not folded anew.
POLICY = policy.SMTP.clone(cte_type="7bit", refold_source="none")
# Reads every header as the text it is: a fraction of the work of parsing addresses and dates nobody asks for.
_PLAIN_HEADERS = BytesHeaderParser(policy=policy.compat32)
_ANSWERS = "X-Minsheng-Answers"
# By ending; all that goes along is a workbook but for bulletins.
_WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TYPES = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
}
_REFERENCE = "编号：{reference}（来信、来电请注明）"
# Without contacts a mail has no sender, and no domain; it is composed anew before it is sent.
_NO_DOMAIN = "minsheng.invalid"
# Digits of the id by which people name a mail.
REFERENCE_LENGTH = 8
# RFC 2231 allows a name in pieces, RFC 5322 lines of 78.
_PIECE, _LINE = 60, 78
_BREAK = re.compile(rb"\r?\n")
_BODY = re.compile(r"\A((?>.*?<body[^<>]*+>))(.*)(</body>)", re.DOTALL)


@dataclass(frozen=True)
class Attachment:
    """A workbook sent along."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Thread:
    """The mails about one month of one unit: mail programs show them together, and people name them by ``tag``."""

    tag: str
    root: str


@dataclass(frozen=True)
class Mail:
    """One mail to a unit before it is addressed. ``mail_id`` makes its Message-ID: sent twice it is still one mail.

    ``to_data_team`` stands above it where it goes to the data team in the unit's place; ``sender_name`` beside the
    sender's address where the contacts give no other; ``answers`` names the submissions it answers, or the letters it
    brings; ``thread`` is null for one that is about no month.
    """

    mail_id: str
    unit_code: str
    to_data_team: str
    subject: str
    text: str
    html: str
    dated: datetime
    sender_name: str
    attachments: tuple[Attachment, ...] = ()
    answers: tuple[str, ...] = ()
    thread: Thread | None = None

    @property
    def reference(self) -> str:
        """By which people name the mail."""
        return self.mail_id[:REFERENCE_LENGTH]


def compose(mail: Mail, contacts: Contacts | None) -> bytes:
    """The mail as it is sent. Without contacts it has no addresses."""
    message = EmailMessage(policy=POLICY)
    tag = f"〔{mail.thread.tag}〕" if mail.thread else ""
    message["Subject"] = f"{quoted(mail.subject)}{tag}（编号{mail.reference}）"
    _put(message, "Date", format_datetime(mail.dated))
    domain = contacts.data_team.rpartition("@")[2] if contacts else _NO_DOMAIN
    _put(message, "Message-ID", f"<{mail.mail_id}@{domain}>")
    if mail.thread:  # nobody has that mail: programs put together what names the same one
        for name in ("References", "In-Reply-To"):
            # As it is, however long: the library would encode it, and no program reads an encoded id (RFC 2047).
            message.set_raw(name, f"<{mail.thread.root}@{domain}>")
    _put(message, "X-Minsheng-Reference", mail.mail_id)
    _put(message, _ANSWERS, " ".join(mail.answers))
    # Written by a machine: an absence notice in answer to it would be answered by nobody (RFC 3834, Exchange).
    _put(message, "Auto-Submitted", "auto-generated")
    _put(message, "X-Auto-Response-Suppress", "All")
    if contacts:
        _address(message, mail.unit_code, contacts, mail.sender_name)
    is_known = contacts is None or contacts.of(mail.unit_code)
    note = "" if is_known else mail.to_data_team
    set_bodies(message, mail.text, mail.html, note, _REFERENCE.format(reference=mail.reference))
    for attachment in mail.attachments:
        _attach(message, attachment)
    fix_boundaries(message, mail.mail_id)
    return message.as_bytes()


def set_bodies(message: EmailMessage, text: str, html: str, above: str = "", below: str = "") -> None:
    """The mail's text, plain and as HTML, with a paragraph above and one below."""
    message.set_content("\n\n".join(filter(None, (above, text.rstrip("\n"), below))) + "\n")
    before, after = (f"<p>{escape(words)}</p>" if words else "" for words in (above, below))
    inside = _BODY.sub(lambda found: f"{found[1]}{before}{found[2]}{after}{found[3]}", html)
    message.add_alternative(inside if inside != html else f"{before}{html}{after}", subtype="html")


def addressed(content: bytes, unit_code: str, contacts: Contacts | None, day: date | None = None) -> bytes:
    """A composed mail for whom the contacts name on a day, see ``Contacts.of``; without contacts as it was composed.

    Only the head is written anew: what stands in the parts, and how, stays byte for byte.
    """
    lines = _BREAK.sub(b"\r\n", content)
    if contacts is None:
        return lines
    head, _, body = lines.partition(b"\r\n\r\n")
    message = _head(head)
    name = message["From"].addresses[0].display_name if message["From"] else ""
    _address(message, unit_code, contacts, name, day)
    return message.as_bytes().partition(b"\r\n\r\n")[0] + b"\r\n\r\n" + body


def head_of(content: bytes) -> EmailMessage:
    """The headers of a mail as it is sent."""
    return _head(content.partition(b"\r\n\r\n")[0])


def recipients(message: EmailMessage) -> tuple[str, ...]:
    """The addresses the mail goes to."""
    header = message["To"]
    return tuple(address.addr_spec for address in header.addresses) if header else ()


def sender(message: EmailMessage) -> str:
    """The address the mail comes from."""
    return str(message["From"].addresses[0].addr_spec)


def answered(mail: BinaryIO) -> tuple[str, ...]:
    """The submissions a composed mail answers, or the letters it brings; nothing after its head is read."""
    head = takewhile(bytes.strip, mail)
    return tuple((_PLAIN_HEADERS.parsebytes(b"".join(head))[_ANSWERS] or "").split())


def fix_boundaries(message: EmailMessage, mail_id: str) -> None:
    """Boundaries made from the id instead of at random, so that a mail written again is the same file."""
    multiparts = (part for part in message.walk() if part.is_multipart())
    for number, part in enumerate(multiparts):
        part.set_boundary(f"=_{mail_id}_{number}")


def _head(head: bytes) -> EmailMessage:
    return message_from_bytes(head + b"\r\n\r\n", policy=POLICY)


def _address(message: EmailMessage, unit_code: str, contacts: Contacts, name: str, day: date | None = None) -> None:
    """From the data team, to the unit's addresses or back to the data team: no other address can get in."""
    for header in ("From", "Reply-To", "To"):
        del message[header]
    message.set_raw(*_sender(contacts.sender_name or name, contacts.data_team))
    _put(message, "Reply-To", contacts.reply_to or contacts.data_team)
    _put(message, "To", ", ".join(contacts.of(unit_code, day) or (contacts.data_team,)))


@lru_cache
def _sender(name: str, address: str) -> tuple[str, object]:
    """The header ``From``, which is the same in mail after mail, as the library keeps it."""
    return POLICY.header_store_parse("From", Address(name, addr_spec=address))


def _put(message: EmailMessage, name: str, value: str) -> None:
    """Add a header; one that needs neither encoding nor folding is not looked through for what does."""
    if value.isascii() and value.isprintable() and len(name) + len(": ") + len(value) <= _LINE:
        message.set_raw(name, value)
    else:
        message[name] = value


def _attach(message: EmailMessage, attachment: Attachment) -> None:
    """Named twice: by RFC 2231, and as Outlook and Foxmail of earlier years read names, by RFC 2047 in ``name=``.

    The second is against the letter of RFC 2047, which is why the library does not write it.
    """
    path = PurePosixPath(attachment.name)
    name = quoted(path.stem) + quoted(path.suffix)
    content_type = _TYPES.get(path.suffix.lower(), _WORKBOOK_TYPE)
    message.add_attachment(attachment.content, *content_type.split("/"))
    *_, part = message.iter_attachments()
    assert isinstance(part, EmailMessage)
    for header in ("Content-Type", "Content-Disposition"):
        del part[header]
    encoded = Header(name, "utf-8", maxlinelen=_PIECE).encode(linesep="\r\n")
    part.set_raw("Content-Type", f'{content_type};\r\n name="{encoded}"')
    part.set_raw("Content-Disposition", f"attachment;\r\n {_name_in_pieces(name)}")


def _name_in_pieces(name: str) -> str:
    """``filename*=``, or in pieces ``filename*0*=`` where it is too long for a line; no character is cut in two."""
    pieces = [""]
    for character in name:
        written = quote(character, safe="")
        if len(pieces[-1]) + len(written) > _PIECE:
            pieces.append("")
        pieces[-1] += written
    if len(pieces) == 1:
        return f"filename*=utf-8''{pieces[0]}"
    numbered = [f"filename*{number}*={piece}" for number, piece in enumerate(pieces)]
    numbered[0] = numbered[0].replace("*=", "*=utf-8''", 1)
    return ";\r\n ".join(numbered)
