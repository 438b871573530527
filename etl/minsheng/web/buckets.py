"""How often each of many may ask: so often at once, and then again every so many seconds."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

_MOST_KEPT = 10_000


class Buckets:
    """A bucket of tries for each key; for one thread. Keys not heard of for longest are forgotten first."""

    def __init__(self, capacity: int, refill_seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._capacity, self._refill_seconds, self._clock = capacity, refill_seconds, clock
        self._held: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, key: str) -> float:
        """Take one try: 0 if there was one, else the seconds until there will be."""
        now = self._clock()
        left, since = self._held.get(key, (float(self._capacity), now))
        left = min(self._capacity, left + (now - since) / self._refill_seconds)
        is_granted = left >= 1
        self._keep(key, left - is_granted, now)
        return 0.0 if is_granted else (1 - left) * self._refill_seconds

    def _keep(self, key: str, left: float, now: float) -> None:
        self._held[key] = (left, now)
        self._held.move_to_end(key)
        if len(self._held) > _MOST_KEPT:
            self._held.popitem(last=False)
