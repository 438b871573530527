"""Mail servers for tests, real ones on loopback: a well-behaved one, and ones that break off where they are told."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from etl.mail.delivery import Server


@dataclass
class Inbox:
    """A mail server's memory; ``replies`` to an address, and ``on_data``, stand in for taking everything."""

    envelopes: list[Envelope] = field(default_factory=list)
    replies: dict[str, str] = field(default_factory=dict)
    on_sender: str = "250 OK"
    on_data: str = "250 OK"

    @property
    def messages(self) -> list[bytes]:
        """The messages taken, as they came."""
        return [one.content for one in self.envelopes if isinstance(one.content, bytes)]

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.on_sender

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = self.replies.get(address, "250 OK")
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.on_data.startswith("250"):
            self.envelopes.append(envelope)
        return self.on_data


@contextmanager
def serving(inbox: Inbox, **options: Any) -> Iterator[Server]:
    """``options`` are those of aiosmtpd's SMTP."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield Server("127.0.0.1", port, timeout=5)
    finally:
        controller.stop()


@contextmanager
def nobody() -> Iterator[Server]:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    yield Server("127.0.0.1", port, timeout=5)


@dataclass
class Breaking:
    """Speaks SMTP up to ``at``, says ``last`` if anything, and goes, or ``hangs``; keeps the messages it got whole."""

    at: str
    last: bytes = b""
    hangs: bool = False
    messages: list[bytes] = field(default_factory=list)

    def talk(self, connection: socket.socket, done: threading.Event) -> None:
        with connection, connection.makefile("rb") as lines:
            if self._breaks("GREETING", connection, done):
                return
            connection.sendall(b"220 test\r\n")
            for line in lines:
                word = line[:4].strip().decode().upper()
                if self._breaks(word, connection, done):
                    return
                connection.sendall(b"354 go on\r\n" if word == "DATA" else b"250 OK\r\n")
                if word == "DATA":
                    self.messages.append(b"".join(iter(lines.readline, b".\r\n")))
                    if self._breaks("MESSAGE", connection, done):
                        return
                    connection.sendall(b"250 OK\r\n")

    def _breaks(self, word: str, connection: socket.socket, done: threading.Event) -> bool:
        if word != self.at:
            return False
        connection.sendall(self.last)
        if self.hangs:
            done.wait(10)
        return True


@contextmanager
def breaking(script: Breaking) -> Iterator[Server]:
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def accept() -> None:
            connection, _ = listening.accept()
            script.talk(connection, done)

        thread = threading.Thread(target=accept)
        thread.start()
        yield Server("127.0.0.1", listening.getsockname()[1], timeout=0.5)
        done.set()
        thread.join()
