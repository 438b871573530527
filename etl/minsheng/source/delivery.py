"""What every kind of source has in common (docs/adr/0032): it is opened, and yields deliveries with their sender."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from minsheng.core.outcome import Outcome
from minsheng.guard import storable_name
from minsheng.source.content import FileContent
from minsheng.source.memory import Mark, Memory, Seen
from minsheng.source.messages import Bounce
from minsheng.source.replies import UnitReply


@dataclass
class Noticed:
    """What a source tells beside its files: entries to be remembered, mails of ours that came back, answers to them
    that bring no file, and who wrote though nobody knows him: addresses that may be answered."""

    seen: list[Seen] = field(default_factory=list)
    bounces: list[Bounce] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    replies: list[UnitReply] = field(default_factory=list)


class Delivery(Protocol):
    """A file with its sender, to be read before the next one is asked for."""

    @property
    def unit_code(self) -> str:
        """Who sent it, as the source knows: a unit's code, or what stands in its place."""

    @property
    def name(self) -> str:
        """What the sender calls it; may hold personal data and is not shown."""

    @property
    def key(self) -> str:
        """By which the source's memory knows it: the same file at the same place has the same key, now and later."""

    @property
    def mark(self) -> Mark | None:
        """What its source told of it before it is read; null: only reading tells."""

    @property
    def changed_at(self) -> datetime | None:
        """When it was sent or last changed, as its source says; null: the source does not say."""

    @property
    def references(self) -> tuple[str, ...]:
        """The mails of ours it says it answers, by their ids."""

    def label_of(self, name: str) -> str:
        """Sender and this name, as they may be shown and kept."""

    @property
    def label(self) -> str:
        """The same with the name it has, personal data left out."""

    def read(self) -> FileContent | Outcome:
        """What it holds, or why it cannot be taken; raises OSError when the system refuses it."""

    @property
    def stays(self) -> bool:
        """Whether it is left where it lies once it has landed."""

    def put_away(self, sha256: str) -> Outcome | None:
        """Delete or move it at its source, if it is still what landed; gives why that was not done."""


@dataclass(frozen=True)
class SentFile:
    """What a delivery of a declared source is: from which source, whose, what it is called, and its key there."""

    source: str
    unit_code: str
    name: str
    key: str

    def label_of(self, name: str) -> str:
        """Source, sender and name as they may be shown and kept."""
        return f"{self.source}/{self.unit_code}/{name}"

    @property
    def label(self) -> str:
        """The same with its own name."""
        return self.label_of(storable_name(self.name))

    @property
    def stays(self) -> bool:
        """It does, unless its kind can be told otherwise."""
        return True

    def put_away(self, sha256: str) -> Outcome | None:
        """Nothing."""
        return None


class Opened(Protocol):
    """A source that answers."""

    @property
    def strays(self) -> tuple[Outcome, ...]:
        """What lies beside the senders' files, and has no sender."""

    @property
    def senders(self) -> tuple[str, ...] | None:
        """The codes of the folders of senders; null: senders have no folders here."""

    @property
    def noticed(self) -> Noticed:
        """What it has told beside its files so far."""

    def deliveries(self) -> Iterator[Delivery | Outcome]:
        """Everything sent, in the order in which it is to be received: files, and why others are not taken."""


class Source(Protocol):
    """Somewhere reports come from."""

    @property
    def name(self) -> str:
        """What it is called in the declaration, in its memory, and to people."""

    @property
    def is_declared(self) -> bool:
        """Whether it is one of several that must not stop each other; else it is the inbox, and all there is."""

    def open(self, memory: Memory) -> AbstractContextManager[Opened]:
        """Look what is there; raises UserError when it does not answer, or not as it should."""
