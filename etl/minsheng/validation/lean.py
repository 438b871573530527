"""Great Expectations imported without what no rule here asks of it: half of the time it takes, and of the memory.

It imports libraries it only needs for charts, distributions, schemas and its own usage statistics as soon as it is
imported itself, and whatever of its optional extras is installed for somebody else (docs/adr/0054, docs/adr/0063).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager
from importlib import import_module
from importlib.machinery import ModuleSpec
from threading import get_ident
from types import ModuleType
from typing import Any

from minsheng.core.collector import paused

# What the library requires, and uses for what no rule asks for.
_UNUSED = ("scipy.stats", "altair", "jsonschema", "posthog")
# What it does without where it is not installed: to reach databases and object stores. Here others need it.
_EXTRAS = frozenset({"sqlalchemy", "psycopg2", "boto3", "botocore"})


@contextmanager
def leanly(extras: Set[str] = _EXTRAS) -> Iterator[None]:
    """Import the library inside: what it has no use for comes when it is first used after all, its extras not at all.

    An extra that somebody has imported before it takes all the same.
    """
    for name in _UNUSED:
        sys.modules.setdefault(name, _Later(name))
    finder = _Without(extras)
    sys.meta_path.insert(0, finder)
    try:
        with paused():
            yield
    finally:
        sys.meta_path.remove(finder)


class _Later(ModuleType):
    """A module in whose place the real one comes as soon as anything of it is asked for."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name != "__path__":  # which a module beneath it is looked for in
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


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
