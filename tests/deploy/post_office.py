"""The mail server of the soak, as a process of its own so that it can be killed: ``python -m … FOLDER PORT``.

Each mail it takes is a line of ``FOLDER/taken.jsonl``, also one that it takes a second time.
"""

from __future__ import annotations

import json
import signal
import sys
from collections import Counter
from email import message_from_bytes
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from scripts.mail_server import Keeper
from tests.deploy.servers import HOST


class Recording(Keeper):
    """Keeps each mail, and writes down that it was taken before it answers."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        number = str(message_from_bytes(envelope.original_content or b"")["Message-ID"])
        with (self.folder / "taken.jsonl").open("a", encoding="utf-8") as told:
            told.writelines(f"{json.dumps([recipient, number])}\n" for recipient in envelope.rcpt_tos)
        return await super().handle_DATA(server, session, envelope)


def taken(folder: Path) -> Counter[tuple[str, str]]:
    """How often each mail was taken, by recipient and Message-ID."""
    path = folder / "taken.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return Counter((recipient, number) for recipient, number in map(json.loads, lines))


def main() -> None:
    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    Controller(Recording(folder), hostname=HOST, port=port).start()
    signal.pause()


if __name__ == "__main__":
    main()
