"""Great Expectations imported without what no rule here asks of it: half of the time it takes, and of the memory.

It imports libraries it only needs for charts, distributions, schemas and its own usage statistics as soon as it is
imported itself, and whatever of its optional extras is installed for somebody else (docs/adr/0054, docs/adr/0063).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Set
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

from minsheng.core.collector import paused
from minsheng.core.imports import without

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
    with without(extras), paused():
        yield


class _Later(ModuleType):
    """A module in whose place the real one comes as soon as anything of it is asked for."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name != "__path__":  # which a module beneath it is looked for in
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)
