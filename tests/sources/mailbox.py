"""A real IMAP server, and mailboxes on it into which mail comes."""

from __future__ import annotations

import imaplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

from minsheng.core.access import Access
from minsheng.source.imap import encoded_folder
from minsheng.source.mailbox import Correspondents, MailboxSource
from tests.sources.serve import HOST

LOGIN, PASSWORD = "unit", "secret"
KNOWN = Correspondents({"rsj@lushan.example": "RSJ", "cl@lushan.example": "CL"}, frozenset({"data@lushan.example"}))


@contextmanager
def serving_mail() -> Iterator[int]:
    """The server, while the block lasts; gives its port."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        number: int = free.getsockname()[1]
    program = str(Path(sys.executable).parent / "pymap")
    command = [sys.executable, "-W", "ignore", program, "--host", HOST, "--port", str(number), "--no-tls"]
    command += ["dict", "--demo-data", "--demo-user", LOGIN, "--demo-password", PASSWORD]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_for(number)
            yield number
        finally:
            process.kill()


def _wait_for(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.05)


class Mailbox:
    """A folder of its own for a test, and a way to have mail come into it."""

    def __init__(self, port: int, folder: str) -> None:
        self.port, self.folder = port, folder
        self.server = imaplib.IMAP4(HOST, port, timeout=20)
        self.server.login(LOGIN, PASSWORD)
        assert self.server.create(f'"{encoded_folder(folder)}"')[0] == "OK"

    def receive(self, content: bytes | EmailMessage, at: datetime | None = None) -> None:
        data = content if isinstance(content, bytes) else content.as_bytes()
        moment = imaplib.Time2Internaldate(at) if at else ""
        answer, told = self.server.append(f'"{encoded_folder(self.folder)}"', "", moment, data)
        assert answer == "OK", told

    @property
    def source(self) -> MailboxSource:
        return MailboxSource("邮箱", Access(HOST, self.port, LOGIN, PASSWORD), self.folder, KNOWN, is_secure=False)
