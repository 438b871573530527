"""Readable rows on disk against rows in the warehouse."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import Connection, open_warehouse

Row = dict[str, object]


@contextmanager
def empty_tables() -> Iterator[Connection]:
    """In memory, every raw table, and every model as an empty table with the columns and types its SELECT makes."""
    with open_warehouse(None) as connection:
        for view in (view for layer in sqlfiles.VIEWS for view in sqlfiles.declared(layer)):
            connection.execute(f"drop view {view.full_name}")
        for layer in sqlfiles.LAYERS:
            for model in sqlfiles.models(layer):
                connection.execute(sqlfiles.create_table(model, empty=True))
        yield connection


def read_rows(path: Path) -> list[dict[str, str | None]]:
    """A CSV of readable rows; an empty field is null."""
    with path.open(encoding="utf-8", newline="") as file:
        return [{name: value or None for name, value in row.items()} for row in csv.DictReader(file)]


def fill(connection: Connection, table: str, rows: Iterable[Mapping[str, str | None]]) -> None:
    """Insert rows of text, cast to the table's types; columns not named are null."""
    for row in rows:
        marks = ", ".join("?" for _ in row)
        connection.execute(f"insert into {table} ({', '.join(row)}) values ({marks})", list(row.values()))


def inputs(folder: Path) -> list[Path]:
    """The tables a case is about, each in ``<schema.table>.csv``; ``_shared`` beside the case belongs to all."""
    shared = folder.parent / "_shared"
    return [path for path in (*shared.glob("*.csv"), *folder.glob("*.csv")) if path.stem != "expected"]


def assert_makes(connection: Connection, sql: str, folder: Path) -> None:
    """The SELECT, over the case's tables, makes exactly the rows of ``expected.csv`` in the columns it names."""
    for path in inputs(folder):
        fill(connection, path.stem, read_rows(path))
    with (folder / "expected.csv").open(encoding="utf-8", newline="") as file:
        columns = next(csv.reader(file))
    connection.execute(f"create temporary table expected as select * from (\n{sql}\n) limit 0")
    fill(connection, "expected", read_rows(folder / "expected.csv"))
    expected = [_within_a_hair(row) for row in _rows(connection, "expected", columns)]
    assert _rows(connection, f"(\n{sql}\n)", columns) == expected


def _rows(connection: Connection, source: str, columns: list[str]) -> list[Row]:
    """Rows in a fixed order; dates, times and decimals as their text."""
    listed = ", ".join(columns)
    rows = connection.execute(f"select {listed} from {source} order by {listed} nulls first").fetchall()
    return [dict(zip(columns, map(_plain, row), strict=True)) for row in rows]


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, bool | float | int) else str(value)


def _within_a_hair(row: Row) -> Row:
    """Doubles are only shown, never judged: their last digit may differ."""
    return {
        name: pytest.approx(value, rel=1e-9, abs=1e-12) if isinstance(value, float) else value
        for name, value in row.items()
    }
