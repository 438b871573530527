"""What a SELECT reads and makes, as DuckDB's own parser tells it: a tenth of the time that a parser in Python takes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import duckdb

from minsheng.core.errors import UserError

_Node = dict[str, Any]
_TREE = "select json_serialize_sql(?, skip_null := true, skip_empty := true, skip_default := true)"


def tables_read(sql: str, where: str) -> frozenset[str]:
    """The tables it selects from, as ``schema.table``; a bare name is one only if no CTE has it.

    Raises UserError, which names ``where`` it stands, when it is no SQL.
    """
    nodes = [*_nodes(_tree(sql, where))]
    ctes = {cte["key"] for node in nodes for cte in node.get("cte_map", {}).get("map", ())}
    tables = (node for node in nodes if node.get("type") == "BASE_TABLE")
    names = (".".join(filter(None, (node.get("schema_name"), node["table_name"]))) for node in tables)
    return frozenset(names) - ctes


def columns_made(sql: str, where: str) -> tuple[str, ...] | None:
    """The columns of its ``final`` CTE, in order; null: it has none. Raises as ``tables_read``."""
    ctes = _tree(sql, where)["statements"][0]["node"].get("cte_map", {}).get("map", ())
    finals = [cte["value"]["query"]["node"] for cte in ctes if cte["key"] == "final"]
    return tuple(_name(column) for column in _first(finals[0])["select_list"]) if finals else None


@cache
def _tree(sql: str, where: str) -> _Node:
    (said,) = _parser().execute(_TREE, [sql]).fetchone() or ("{}",)
    tree: _Node = json.loads(said)
    if tree.get("error"):
        raise UserError("sql_unparsed", where, reason=tree["error_message"])
    return tree


def _nodes(tree: object) -> Iterator[_Node]:
    """Everything in it that has names of its own, from the outside in."""
    if isinstance(tree, dict):
        yield tree
    for part in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from _nodes(part)


def _first(node: _Node) -> _Node:
    """Of several SELECTs put together the one that names the columns."""
    return node if "select_list" in node else _first(node["left"])


def _name(column: _Node) -> str:
    return str(column.get("alias") or (column.get("column_names") or ["*"])[-1])


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(":memory:")
