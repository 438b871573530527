"""What every server of files can be asked for; one module a kind says how."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from minsheng.source.entries import EntryKind
from minsheng.source.memory import Mark

# Seconds: for a server to answer at all, and for it to go on.
ANSWER_SECONDS = 20.0
CHUNK_BYTES = 1 << 18


@dataclass(frozen=True)
class Listed:
    """One entry of a folder there: its name as the server has it, and the path by which it is asked for."""

    raw: bytes
    path: str
    kind: EntryKind
    mark: Mark
    changed_at: datetime | None = None


class Store(Protocol):
    """An open connection to a server of files. Whatever a library raises, callers make a StoreError of it."""

    def entries(self, path: str) -> Iterable[Listed]:
        """What lies in a folder."""

    def chunks(self, path: str) -> Iterator[bytes]:
        """A file from its beginning on, in pieces."""


Connect = Callable[[], AbstractContextManager[Store]]
