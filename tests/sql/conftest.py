"""An in-memory warehouse in which every model is an empty table to be filled by hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from minsheng.warehouse.connection import Connection
from tests.sql.tables import empty_tables


@pytest.fixture(scope="session")
def empty_warehouse() -> Iterator[Connection]:
    """Every raw table, and every model as an empty table with the columns and types its SELECT makes."""
    with empty_tables() as connection:
        yield connection


@pytest.fixture
def warehouse(empty_warehouse: Connection) -> Iterator[Connection]:
    """The empty warehouse; what a test puts in is taken out again."""
    empty_warehouse.begin()
    yield empty_warehouse
    empty_warehouse.rollback()
