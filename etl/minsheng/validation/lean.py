"""Great Expectations without what it fits distributions and draws charts with, which no rule here asks of it.

It imports ``scipy.stats`` and ``altair`` as soon as it is imported itself: a third of the time that takes, and of the
memory (docs/adr/0054).
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

_UNUSED = ("scipy.stats", "altair")


def leave_unused() -> None:
    """Have what is not used imported when it is first used after all; to be called before the library is imported."""
    for name in _UNUSED:
        sys.modules.setdefault(name, _Later(name))


class _Later(ModuleType):
    """A module in whose place the real one comes as soon as anything of it is asked for."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name != "__path__":  # which a module beneath it is looked for in
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)
