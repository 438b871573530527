"""The page that documents every table, made from the SQL files and the dictionary: ``docs/generated/tables.md``.

Made again by ``make docs``; a test holds it current.
"""

from __future__ import annotations

from collections.abc import Iterator

from minsheng.core.declarations import ROOT
from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import Connection, open_warehouse
from minsheng.warehouse.rebuild import rebuild

PAGE = ROOT / "docs" / "generated" / "tables.md"
_LAYERS = {"published": "发布表（BI 只用这些）", "marts": "集市", "star": "星型模型"}
_HEAD = """# 数据表

由 `make docs` 从 `sql/` 生成，请勿手改。
列的含义取自 `sql/dictionary.yaml`，同名列在所有表里意思相同，另有所指的以该表所写为准。
"""


def page() -> str:
    """The whole page; the column types are those an empty warehouse gets from the SQL."""
    with open_warehouse(None) as connection:
        for layer in reversed(_LAYERS):
            rebuild(connection, layer)
        return "\n".join([_HEAD, *(line for layer in _LAYERS for line in _layer(connection, layer))])


def _layer(connection: Connection, layer: str) -> Iterator[str]:
    yield f"## {_LAYERS[layer]}\n"
    for model in sqlfiles.declared(layer):
        yield from _table(connection, model)


def _table(connection: Connection, model: sqlfiles.Model) -> Iterator[str]:
    yield f"### {model.full_name} {model.comment}\n"
    yield f"{model.header['purpose']}\n"
    yield f"- grain: {', '.join(f'`{column}`' for column in model.grain)}"
    yield from (f"- {key}: {model.header[key]}" for key in ("fact", "adds", "nulls", "units") if key in model.header)
    yield f"- reads: {', '.join(f'`{name}`' for name in sorted(sqlfiles.reads(model)))}\n"
    yield "| 列 | 名称 | 类型 | 单位 | 含义 |\n|---|---|---|---|---|"
    known = sqlfiles.terms(model)
    for name, data_type in _types(connection, model):
        term = known[name]
        yield f"| {name} | {term.label} | {data_type.lower()} | {term.unit} | {term.description} |"
    yield ""


def _types(connection: Connection, model: sqlfiles.Model) -> list[tuple[str, str]]:
    described = connection.execute(f"describe {model.full_name}").fetchall()
    return [(name, data_type) for name, data_type, *_ in described]
