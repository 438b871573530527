"""One warehouse on both engines: each model is made by DuckDB and by Spark, from what each of them made before it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlglot import exp

from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import Connection, transaction
from minsheng.warehouse.dialects import for_spark, query_of
from minsheng.warehouse.rebuild import rebuild
from minsheng.warehouse.selects import tables_read

MODELS = {model.full_name: model for layer in sqlfiles.LAYERS for model in sqlfiles.models(layer)}


@dataclass(frozen=True)
class Held:
    """How many rows DuckDB has, and the first of those that only one of the two engines has."""

    row_count: int
    only_duckdb: list[tuple[object, ...]]
    only_spark: list[tuple[object, ...]]

    def require_equal(self) -> int:
        """How many rows both have."""
        assert (self.only_duckdb, self.only_spark) == ([], [])
        return self.row_count


class BothEngines:
    """The tables of an open warehouse, and the same on Spark: raw ones copied, every other made there.

    ``name``: before that of each schema on Spark, where several warehouses lie beside each other.
    """

    def __init__(self, connection: Connection, session: Any, folder: Path, name: str) -> None:
        self.connection = connection
        self.session = session
        self.folder = folder
        self.name = name
        self._there: set[str] = set()
        for schema in ("raw", *sqlfiles.LAYERS):
            session.sql(f"create database {name}_{schema}")

    def build(self) -> None:
        """Have DuckDB make its tables from the raw ones as they are."""
        with transaction(self.connection):
            for schema in sqlfiles.BUILT:
                rebuild(self.connection, schema)
        for schema in sqlfiles.VIEWS:  # views upon views would be asked anew for each other
            for model in sqlfiles.models(schema):
                self.connection.execute(sqlfiles.create_temporary(model))

    def model(self, model: sqlfiles.Model) -> Held:
        """A model's rows, as DuckDB made them and as Spark makes them from its own of all models before."""
        self._make(model)
        is_view = model.schema in sqlfiles.VIEWS
        here = f"temp.{model.schema}_{model.name}" if is_view else model.full_name
        return self._compared(here, sqlfiles.columns(model), f"select * from {model.full_name}")

    def query(self, sql: str, names: Iterable[str]) -> Held:
        """The rows of a SELECT over tables that are brought to Spark as DuckDB has them now."""
        for table in sorted(tables_read(sql, self.name)):
            self._copy(table)
        return self._compared(f"({sql})", names, sql)

    def check(self, check: sqlfiles.Check) -> Held:
        """What a check finds in the tables that both have made."""
        self._bring(tables_read(check.sql, check.name))
        names = query_of(check.sql, check.name).named_selects
        return self._compared(f"({check.sql})", names, check.sql)

    def _make(self, model: sqlfiles.Model) -> None:
        """A model's table on Spark, and before it whatever it reads; a no-op if it is there."""
        if model.full_name in self._there:
            return
        self._bring(sqlfiles.reads(model))
        self._there.add(model.full_name)
        self.session.sql(f"create table {self.name}_{model.full_name} using parquet as {self._in_spark(model.sql)}")

    def _bring(self, tables: Iterable[str]) -> None:
        for table in sorted(tables):
            if table in MODELS:
                self._make(MODELS[table])
            elif table not in self._there:
                self._copy(table)

    def _copy(self, table: str) -> None:
        path = self.folder / f"{table}.parquet"
        self.connection.execute(f"copy (select * from {table}) to '{path}' (format parquet)")
        self.session.sql(f"create or replace view {self.name}_{table} as select * from parquet.`{path}`")
        self._there.add(table)

    def _compared(self, here: str, names: Iterable[str], query: str) -> Held:
        """Equal are equal values, to the last digit of a decimal and the last bit of a double."""
        listed = ", ".join(names)
        self.connection.register("on_spark", self.session.sql(self._in_spark(query)).toArrow())
        ((count,),) = self._rows(f"select count(*) from {here}")
        duckdb, spark = f"select {listed} from {here}", f"select {listed} from on_spark"
        found = Held(
            int(str(count)),
            self._rows(f"{duckdb} except all {spark} limit 3"),
            self._rows(f"{spark} except all {duckdb} limit 3"),
        )
        self.connection.unregister("on_spark")
        return found

    def _in_spark(self, sql: str) -> str:
        """A SELECT of ours as Spark is asked it, of the schemas of this warehouse."""
        query = query_of(sql, self.name)
        for table in query.find_all(exp.Table):
            if table.db:
                table.set("db", exp.to_identifier(f"{self.name}_{table.db}"))
        return for_spark(query)

    def _rows(self, query: str) -> list[tuple[object, ...]]:
        return self.connection.execute(query).fetchall()
