"""A mailbox as a source, by IMAP: who wrote decides whose the attachments are. Nothing is marked or removed there.

A message is known by UIDVALIDITY and UID. It is done with when all its files have been taken, and only then not fetched
again; one of an unknown sender is looked at until the contacts know it.
"""

from __future__ import annotations

import imaplib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import Message

from minsheng.core.access import Access
from minsheng.core.outcome import Outcome
from minsheng.guard import storable_name
from minsheng.source.attachments import attached_files
from minsheng.source.delivery import Delivery, Noticed
from minsheng.source.held import HeldDelivery
from minsheng.source.imap import answered, imap_error, logged_in, received_at_of, selected
from minsheng.source.memory import Mark, Memory, Seen, entry_key
from minsheng.source.messages import answerable, bounces, kind_of, references, senders_of
from minsheng.source.replies import UnitReply, own_words
from minsheng.source.troubles import StoreError, source_down
from minsheng.spreadsheet.container import MAX_BYTES

MOST_MESSAGES = 5000
# Whom one run answers that nobody knows: a mailbox full of rubbish is no reason to write to all the world.
MOST_STRANGERS = 20
_AT_ONCE = 50
# Attachments grow by a third on their way.
_MESSAGE_BYTES = 2 * MAX_BYTES
_UID = re.compile(rb"UID (\d+)")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")

_UNKNOWN = "{day} 来自 {address} 的邮件，通讯录中没有这个地址，没有取件；是某单位的，请补入通讯录，下次取件即收"
_AUTOMATIC = "自动回复或群发邮件，不是报送"
_OWN = "本系统自己发出的邮件，不是报送"
_NO_FILES = "{day} 来自 {address} 的邮件没有附件"
_TOO_LARGE = "邮件太大（{count} 字节），没有取件；请发件人拆开或用别的途径报送"
_UNREADABLE = "邮件读不懂（{error}），没有取件；请在邮箱中查看"
_BOUNCED = "发往 {address} 的邮件被退回（{reason}）；请改正通讯录"


@dataclass(frozen=True)
class Correspondents:
    """Whose each address is, which are our own, and who signs for which unit; all in lower case.

    Who signs does not report.
    """

    units: Mapping[str, str]
    own: frozenset[str] = frozenset()
    signers: Mapping[str, str] = field(default_factory=dict)


NOBODY = Correspondents({})


@dataclass(frozen=True)
class MailboxSource:
    """A folder of a mailbox. ``is_secure``: by TLS from the beginning."""

    name: str
    access: Access
    folder: str
    known: Correspondents
    is_secure: bool = True

    @property
    def is_declared(self) -> bool:
        """It always is."""
        return True

    @contextmanager
    def open(self, memory: Memory) -> Iterator[OpenedMailbox]:
        """Log in and list what is new; raises SourceDownError, also while it is being read."""
        place = f"imap://{self.access.host}/{self.folder or 'INBOX'}"
        try:
            with logged_in(self.access, self.is_secure) as server:
                yield OpenedMailbox(self, memory, server, selected(server, self.folder))
        except (StoreError, imaplib.IMAP4.error, OSError) as error:
            raise source_down(self.name, place, imap_error(error)) from error


@dataclass(frozen=True)
class _Head:
    uid: str
    byte_count: int
    received_at: datetime | None
    message: Message

    @property
    def day(self) -> str:
        return f"{self.received_at:%Y-%m-%d}" if self.received_at else ""


