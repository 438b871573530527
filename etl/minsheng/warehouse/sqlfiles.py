"""The SQL files: what each builds, in which order, and in which words (docs/adr/0020 says why no framework runs them).

Folder is schema, file is table, one SELECT a file. A header of ``-- key: value`` lines says what
the table is; the order comes from the SELECTs themselves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from graphlib import CycleError, TopologicalSorter
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, cast

from minsheng.core.contracts import Strict, load
from minsheng.core.declarations import SQL
from minsheng.core.errors import UserError
from minsheng.warehouse.selects import columns_made, tables_read
from minsheng.words.chinese import chinese, with_words

if TYPE_CHECKING:
    from minsheng.core.codes import FactType

# Views, made where a warehouse is opened, and tables, built by the stages; each layer after those it reads.
VIEWS = ("staging", "facts")
BUILT = ("star", "marts", "published")
LAYERS = VIEWS + BUILT
LEVELS = ("fail", "warn")
_TABLE = re.compile(r"\b([a-z]+)\.(\w+)")
_HEADER_LINE = re.compile(r"-- (\w+): (.+)")


@dataclass(frozen=True)
class Model:
    """One table: its SELECT (for a raw table its DDL) and what its header promises of it."""

    schema: str
    name: str
    sql: str
    header: Mapping[str, str] = field(compare=False)

    @property
    def full_name(self) -> str:
        """``schema.table``."""
        return f"{self.schema}.{self.name}"

    @property
    def comment(self) -> str:
        """The table's Chinese name."""
        return self.header["comment"]

    @property
    def grain(self) -> tuple[str, ...]:
        """The columns of which no two rows share the same values."""
        return tuple(column.strip() for column in self.header["grain"].split(","))


@dataclass(frozen=True)
class Check:
    """A truth required of what was built; its SELECT returns the rows that break it. ``comment`` says it in Chinese."""

    name: str
    comment: str
    requires: str
    level: str
    sql: str


class Term(Strict):
    """What a column name means, wherever it stands; ``unit`` is empty for what is not a quantity."""

    label: str
    description: str
    unit: str = ""


def raw_tables() -> tuple[Model, ...]:
    """The tables Python writes: their SQL is DDL that leaves an existing table alone."""
    return declared("raw")


@cache
def declared(schema: str, root: Path = SQL) -> tuple[Model, ...]:
    """Every model of a schema by name; raises UserError for a header that lacks a key."""
    return tuple(_read_model(path) for path in sorted((root / schema).glob("*.sql")))


@cache
def models(schema: str, root: Path = SQL) -> tuple[Model, ...]:
    """The models of a schema, each after those it reads.

    Raises UserError for a table that nothing declares, or models that read each other in a circle.
    """
    by_name = {model.full_name: model for model in declared(schema, root)}
    known = {model.full_name for layer in ("raw", *LAYERS) for model in declared(layer, root)}
    graph = {name: sorted(_known_reads(model, known) & by_name.keys()) for name, model in by_name.items()}
    try:
        return tuple(by_name[name] for name in TopologicalSorter(graph).static_order())
    except CycleError as error:
        circle = " → ".join(error.args[1])
        raise UserError("models_in_circle", f"sql/{schema}", circle=circle) from error


@cache
def reads(model: Model) -> frozenset[str]:
    """The tables a model selects from, as ``schema.table``; a bare name is one only if no CTE has it."""
    return tables_read(model.sql, _where(model))


@cache
def columns(model: Model) -> tuple[str, ...]:
    """The columns a model makes, in order, read from its ``final`` CTE."""
    names = columns_made(model.sql, _where(model))
    if names is None:
        raise UserError("model_without_final", _where(model))
    return names


def create_view(model: Model) -> str:
    """A statement that makes or replaces the model's view."""
    return f"create or replace view {model.full_name} as\n{model.sql}"


def create_temporary(model: Model) -> str:
    """A statement that makes the model a temporary table ``schema_name``, made from such tables of its own schema."""
    sql = _TABLE.sub(lambda found: f"temp.{found[1]}_{found[2]}" if found[1] == model.schema else found[0], model.sql)
    return f"create or replace temporary table {model.schema}_{model.name} as\n{sql}"


