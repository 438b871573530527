"""A real SMTP server on loopback that keeps every message as a file a mail program opens."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from minsheng.core.files import atomic_write


class Keeper:
    """Writes what arrives to ``folder/<recipient>/<message id>.eml``: the same message twice is one file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(  # noqa: N802 aiosmtpd calls it by this name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Called by aiosmtpd for each message; the answer goes back to the sender."""
        content = envelope.original_content or b""
        name = message_from_bytes(content, policy=default)["Message-ID"] or "without-id"
        for recipient in envelope.rcpt_tos:
            atomic_write(self.folder / _file_name(recipient) / f"{_file_name(str(name))}.eml", content)
        return "250 kept"


@contextmanager
def mail_server(keeper: Keeper, host: str) -> Iterator[int]:
    """The server's port, on which it listens until the block ends."""
    keeper.folder.mkdir(parents=True, exist_ok=True)
    with socket.create_server((host, 0)) as listening:
        port: int = listening.getsockname()[1]
    controller = Controller(keeper, hostname=host, port=port)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def _file_name(text: str) -> str:
    return re.sub(r"[^\w.@+-]", "_", text.strip("<> "))