@dataclass
class OpenedMailbox:
    """A mailbox that answers. ``noticed``: what came back, and which messages are done with."""

    source: MailboxSource
    memory: Memory
    server: imaplib.IMAP4
    validity: str
    noticed: Noticed = field(default_factory=Noticed)
    strays: tuple[Outcome, ...] = ()
    senders: tuple[str, ...] | None = None

    def deliveries(self) -> Iterator[Delivery | Outcome]:
        """The files of every message not done with, in the order in which they came."""
        for head in sorted(self._heads(), key=lambda head: (head.received_at or _LONG_AGO, int(head.uid))):
            yield from self._of_message(head)

    def _of_message(self, head: _Head) -> Iterator[Delivery | Outcome]:
        label = f"{self.source.name}/{head.uid}"
        kind = kind_of(head.message, self.source.known.own)
        if kind in ("automatic", "own"):
            self._done(head, 0)
            yield Outcome(label, "ignored", _AUTOMATIC if kind == "automatic" else _OWN)
        elif kind == "bounce":
            yield from self._bounced(head, label)
        else:
            yield from self._of_person(head, label)

    def _of_person(self, head: _Head, label: str) -> Iterator[Delivery | Outcome]:
        senders = senders_of(head.message)
        signed_for = {self.source.known.signers.get(sender) for sender in senders}
        if len(signed_for) == 1 and (unit := next(iter(signed_for))):
            self._replied(head, unit, senders[0], is_signer=True)
            return
        units = {self.source.known.units.get(sender) for sender in senders}
        address = storable_name("、".join(senders) or "?")
        if len(units) != 1 or (unit := units.pop()) is None:
            self.noticed.strangers += answerable(head.message)[: MOST_STRANGERS - len(self.noticed.strangers)]
            yield Outcome(label, "unknown_sender", _UNKNOWN.format(day=head.day, address=address))
        elif head.byte_count > _MESSAGE_BYTES:
            yield Outcome(label, "unreadable", _TOO_LARGE.format(count=head.byte_count))
        else:
            yield from self._files(head, label, unit, address)

    def _files(self, head: _Head, label: str, unit: str, address: str) -> Iterator[Delivery | Outcome]:
        try:
            files = attached_files(self._message(head.uid))
        except (RecursionError, ValueError, LookupError) as error:
            yield Outcome(label, "unreadable", _UNREADABLE.format(error=type(error).__name__))
            return
        if not files and references(head.message):
            self._replied(head, unit, address, is_signer=False)
            return
        answers = tuple(references(head.message))
        for number, one in enumerate(files):
            key = self._key(head.uid, str(number))
            yield HeldDelivery(self.source.name, unit, one.name, key, one.data, head.received_at, answers)
        self._done(head, len(files))
        if not files:
            yield Outcome(label, "ignored", _NO_FILES.format(day=head.day, address=address))

    def _replied(self, head: _Head, unit: str, address: str, *, is_signer: bool) -> None:
        """It is done with when its words have been taken."""
        words = own_words(self._message(head.uid)) if head.byte_count <= _MESSAGE_BYTES else ""
        answers = tuple(references(head.message))
        self.noticed.replies.append(UnitReply(self._key(head.uid), unit, address, is_signer, answers, words))

    def _bounced(self, head: _Head, label: str) -> Iterator[Outcome]:
        for one in bounces(self._message(head.uid)):
            self.noticed.bounces.append(one)
            yield Outcome(label, "refused", _BOUNCED.format(address=one.address, reason=one.reason))
        self._done(head, 0)

    def _done(self, head: _Head, file_count: int) -> None:
        self.noticed.seen.append(Seen(self._key(head.uid), Mark(file_count), None))

    def _is_done(self, uid: str) -> bool:
        """Whether all files of a message have been taken; of one that has none, whether that is known."""
        before = self.memory.get(self._key(uid))
        if before is None:
            return False
        files = (self.memory.get(self._key(uid, str(number))) for number in range(before.mark.byte_count or 0))
        return all(file is not None and file.sha256 for file in files)

    def _key(self, *path: str) -> str:
        return entry_key(self.validity, *path)

    def _heads(self) -> Iterator[_Head]:
        found = answered(self.server.uid("SEARCH", "ALL"))
        uids = [uid.decode() for uid in (found[0] or b"").split()][-MOST_MESSAGES:]
        fresh = [uid for uid in uids if not self._is_done(uid)]
        for start in range(0, len(fresh), _AT_ONCE):
            yield from self._fetched(fresh[start : start + _AT_ONCE])

    def _fetched(self, uids: Sequence[str]) -> Iterator[_Head]:
        asked = "(UID RFC822.SIZE INTERNALDATE BODY.PEEK[HEADER])"
        for each in answered(self.server.uid("FETCH", ",".join(uids), asked)):
            if isinstance(each, tuple) and (uid := _UID.search(each[0])):
                size = _SIZE.search(each[0])
                message = message_from_bytes(each[1], policy=policy.compat32)
                yield _Head(uid[1].decode(), int(size[1]) if size else 0, received_at_of(each[0]), message)

    def _message(self, uid: str) -> Message:
        found = answered(self.server.uid("FETCH", uid, "(BODY.PEEK[])"))
        content = next((each[1] for each in found if isinstance(each, tuple)), b"")
        return message_from_bytes(content, policy=policy.compat32)


_LONG_AGO = datetime.min.replace(tzinfo=UTC)
