"""How the time something takes grows with its input."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Input = TypeVar("Input")

# Twenty times the input takes some twenty times as long, or four hundred times where cost grows with its square.
_MOST = 60
_LEAST_SECONDS = 0.01
_TRIES = 3


def grows_with_its_input(act: Callable[[Input], object], long: Input, short: Input) -> bool:
    """Whether twenty times the input takes well below four hundred times as long, in processor time.

    A busy machine can only make a try look worse than it is, so one good try of three is enough.
    """
    return any(_seconds(act, long) < _MOST * max(_seconds(act, short), _LEAST_SECONDS) for _ in range(_TRIES))


def _seconds(act: Callable[[Input], object], given: Input) -> float:
    begun = time.process_time()
    act(given)
    return time.process_time() - begun
