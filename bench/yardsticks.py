"""The plainest thing that touches the same data; each honest about speed and about nothing else."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import xlsxwriter
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from minsheng.validation.rules import Rule, Scalar
from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import Connection
from minsheng.warehouse.laying_out import SCHEMAS

if TYPE_CHECKING:
    import pandas as pd

_TAG = re.compile(rb"<[^>]+>")
_PARTS = re.compile(r"xl/(worksheets/[^/]+|styles)\.xml")


def read_with_calamine(files: Iterable[Path]) -> None:
    """Every cell of every sheet, and one pass of a regular expression over the XML of sheets and styles."""
    for path in files:
        with CalamineWorkbook.from_path(path) as workbook:
            for name in workbook.sheet_names:
                workbook.get_sheet_by_name(name).to_python()
        with zipfile.ZipFile(path) as package:
            for name in package.namelist():
                if _PARTS.fullmatch(name):
                    sum(1 for _ in _TAG.finditer(package.read(name)))


def facts_table(facts: pd.DataFrame) -> Connection:
    """A database in memory with the facts as a table, as they come from one."""
    connection = duckdb.connect()
    connection.register("frame", facts.rename_axis("fact_id").reset_index())
    connection.execute("create table facts as from frame")
    return connection


def fired_by_query(connection: Connection, rules: Sequence[Rule]) -> set[tuple[str, int]]:
    """All rules as one query over the facts: which rule fires at which fact."""
    return set(connection.execute(" union all ".join(map(_firing, rules))).fetchall())


def _firing(rule: Rule) -> str:
    given = rule.expect.arguments
    known = [*rule.known, *rule.expect.columns]
    conditions = [
        f"scope = {_literal(rule.scope)}",
        f"rules_period between {_literal(rule.valid_from or '')} and {_literal(rule.valid_to or '9999-12')}",
        *(f"{name} is not null" for name in known),
        *(f"{name} is null" for name in rule.missing),
        *(_is_in(name, value) for name, value in rule.when.items()),
        *(f"({_is_in(name, value)}) is not true" for name, value in rule.unless.items()),
        f"not ({_expected(rule.expect.type, given)})",
    ]
    return f"select '{rule.code}', fact_id from facts where {' and '.join(conditions)}"


def _expected(kind: str, given: dict[str, Any]) -> str:
    if kind.endswith("in_set"):
        return ("not " if "not" in kind else "") + _is_in(given["column"], given["value_set"])
    if "pair" in kind:
        sign = "=" if kind.endswith("equal") else ">=" if given.get("or_equal") else ">"
        return f"{given['column_A']} {sign} {given['column_B']}"
    least, most = given.get("min_value"), given.get("max_value")
    above = [f"{given['column']} {'>' if given.get('strict_min') else '>='} {least}"] if least is not None else []
    below = [f"{given['column']} {'<' if given.get('strict_max') else '<='} {most}"] if most is not None else []
    return " and ".join([*above, *below])


def _is_in(name: str, value: Scalar | Sequence[Scalar]) -> str:
    values = value if isinstance(value, list | tuple) else [value]
    return f"{name} in ({', '.join(map(_literal, values))})"


def _literal(value: object) -> str:
    return f"'{value}'" if isinstance(value, str) else str(value).lower()


def run_sql_once(warehouse: Path, folder: Path) -> None:
    """The product's own SQL, every table made once, and what is published written out as Parquet and as a database."""
    folder.mkdir(exist_ok=True)
    with duckdb.connect(warehouse) as connection:
        make_tables(connection)
        connection.execute(f"attach '{folder / 'out.duckdb'}' as out")
        for model in sqlfiles.models("published"):
            connection.execute(f"copy {model.full_name} to '{folder / model.name}.parquet' (format parquet)")
            connection.execute(f"create or replace table out.{model.name} as from {model.full_name}")


def make_tables(connection: Connection) -> None:
    """Star, marts and published tables, in their order."""
    connection.execute("set TimeZone = 'Asia/Shanghai'")
    for schema in SCHEMAS:
        connection.execute(f"create schema if not exists {schema}")
    for schema in ("star", "marts", "published"):
        for model in sqlfiles.models(schema):
            connection.execute(sqlfiles.create_table(model))


def values_of(files: Iterable[Path]) -> list[list[tuple[str, list[tuple[object, ...]]]]]:
    """The values of workbooks, sheet by sheet, to be written by ``write_plainly``."""
    books = (load_workbook(path, read_only=True) for path in files)
    return [[(sheet.title, [*sheet.iter_rows(values_only=True)]) for sheet in book.worksheets] for book in books]


def write_plainly(books: Sequence[Sequence[tuple[str, Sequence[tuple[object, ...]]]]], folder: Path) -> None:
    """The same values by XlsxWriter: no style, no list to choose from, no width."""
    folder.mkdir(exist_ok=True)
    for number, sheets in enumerate(books):
        with xlsxwriter.Workbook(folder / f"{number}.xlsx") as workbook:
            for title, rows in sheets:
                sheet = workbook.add_worksheet(title)
                for row, values in enumerate(rows):
                    sheet.write_row(row, 0, ["" if value is None else value for value in values])
