"""One warehouse in memory for all specification tests; each world replaces the one before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from minsheng.warehouse.connection import Connection, open_warehouse


@pytest.fixture(scope="session")
def connection() -> Iterator[Connection]:
    with open_warehouse(None) as opened:
        yield opened
