"""How often Python looks for garbage that refers to itself (docs/adr/0063)."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# New objects after which it looks again. With Python's own 700 a twelfth of a month's time goes into looking; there is
# next to nothing to find, and the largest memory of a month is the same.
_NEW_OBJECTS = 20_000


def collect_rarely() -> None:
    """To be called where a process begins that is ours alone: for all of it."""
    gc.set_threshold(_NEW_OBJECTS, *gc.get_threshold()[1:])


@contextmanager
def paused() -> Iterator[None]:
    """Do not look inside: for imports, of which nothing becomes garbage."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
