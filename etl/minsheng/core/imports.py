"""What a process need not import for somebody else (docs/adr/0063)."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from threading import Lock, get_ident
from types import ModuleType

# Of the list of finders: two threads that put another in its place at once would lose one of the two.
_changing = Lock()


@contextmanager
def without(names: Set[str]) -> Iterator[None]:
    """As if these were not installed, for who would import them inside and in this thread.

    For libraries that take others along where they are there, and do without where not. What has been imported before
    it stays there. Only an import finds nothing: ``importlib.util.find_spec`` raises ModuleNotFoundError.
    """
    finder = _Without(names)
    # Another list each time: another thread may be on its way through this one.
    with _changing:
        sys.meta_path = [finder, *sys.meta_path]
    try:
        yield
    finally:
        with _changing:
            sys.meta_path = [one for one in sys.meta_path if one is not finder]


class _Without:
    """Says in the thread that made it, and to nobody else, that these are not installed."""

    def __init__(self, names: Set[str]) -> None:
        self._names = names
        self._thread = get_ident()

    def find_spec(self, name: str, _path: Sequence[str] | None, _target: ModuleType | None = None) -> ModuleSpec | None:
        """No module: others are asked; raises ModuleNotFoundError for one of the names."""
        if name in self._names and get_ident() == self._thread:
            raise ModuleNotFoundError(f"{name} is left out of this import", name=name)
        return None
