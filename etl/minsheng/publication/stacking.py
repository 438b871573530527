"""All counties' published tables as one: every row of every plan, and once what belongs to no plan (docs/adr/0058)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext

from minsheng.publication.labels import literal
from minsheng.publication.revisions import Revision
from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import Connection
from minsheng.warehouse.dialects import for_spark, query_of
from minsheng.warehouse.spark import Spark, open_spark


def stack(connection: Connection, revisions: Sequence[Revision], spark_address: str | None = None) -> None:
    """Make every table of schema ``published`` from those of these revisions: here, or on Spark with the same rows.

    Raises as ``open_spark`` does.
    """
    with open_spark(spark_address) if spark_address else nullcontext() as spark:
        for model in sqlfiles.models("published"):
            _stack_one(connection, model, revisions, spark)


def files_of(model: sqlfiles.Model, revisions: Sequence[Revision]) -> list[str]:
    """Where the revisions have a table, as paths that any machine with the same storage knows."""
    return [str(revision.folder.resolve() / f"{model.name}.parquet") for revision in revisions]


def all_rows(model: sqlfiles.Model) -> str:
    """What the view of a table's files is called, in which each row has its ``filename``."""
    return f"all_{model.name}"


def stacked(model: sqlfiles.Model, names: Sequence[str]) -> str:
    """The SELECT of one table from the view of its files.

    What belongs to no plan, as statuses, rules and the counties themselves do, stands once: as the last county has it.
    """
    last = f"row_number() over (partition by {', '.join(model.grain)} order by filename desc) = 1"
    once = "" if "plan_id" in names else f" qualify {last}"
    return f"select {', '.join(names)} from {all_rows(model)}{once}"


def _stack_one(
    connection: Connection, model: sqlfiles.Model, revisions: Sequence[Revision], spark: Spark | None
) -> None:
    files = files_of(model, revisions)
    source = f"read_parquet([{', '.join(map(literal, files))}], union_by_name = true, filename = true)"
    connection.execute(f"create temporary view {all_rows(model)} as select * from {source}")
    described = connection.execute(f"describe {all_rows(model)}").fetchall()
    query = stacked(model, [name for name, *_ in described if name != "filename"])
    if spark is None:
        connection.execute(f"create table {model.full_name} as {query}")
        return
    connection.execute(f"create table {model.full_name} as {query} limit 0")  # types are DuckDB's
    spark.lay_out(all_rows(model), files)
    connection.register("stacked", spark.answer(for_spark(query_of(query, model.full_name))))
    connection.execute(f"insert into {model.full_name} by name select * from stacked")
    connection.unregister("stacked")
