"""What analysts read instead of the English names: a Chinese-labelled view beside every published table.

``schema_sql`` is everything published as plain DDL, which DuckDB and PostgreSQL take alike; it lies in
every revision, so that a revision can be laid out again wherever it is wanted, by any later code.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from minsheng.core.clock import ZONE_NAME
from minsheng.publication.keys import is_dimension, key_statements
from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import Connection
from minsheng.words.chinese import chinese

# The published columns whose codes are put into words, each with its vocabulary; codes with a column of their own for
# the word are left.
CODED: Mapping[str, str] = {
    column: column
    for column in (
        "change_code", "comparator", "explanation_state", "field", "kind", "light", "mail_kind", "polarity",
        "progress_basis", "register_scope", "role", "scope", "severity", "submission_status", "timing", "unit_type",
        "verdict",
    )
} | {"file_timing": "timing", "previous_light": "light"}  # fmt: skip

_COLUMNS = """
    select table_name, column_name, data_type
    from duckdb_columns()
    where schema_name = ? and database_name = current_database()
    order by table_name, column_index
"""
_BRACKET = re.compile(r"[（(—]")
_SEPARATOR = ";\n"
# Where the two databases call a type by different names, or one does not know the other's.
_PLAIN_TYPES = {"DOUBLE": "float8", "HUGEINT": "decimal(38, 0)"}
_MOMENT = "TIMESTAMP WITH TIME ZONE"


def title(model: sqlfiles.Model) -> str:
    """A table's Chinese name, as views, files and sheets bear it: its comment up to any bracket."""
    return _BRACKET.split(model.comment)[0].strip()


def schema_sql(connection: Connection) -> str:
    """The published tables, their comments, the views upon them and their comments, then the keys of facts."""
    types_of = column_types(connection, "published")
    models = {model: types_of[model.name] for model in sqlfiles.models("published")}
    tables = [
        statement
        for model, types in models.items()
        for statement in (_table(model, types), *sqlfiles.comments(model, model.name))
    ]
    views = [
        statement for model, types in models.items() for statement in (_view(model, types), *_view_comments(model))
    ]
    keys = [statement for model in models for statement in key_statements(model)]
    return "".join(f"{statement}{_SEPARATOR}" for statement in [*tables, *views, *keys])


def statements(schema: str) -> list[str]:
    """The single statements of ``schema_sql``."""
    return [statement for statement in schema.split(_SEPARATOR) if statement]


def column_types(connection: Connection, schema: str = "main") -> dict[str, dict[str, str]]:
    """DuckDB's type of each column of the tables and views of a schema, in their order."""
    found: dict[str, dict[str, str]] = {}
    for table, column, data_type in connection.execute(_COLUMNS, [schema]).fetchall():
        found.setdefault(table, {})[column] = data_type
    return found


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def _table(model: sqlfiles.Model, types: Mapping[str, str]) -> str:
    columns = [f"    {name} {_PLAIN_TYPES.get(data_type, data_type.lower())}" for name, data_type in types.items()]
    key = [f"    primary key ({', '.join(model.grain)})"] if is_dimension(model) else []
    return f"create table {model.name} (\n" + ",\n".join([*columns, *key]) + "\n)"


def _view(model: sqlfiles.Model, types: Mapping[str, str]) -> str:
    known = sqlfiles.terms(model)
    columns = [f"    {_shown(column, types)} as {quoted(term.label)}" for column, term in known.items()]
    return f"create view {quoted(title(model))} as\nselect\n" + ",\n".join(columns) + f"\nfrom {model.name}"


def _shown(column: str, types: Mapping[str, str]) -> str:
    """The column as people read it: a moment in the county's time, whatever zone their tool has; codes in words."""
    if types[column] == _MOMENT:
        return f"{column} at time zone {literal(ZONE_NAME)}"
    return _in_words(column, types)


def _in_words(column: str, beside: Collection[str]) -> str:
    """The column, its codes put into words; a comparator is read by the polarity beside it."""
    if column not in CODED:
        return column
    said = _cases(column, getattr(chinese(), CODED[column]))
    if column == "comparator" and "polarity" in beside:
        return f"case polarity when 'lower_better' then {_cases(column, chinese().falling_comparator)} else {said} end"
    return said


def _cases(column: str, said: Mapping[Any, str]) -> str:
    """A code without a word stays as it is."""
    cases = (f"when {literal(code)} then {literal(word)}" for code, word in said.items())
    return f"case {column} {' '.join(cases)} else {column} end"


def _view_comments(model: sqlfiles.Model) -> list[str]:
    view = quoted(title(model))
    comments = [f"comment on view {view} is {literal(f'{sqlfiles.told_of(model)}，即 {model.name}')}"]
    for column, term in sqlfiles.terms(model).items():
        unit = f"（单位：{term.unit}）" if term.unit else ""
        text = literal(f"{column}{unit}：{term.description}")
        comments.append(f"comment on column {view}.{quoted(term.label)} is {text}")
    return comments
