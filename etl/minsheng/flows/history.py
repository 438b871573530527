"""What has been judged in a county, copied into memory: to judge beforehand without touching the warehouse."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from minsheng.core.errors import BusyError
from minsheng.core.home import Home
from minsheng.core.layout import require_new
from minsheng.warehouse.connection import UNUSABLE, Connection, open_warehouse
from minsheng.warehouse.copying import copy_raw

# Seconds for which a run that writes is waited for while there is no copy yet; with one, it serves meanwhile.
_FIRST_PATIENCE = 20.0
_MOST_KEPT = 4

_Stamp = tuple[int, int, int]


class History:
    """The copy of one county's raw tables, taken again when its warehouse has changed; for one thread."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._held = ExitStack()
        self._connection: Connection | None = None
        self._stamp: _Stamp | None = None

    @contextmanager
    def try_out(self) -> Iterator[Connection]:
        """The newest copy there can be, in a transaction of which nothing stays.

        Raises BusyError when there is none yet and a run goes on writing, DamagedError when the warehouse is lost.
        """
        connection = self._newest()
        connection.begin()
        try:
            yield connection
        except UNUSABLE:
            self.close()  # the next one begins anew
            raise
        finally:
            if connection is self._connection:
                connection.rollback()

    def close(self) -> None:
        """Let go of it."""
        self._held.close()
        self._connection = None

    def _newest(self) -> Connection:
        require_new(self._home)
        stamp = self._written()
        if self._connection is None or stamp != self._stamp:
            try:
                self._copy(stamp)
            except BusyError:
                if self._connection is None:
                    raise
        assert self._connection is not None
        return self._connection

    def _copy(self, stamp: _Stamp | None) -> None:
        with ExitStack() as fresh:
            connection = fresh.enter_context(open_warehouse(None))
            if stamp:
                copy_raw(self._home.warehouse, connection, 0 if self._connection else _FIRST_PATIENCE)
            self._held.close()
            self._held = fresh.pop_all()
        self._connection, self._stamp = connection, stamp

    def _written(self) -> _Stamp | None:
        """Changes whenever the warehouse does; null: there is none yet."""
        if not self._home.warehouse.exists():
            return None
        found = self._home.warehouse.stat()
        return found.st_ino, found.st_mtime_ns, found.st_size


class Histories:
    """Those of the counties asked about last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Home, History] = OrderedDict()

    def of(self, home: Home) -> History:
        """The history of a county."""
        if home not in self._kept:
            self._kept[home] = History(home)
        self._kept.move_to_end(home)
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)[1].close()
        return self._kept[home]

    def close(self) -> None:
        """Let go of all."""
        for history in self._kept.values():
            history.close()
        self._kept.clear()