def create_table(model: Model, *, empty: bool = False) -> str:
    """A statement that makes the model's table anew, rows in the order of its grain; ``empty``: without rows."""
    bound = "limit 0" if empty else f"order by {', '.join(model.grain)}"
    return f"create or replace table {model.full_name} as\nselect * from (\n{model.sql}\n) as model\n{bound}"


def fingerprint(model: Model) -> str:
    """The table's Chinese name with a digest of its SQL: tells whether a view in the warehouse is this one."""
    return f"{model.comment} [{sha256(model.sql.encode()).hexdigest()[:12]}]"


def told_of(model: Model) -> str:
    """A table's name, and of a published one what kind of fact it holds and what may be added over what."""
    kind, adds = model.header.get("fact"), model.header.get("adds")
    return "；".join(filter(None, (model.comment, kind and chinese().fact_type[cast("FactType", kind)], adds)))


def comments(model: Model, table: str) -> list[str]:
    """Statements that put the Chinese names and meanings onto a built ``table``."""
    known = terms(model)
    statements = [f"comment on table {table} is {_literal(told_of(model))}"]
    for column, term in known.items():
        statements.append(f"comment on column {table}.{column} is {_literal(_explained(term))}")
    return statements


@cache
def dictionary(root: Path = SQL) -> Mapping[str, Term]:
    """Column name to its meaning: the same name means the same in every table that has no entry ``table.column``.

    ``{kind}`` in a description is every code of a vocabulary with its word, ``{kind[flow]}`` one word.
    """
    known = load(root / "dictionary.yaml", dict[str, Term], "sql/dictionary.yaml")
    return {name: term.model_copy(update={"description": with_words(term.description)}) for name, term in known.items()}


def terms(model: Model) -> Mapping[str, Term]:
    """The meaning of each column of a table, in their order."""
    return {column: _meaning(model, column) for column in columns(model)}


def _meaning(model: Model, column: str) -> Term:
    known = dictionary()
    for name in (f"{model.name}.{column}", column):
        if name in known:
            return known[name]
    raise UserError("column_unexplained", _where(model), column=column)


@cache
def checks(root: Path = SQL) -> tuple[Check, ...]:
    """The declared checks by name, then one per model for the grain its header promises."""
    written = [_read_check(path) for path in sorted((root / "checks").glob("*.sql"))]
    built = [model for layer in BUILT for model in declared(layer, root)]
    return (*written, *(_grain_check(model) for model in built))


def _read_model(path: Path) -> Model:
    header = _header(path, ("comment", "purpose", "grain"))
    return Model(path.parent.name, path.stem, path.read_text(encoding="utf-8").rstrip(), header)


def _read_check(path: Path) -> Check:
    header = _header(path, ("comment", "requires", "level"))
    if header["level"] not in LEVELS:
        raise UserError("level_unknown", path, level=header["level"], known=LEVELS)
    sql = path.read_text(encoding="utf-8").rstrip()
    return Check(path.stem, header["comment"], header["requires"], header["level"], sql)


def _grain_check(model: Model) -> Check:
    keys = ", ".join(model.grain)
    sql = f"select {keys}, count(*) as row_count\nfrom {model.full_name}\ngroup by {keys}\nhaving count(*) > 1"
    requires = f"one row of {model.full_name} per {keys}"
    comment = f"{model.full_name} 的每组 {keys} 只有一行"
    return Check(f"grain_of_{model.schema}_{model.name}", comment, requires, "fail", sql)


def _header(path: Path, required: tuple[str, ...]) -> dict[str, str]:
    """The leading ``-- key: value`` lines."""
    header: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        match = _HEADER_LINE.fullmatch(line)
        if match is None:
            break
        header[match[1]] = match[2]
    for key in required:
        if key not in header:
            raise UserError("header_line_missing", path, key=key)
    return header


def _known_reads(model: Model, known: set[str]) -> frozenset[str]:
    unknown = sorted(reads(model) - known)
    if unknown:
        raise UserError("table_undeclared", _where(model), tables=unknown)
    return reads(model)


def _where(model: Model) -> str:
    return f"sql/{model.schema}/{model.name}.sql"


def _explained(term: Term) -> str:
    unit = f"（单位：{term.unit}）" if term.unit else ""
    return f"{term.label}{unit}：{term.description}"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
