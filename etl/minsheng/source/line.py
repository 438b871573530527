"""The connection to a server of files, made anew when it breaks."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

from minsheng.source.putting_away import ChangedError
from minsheng.source.store import Connect, Listed, Store, read_up_to
from minsheng.source.troubles import StoreError, store_error

# So many files that break the connection are enough: it is not the files.
MOST_BREAKS = 3


@dataclass
class ServerLine:
    """One connection at a time, closed with the stack."""

    connect: Connect
    stack: ExitStack
    store: Store | None = None
    breaks: int = 0

    def entries(self, path: str) -> list[Listed]:
        """What lies in a folder; raises StoreError."""
        try:
            return list(self._open().entries(path))
        except Exception as error:
            raise store_error(error) from error

    def read(self, path: str, most: int) -> bytes:
        """At most so many bytes of a file, and one more if there are more; raises StoreError."""
        try:
            return read_up_to(self._open(), path, most)
        except Exception as error:
            raise store_error(error) from error

    def apply(self, work: Callable[[Store], None]) -> None:
        """Have something done there; raises StoreError, and what ``work`` itself calls a change."""
        try:
            work(self._open())
        except ChangedError:
            self.store = None  # it may have stopped in the middle of a file
            raise
        except Exception as error:
            raise store_error(error) from error

    def broke(self, error: StoreError) -> None:
        """Have the next call connect anew; raises the error when that has happened too often."""
        self.breaks += 1
        self.store = None
        if self.breaks >= MOST_BREAKS:
            raise error

    def _open(self) -> Store:
        if self.store is None:
            self.store = self.stack.enter_context(self.connect())
        return self.store
