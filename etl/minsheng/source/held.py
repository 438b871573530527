"""A delivery whose bytes have come with the listing of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from minsheng.core.outcome import Outcome
from minsheng.source.content import FileContent, content_of
from minsheng.source.delivery import SentFile
from minsheng.source.memory import Mark


@dataclass(frozen=True)
class HeldDelivery(SentFile):
    """A file that came by mail, or was written from a table."""

    data: bytes
    changed_at: datetime | None = None
    references: tuple[str, ...] = ()

    @property
    def mark(self) -> Mark | None:
        """Its content itself tells one state of it from another."""
        return Mark(len(self.data), tag=content_of(self.data).sha256)

    def read(self) -> FileContent | Outcome:
        """The bytes."""
        return content_of(self.data)
