"""Mail servers for tests, real ones on loopback: a well-behaved one, and ones that break off where they are told."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from minsheng.mail.server import Patience, Server

# Long enough for a busy machine: every one of these servers answers or goes.
CALM = Patience(*[20.0] * 6)
# For servers that never answer.
BRISK = Patience(*[0.5] * 6)


@dataclass
class Inbox:
    """A mail server's memory; ``replies`` to an address, and ``on_data``, stand in for taking everything.

    ``per_connection``: how many mails it takes before it wants a new connection.
    """

    envelopes: list[Envelope] = field(default_factory=list)
    replies: dict[str, str] = field(default_factory=dict)
    on_sender: str = "250 OK"
    on_data: str = "250 OK"
    largest: int | None = None
    per_connection: int | None = None
    commands: list[str] = field(default_factory=list)
    peers: list[object] = field(default_factory=list)

    @property
    def messages(self) -> list[bytes]:
        """The messages taken, as they came."""
        return [one.content for one in self.envelopes if isinstance(one.content, bytes)]

    @property
    def connections(self) -> int:
        """How many connections there were."""
        return len(dict.fromkeys(map(str, self.peers)))

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.peers.append(session.peer)
        session.host_name = hostname
        return responses

    async def handle_RSET(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.commands.append("RSET")
        return "250 OK"

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.commands.append("MAIL")
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        taken = sum(each == session.peer for each in self.peers) - 1
        return "421 enough" if self.per_connection is not None and taken >= self.per_connection else self.on_sender

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = self.replies.get(address, "250 OK")
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.commands.append("DATA")
        if self.largest is not None and len(envelope.content or b"") > self.largest:
            return "552 Error: Too much mail data"
        if self.on_data.startswith("250"):
            self.envelopes.append(envelope)
            self.peers.append(session.peer)
        return self.on_data


@contextmanager
def serving(inbox: Inbox, **options: Any) -> Iterator[Server]:
    """``options`` are those of aiosmtpd's SMTP."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield Server("127.0.0.1", port, patience=CALM)
    finally:
        controller.stop()


@contextmanager
def nobody() -> Iterator[Server]:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    yield Server("127.0.0.1", port, patience=CALM)


@dataclass
class Breaking:
    """Speaks SMTP up to ``at``, waits ``pause`` seconds, says ``last`` if anything, and goes, or ``hangs``.

    It keeps the messages it got whole.

    It does so on each of its first ``times`` connections, after ``spared`` mails; then it behaves.
    """

    at: str
    last: bytes = b""
    hangs: bool = False
    pause: float = 0
    times: int = 1_000
    spared: int = 0
    messages: list[bytes] = field(default_factory=list)
    connections: int = 0

    def talk(self, connection: socket.socket, done: threading.Event) -> None:
        self.connections += 1
        left = self.spared if self.connections <= self.times else 1_000
        with connection, connection.makefile("rb") as lines:
            if self._breaks("GREETING", left, connection, done):
                return
            connection.sendall(b"220 test\r\n")
            for line in lines:
                word = line[:4].strip().decode().upper()
                if self._breaks(word, left, connection, done):
                    return
                connection.sendall(b"354 go on\r\n" if word == "DATA" else b"250 OK\r\n")
                if word == "DATA":
                    self.messages.append(b"".join(iter(lines.readline, b".\r\n")))
                    if self._breaks("MESSAGE", left, connection, done):
                        return
                    left -= 1
                    connection.sendall(b"250 OK\r\n")

    def _breaks(self, word: str, left: int, connection: socket.socket, done: threading.Event) -> bool:
        if word != self.at or left > 0:
            return False
        done.wait(self.pause)
        connection.sendall(self.last)
        if self.hangs:
            done.wait(20)
        return True


@contextmanager
def breaking(script: Breaking) -> Iterator[Server]:
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def accept() -> None:
            while not done.is_set():
                connection, _ = listening.accept()
                if not done.is_set():
                    with suppress(OSError):  # a client that has given us up
                        script.talk(connection, done)
                connection.close()

        thread = threading.Thread(target=accept)
        thread.start()
        yield Server("127.0.0.1", listening.getsockname()[1], patience=BRISK if script.hangs else CALM)
        done.set()
        with socket.create_connection(listening.getsockname()):  # wakes it, to end
            pass
        thread.join()
