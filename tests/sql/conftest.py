"""An in-memory warehouse in which every model is an empty table to be filled by hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import Connection, open_warehouse


@pytest.fixture(scope="session")
def empty_warehouse() -> Iterator[Connection]:
    """Every raw table, and every model as an empty table with the columns and types its SELECT makes."""
    with open_warehouse(None) as connection:
        for view in (view for layer in sqlfiles.VIEWS for view in sqlfiles.declared(layer)):
            connection.execute(f"drop view {view.full_name}")
        for layer in sqlfiles.LAYERS:
            for model in sqlfiles.models(layer):
                connection.execute(sqlfiles.create_table(model, empty=True))
        yield connection


@pytest.fixture
def warehouse(empty_warehouse: Connection) -> Iterator[Connection]:
    """The empty warehouse; what a test puts in is taken out again."""
    empty_warehouse.begin()
    yield empty_warehouse
    empty_warehouse.rollback()
