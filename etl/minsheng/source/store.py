"""What every server of files can be asked for; one module a kind says how."""

from __future__ import annotations

import time
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
# Seconds for which one file is read at most.
FILE_SECONDS = 300.0


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


def read_up_to(store: Store, path: str, most: int) -> bytes:
    """At most so many bytes of a file, and one more if there are more; raises TimeoutError."""
    until = time.monotonic() + FILE_SECONDS
    data = bytearray()
    for chunk in store.chunks(path):
        data += chunk
        if len(data) > most:
            break
        if time.monotonic() > until:
            raise TimeoutError(f"{FILE_SECONDS:.0f} s")
    return bytes(data[: most + 1])


Connect = Callable[[], AbstractContextManager[Store]]
