"""The one thread in which files are judged, and the few that may wait for it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, asynccontextmanager
from typing import TypeVar

from minsheng.core.errors import UserError
from minsheng.flows.handing_in import Reception, reception
from minsheng.validation.expectations import prepare
from minsheng.web.refusals import WHERE, Refused

T = TypeVar("T")

# Files that are coming in, wait or are judged, of all units and of one.
MOST_AT_ONCE = 12
MOST_OF_ONE = 2
_RETRY_SECONDS = 10


class Judging:
    """Whoever wants a file judged takes a place first, before its content is read; for one event loop."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="judging")
        self._held = ExitStack()
        self._reception: Reception | None = None
        self._places: Counter[str] = Counter()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """The reception is opened, and the heavy libraries are loaded, in the thread that will use them."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._thread, self._begin)
        try:
            yield
        finally:
            await loop.run_in_executor(self._thread, self._held.close)
            self._thread.shutdown()

    @asynccontextmanager
    async def place(self, whose: str) -> AsyncIterator[None]:
        """A place for one file; raises Refused when all are taken, or too many by one token."""
        if self._places.total() >= MOST_AT_ONCE or self._places[whose] >= MOST_OF_ONE:
            raise Refused(503, UserError("service_busy", WHERE), retry_seconds=_RETRY_SECONDS)
        self._places[whose] += 1
        try:
            yield
        finally:
            self._places[whose] -= 1
            self._places += Counter()  # forgets who has none

    async def do(self, work: Callable[[Reception], T]) -> T:
        """Have something done by the reception, when its turn has come."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._do, work)

    def _begin(self) -> None:
        prepare()
        self._reception = self._held.enter_context(reception())

    def _do(self, work: Callable[[Reception], T]) -> T:
        assert self._reception is not None
        return work(self._reception)
