"""The published tables for those who open files by hand: one csv a table, and the data dictionary."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from minsheng.core.files import atomic_write
from minsheng.publication.labels import column_types, literal, quoted, title
from minsheng.publication.unchanged import NOTHING, Unchanged
from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import Connection

BOM = "\ufeff"  # without it Excel takes UTF-8 for the system's own encoding
DICTIONARY = "数据字典"
DICTIONARY_HEADING = ("表", "英文表名", "列", "英文列名", "类型", "单位", "是否主键", "含义")
_TYPES = {"BOOLEAN": "是否", "DATE": "日期", "TIMESTAMP": "时间", "VARCHAR": "文字"}
# A text that begins so would be run as a formula; Excel takes the full-width signs for the plain ones.
_FORMULA = "^[=+@\t\r＝＋－＠-]"


@dataclass(frozen=True)
class LabelledTable:
    """A published table as people meet it: its Chinese name, and per column its label and DuckDB type."""

    model: sqlfiles.Model
    types: dict[str, str]

    @property
    def title(self) -> str:
        """The name of its view, its csv and its sheet."""
        return title(self.model)

    @property
    def labels(self) -> dict[str, str]:
        """English column name to Chinese, in order."""
        return {column: term.label for column, term in sqlfiles.terms(self.model).items()}


def labelled_tables(connection: Connection) -> list[LabelledTable]:
    """The tables of a revision that is open for reading."""
    types_of = column_types(connection)
    return [_labelled(model, types_of[title(model)]) for model in sqlfiles.models("published")]


def _labelled(model: sqlfiles.Model, types: Mapping[str, str]) -> LabelledTable:
    """``types`` of the view: what was a code in the table is a word in it."""
    return LabelledTable(model, dict(zip(sqlfiles.columns(model), types.values(), strict=True)))


def write_csvs(
    connection: Connection, tables: Iterable[LabelledTable], folder: Path, unchanged: Unchanged = NOTHING
) -> None:
    """One csv a table as Excel opens it at a double click: UTF-8 with BOM, times of the county, 是 and 否."""
    for table in tables:
        if unchanged.take(table.model.name, f"{table.title}.csv", folder):
            continue
        cells = [_cell(table.labels[column], data_type) for column, data_type in table.types.items()]
        names = [BOM + next(iter(table.labels.values())), *list(table.labels.values())[1:]]
        columns = ", ".join(f"{cell} as {quoted(name)}" for cell, name in zip(cells, names, strict=True))
        path = literal(str(folder / f"{table.title}.csv"))
        connection.execute(f"copy (select {columns} from {quoted(table.title)}) to {path} (format csv, header)")


def write_dictionary(tables: Iterable[LabelledTable], folder: Path) -> None:
    """The data dictionary as a csv of the same make."""
    text = io.StringIO()
    csv.writer(text).writerows([DICTIONARY_HEADING, *dictionary_rows(tables)])
    atomic_write(folder / f"{DICTIONARY}.csv", (BOM + text.getvalue()).encode())


def dictionary_rows(tables: Iterable[LabelledTable]) -> list[tuple[str, ...]]:
    """Every column of every published table: what it is called, holds, is measured in and means."""
    return [row for table in tables for row in _dictionary_rows(table)]


def _dictionary_rows(table: LabelledTable) -> Iterator[tuple[str, ...]]:
    key = table.model.grain
    for column, term in sqlfiles.terms(table.model).items():
        kind, is_key = _TYPES.get(table.types[column], "数字"), "是" if column in key else ""
        yield table.title, table.model.name, term.label, column, kind, term.unit, is_key, term.description


def _cell(name: str, data_type: str) -> str:
    column = quoted(name)
    if data_type == "BOOLEAN":
        return f"case {column} when true then '是' when false then '否' end"
    if data_type == "TIMESTAMP":
        return f"strftime({column}, '%Y-%m-%d %H:%M:%S')"
    if data_type == "VARCHAR":
        return f"case when regexp_matches({column}, {literal(_FORMULA)}) then '''' || {column} else {column} end"
    return column
