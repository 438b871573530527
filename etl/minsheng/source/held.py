"""A delivery whose bytes have come with the listing of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from minsheng.core.outcome import Outcome
from minsheng.guard import storable_name
from minsheng.source.content import FileContent, content_of
from minsheng.source.memory import Mark


@dataclass(frozen=True)
class HeldDelivery:
    """A file that came by mail, or was written from a table."""

    source: str
    unit_code: str
    name: str
    key: str
    data: bytes
    changed_at: datetime | None = None
    references: tuple[str, ...] = ()

    @property
    def mark(self) -> Mark | None:
        """Its content itself tells one state of it from another."""
        return Mark(len(self.data), tag=content_of(self.data).sha256)

    def label_of(self, name: str) -> str:
        """Source, sender and name as they may be shown and kept."""
        return f"{self.source}/{self.unit_code}/{name}"

    @property
    def label(self) -> str:
        """The same with its own name."""
        return self.label_of(storable_name(self.name))

    def read(self) -> FileContent | Outcome:
        """The bytes."""
        return content_of(self.data)
