"""A question to what readers see, of one county or of all: one SELECT, on this machine or on Spark, the same rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from minsheng.core.clock import county_time
from minsheng.core.errors import UserError
from minsheng.core.home import Installation
from minsheng.publication.labels import statements, title
from minsheng.publication.revisions import SCHEMA, Revision, find, open_revision, require_current
from minsheng.publication.stacking import all_rows, files_of, stacked
from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import REFUSED
from minsheng.warehouse.dialects import for_spark, query_of
from minsheng.warehouse.selects import tables_read
from minsheng.warehouse.spark import Spark, open_spark
from minsheng.words import display

if TYPE_CHECKING:
    import pyarrow as pa
    from sqlglot import exp

_WHERE = "SQL"
_VIEW = re.compile(r'create view "(.+?)" as\n(.+)', re.DOTALL)


@dataclass(frozen=True)
class AnswerRows:
    """The names of columns, and rows as text: figures without trailing zeros, doubles to twelve digits."""

    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def ask(installation: Installation, question: str, spark_address: str | None = None) -> AnswerRows:
    """The answer to one SELECT over the current publication's tables and views, by their English or Chinese names.

    Rows come in the order that is asked for, else in that of their text: the same from DuckDB and from Spark, which
    reads what each county published. Raises UserError for what is no SELECT or cannot be answered, and as
    ``open_spark`` does.
    """
    query = query_of(question, _WHERE)
    models = _models(question)
    revision = require_current(installation)
    if spark_address:
        sources = _sources(installation, revision)
        with open_spark(spark_address) as spark:
            _lay_out(spark, models, revision, sources)
            found = _asked_of_spark(spark, query)
    else:
        found = _asked_here(revision, query)
    columns = (map(_written, column.to_pylist()) for column in found.columns)
    rows = tuple(zip(*columns, strict=True))
    return AnswerRows(_names(query, found), rows if query.args.get("order") else tuple(sorted(rows)))


def _names(query: exp.Query, found: pa.Table) -> tuple[str, ...]:
    """Of each column; one without a name is called by what was asked, and not as the engine would."""
    if query.is_star:
        return tuple(found.column_names)
    return tuple(one.output_name or one.sql(dialect="duckdb") for one in query.selects)


def _models(question: str) -> dict[str, sqlfiles.Model]:
    """What a question reads, by the names it has for them; raises UserError for what is not published."""
    published = sqlfiles.models("published")
    known = {model.name: model for model in published} | {title(model): model for model in published}
    read = tables_read(question, _WHERE)
    if unknown := sorted(read - known.keys()):
        raise UserError("question_table_unknown", _WHERE, tables=unknown)
    return {name: known[name] for name in sorted(read)}


def _sources(installation: Installation, revision: Revision) -> list[Revision]:
    """The revisions of the counties that a roll-up was made from; of a single county, its own."""
    counties = revision.manifest.get("counties", {})
    return [find(installation.home(county), name) for county, name in counties.items()] or [revision]


def _asked_here(revision: Revision, query: exp.Query) -> pa.Table:
    with open_revision(revision) as connection:
        # Of what is published alone: no file, nothing on the net, and no way to allow it again.
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        try:
            return connection.execute(query.sql(dialect="duckdb")).to_arrow_table()
        except REFUSED as error:
            raise _refused(error) from error


def _asked_of_spark(spark: Spark, query: exp.Query) -> pa.Table:
    from sqlglot import UnsupportedError

    try:
        return spark.answer(for_spark(query))
    except UnsupportedError as error:
        raise _refused(error) from error


def _refused(error: Exception) -> UserError:
    return UserError("question_refused", _WHERE, reason=str(error).splitlines()[0])


def _lay_out(
    spark: Spark, models: Mapping[str, sqlfiles.Model], revision: Revision, sources: Sequence[Revision]
) -> None:
    """The tables that are read, from the files of all counties, and the Chinese views upon them."""
    views = dict(_views(revision))
    for name, model in models.items():
        spark.lay_out(all_rows(model), files_of(model, sources))
        spark.define(model.name, for_spark(query_of(stacked(model, sqlfiles.columns(model)), model.name)))
        if name != model.name:
            spark.define(name, for_spark(query_of(views[name], name)))


def _views(revision: Revision) -> Iterator[tuple[str, str]]:
    """Each Chinese view's name and SELECT, from the schema that lies in the revision."""
    for statement in statements((revision.folder / SCHEMA).read_text(encoding="utf-8")):
        if found := _VIEW.fullmatch(statement):
            yield found[1], found[2]


def _written(value: object) -> str:
    """A value as text, in which it does not show whether an engine counts in decimals or in doubles."""
    if value is None:
        return display.NOTHING
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return f"{county_time(value) if value.tzinfo else value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, float):
        return _figure(Decimal(f"{value:.12g}"))
    return _figure(value) if isinstance(value, Decimal) else str(value)


def _figure(value: Decimal) -> str:
    whole, point, fraction = f"{value:f}".partition(".")
    return f"{whole}{point}{fraction}".rstrip("0").rstrip(".") if point else whole
