"""What kind of mail a message is: of a person, of a machine that answers, of ourselves, or one that came back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.utils import getaddresses
from typing import Literal

# ``automatic``: an absence notice, a list, whatever a machine answers; ``bounce``: one of ours was not delivered.
MessageKind = Literal["person", "automatic", "own", "bounce"]

_OUR_ID = re.compile(r"<([0-9a-f]{16})@[^<>@\s]+>")
_BULK = frozenset({"bulk", "junk", "list", "auto_reply"})
_NOTICE = re.compile(r"^\s*(自动回复|自动答复|休假|外出|automatic reply|auto[- ]?reply|out of office)", re.IGNORECASE)
_ORDINARY = re.compile(r"[a-z0-9._%+-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)*")
_NOBODY = re.compile(r"^(no-?reply|do-?not-?reply|bounces?)\b")
_POSTMASTER = re.compile(r"^(mailer-daemon|postmaster)@", re.IGNORECASE)


@dataclass(frozen=True)
class Bounce:
    """An address to which one of our mails could not be delivered, and the server's words."""

    address: str
    reason: str


def kind_of(message: Message, own: frozenset[str]) -> MessageKind:
    """``own``: our addresses, in lower case."""
    if message.get_content_type() == "multipart/report":
        return "bounce"
    senders = senders_of(message)
    if message["X-Minsheng-Reference"] or own.intersection(senders):
        return "own"
    return "automatic" if _is_automatic(message, senders) else "person"


def senders_of(message: Message) -> list[str]:
    """The addresses it says it is from, in lower case."""
    written = [str(value) for value in message.get_all("From", [])]
    return [address.lower() for _, address in getaddresses(written) if "@" in address]


def answerable(message: Message) -> list[str]:
    """The sender, where an answer may do good: one person with an ordinary address, who has sent files himself."""
    senders = senders_of(message)
    by_machine = str(message["Auto-Submitted"] or "no").strip().lower() != "no"
    if by_machine or message.get_content_type() != "multipart/mixed" or len(senders) != 1:
        return []
    return [each for each in senders if _ORDINARY.fullmatch(each) and not _NOBODY.match(each)]


def references(message: Message) -> list[str]:
    """The mails of ours it says it answers, by their ids, the nearest first."""
    told = " ".join(str(message[name] or "") for name in ("References", "In-Reply-To"))
    return list(dict.fromkeys(reversed(_OUR_ID.findall(told))))


def bounces(message: Message) -> Iterator[Bounce]:
    """Each address for which a report says that delivery has failed for good."""
    for part in message.walk():
        recipient = _after_type(part["Final-Recipient"] or part["Original-Recipient"])
        if recipient and str(part["Action"] or "").strip().lower() == "failed":
            yield Bounce(recipient.lower(), _after_type(part["Diagnostic-Code"]) or str(part["Status"] or ""))


def _is_automatic(message: Message, senders: list[str]) -> bool:
    """A report that a machine sends of itself (``auto-generated``) is a report all the same."""
    said = str(message["Auto-Submitted"] or "no").split(";")[0].strip().lower()
    return (
        said.startswith("auto-replied")
        or str(message["Precedence"] or "").strip().lower() in _BULK
        or str(message["Return-Path"] or "").strip() == "<>"
        or any(message[name] for name in ("X-Autoreply", "X-Autorespond", "List-Id"))
        or _NOTICE.match(str(message["Subject"] or "")) is not None
        or any(_POSTMASTER.match(sender) for sender in senders)
    )


def _after_type(value: object) -> str:
    """``rfc822; a@b`` as ``a@b``, on one line."""
    return " ".join(str(value or "").rpartition(";")[2].split())[:200]
