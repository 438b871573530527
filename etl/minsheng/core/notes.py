"""Small JSON files that a home keeps about what happened, held against their type when they are read.

pydantic, which says what is wrong in a file that people may look at; the Book, thousands of cells between two
processes, is msgspec's (``minsheng.spreadsheet.encoding``).
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from minsheng.core.contracts.faults import expected

T = TypeVar("T")


class UnreadableError(ValueError):
    """A note that is not there any more, or not what was written."""


class Note(Generic[T]):
    """How one kind of note is written and read."""

    def __init__(self, kind: type[T]) -> None:
        self._kind = kind

    @cached_property
    def _adapter(self) -> TypeAdapter[T]:  # made when first used: most commands read no note
        return TypeAdapter(self._kind)

    def written(self, note: T) -> bytes:
        """As it stands on the disk."""
        return self._adapter.dump_json(note, indent=1)

    def read(self, path: Path) -> T:
        """The note at ``path``; raises UnreadableError naming the first field that is not as it must be."""
        try:
            return self.parsed(path.read_bytes())
        except OSError as error:
            raise UnreadableError(str(error)) from error

    def parsed(self, content: bytes) -> T:
        """A note from its bytes; raises UnreadableError as ``read`` does."""
        try:
            return self._adapter.validate_json(content, strict=True, extra="forbid")
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(map(str, first["loc"]))
            raise UnreadableError(f"{place}：{expected(first)}" if place else expected(first)) from error
