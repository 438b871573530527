"""Readers of each kind, each in a process of its own, that read without pause until told to stop."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import closing
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path

import duckdb
import pandas as pd
import psycopg2
import pyarrow.parquet as pq
import sqlalchemy as sa

from tests.bi.addresses import Url, documented
from tests.bi.conftest import MARKED

Numbers = set[int]
# One statement over all tables: what it returns is of one moment in any database.
EVERY_NUMBER = " union all ".join(f"select min({c}), max({c}) from {{schema}}{t}" for t, c in MARKED.items())
LABELLED = {"指标完成情况": "数值版本", "各单位报送情况": "接收版本数", "单位报送与完成评分": "接收版本数"}

Reader = Callable[[], Numbers]


def duckdb_reader(current: str, _: str) -> Reader:
    """A process that opens the file anew for every question, as the DuckDB command line does."""

    def read() -> Numbers:
        with duckdb.connect(f"{current}/marts.duckdb", read_only=True) as connection:
            rows = connection.execute(EVERY_NUMBER.format(schema="")).fetchall()
            seen = connection.execute('select "数值版本" from "指标完成情况"').fetchall()
        return _flat([*rows, *seen])

    return read


def sqlalchemy_reader(current: str, _: str) -> Reader:
    """Superset: an engine that lives long, without a pool."""
    (address,) = (each for each in documented() if isinstance(each, Url))
    engine = sa.create_engine(address.at(Path(current) / "marts.duckdb"), poolclass=sa.NullPool)

    def read() -> Numbers:
        with engine.connect() as connection:
            rows = [tuple(row) for row in connection.execute(sa.text(EVERY_NUMBER.format(schema="")))]
            seen = pd.read_sql('select "接收版本数" from "各单位报送情况"', connection)
        return _flat(rows) | set(seen["接收版本数"])

    return read


def file_reader(current: str, _: str) -> Reader:
    """Parquet and csv: the link is followed once, then every file is of that folder."""

    def read() -> Numbers:
        folder = Path(current).resolve()
        tables = (pq.read_table(folder / f"{table}.parquet")[column] for table, column in MARKED.items())
        sheets = (pd.read_csv(folder / f"{name}.csv", encoding="utf-8-sig")[label] for name, label in LABELLED.items())
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        named = int(manifest["revision"].split("-")[0])
        return {named}.union(*(column.to_pylist() for column in tables), *(set(column) for column in sheets))

    return read


def postgres_reader(_: str, url: str) -> Reader:
    """FineBI: one connection that stays open; every question is a statement, or a transaction of several."""
    plain = sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = psycopg2.connect(plain)
    connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
    named = "select cast(split_part(revision, '-', 1) as integer), null from minsheng.publication"

    def read() -> Numbers:
        with connection, closing(connection.cursor()) as cursor:
            cursor.execute(EVERY_NUMBER.format(schema="minsheng."))
            rows = cursor.fetchall()
            cursor.execute(f'{named} union all select "接收版本数", null from minsheng."单位报送与完成评分"')
            return _flat([*rows, *cursor.fetchall()])

    return read


KINDS = {
    "duckdb": duckdb_reader,
    "sqlalchemy": sqlalchemy_reader,
    "files": file_reader,
    "postgres": postgres_reader,
}


def keep_reading(kind: str, current: str, url: str, stop: Event, sender: Connection) -> None:
    """Read until told to stop; sends how often it read, which numbers it saw, and what was wrong."""
    os.nice(19)  # it is the publisher whose hundred publications are waited for
    read, count = KINDS[kind](current, url), 0
    seen: Numbers = set()
    faults: list[str] = []
    while not stop.is_set() and not faults:
        try:
            numbers = read()
        except Exception as error:
            faults.append(f"{kind}: {error!r}")
            break
        if len(numbers) != 1:
            faults.append(f"{kind}: a mixed state {sorted(numbers)}")
        count, seen = count + 1, seen | numbers
    sender.send((kind, count, seen, faults))


def _flat(rows: list[tuple[int | None, ...]]) -> Numbers:
    return set(_values(rows))


def _values(rows: list[tuple[int | None, ...]]) -> Iterator[int]:
    for row in rows:
        yield from (value for value in row if value is not None)
