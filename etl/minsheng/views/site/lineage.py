"""Which columns a column is made of, read from the SELECTs themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlglot import exp
from sqlglot.lineage import Node, lineage
from sqlglot.schema import Schema, ensure_schema

from minsheng.core.errors import UserError
from minsheng.warehouse import sqlfiles

_DIALECT = "duckdb"
# Table, by schema and name, and column.
Place = tuple[str, str]


@dataclass(frozen=True)
class Lineage:
    """``types``: of every table of the warehouse its columns with their types, in order."""

    types: Mapping[str, Mapping[str, str]]

    def sources(self, table: str, column: str) -> tuple[Place, ...]:
        """The columns of other tables a column is made of; none: it is written by Python, or made of none."""
        return self._sources.get((table, column), ())

    def origins(self, table: str, column: str) -> tuple[Place, ...]:
        """The columns of raw tables behind it, however far."""
        seen: set[Place] = set()
        left = [(table, column)]
        while left:
            for place in self.sources(*left.pop()):
                if place not in seen:
                    seen.add(place)
                    left.append(place)
        return tuple(sorted(place for place in seen if place[0].startswith("raw.")))

    def uses(self, table: str, column: str) -> tuple[Place, ...]:
        """The columns that are made of it."""
        return tuple(self._uses.get((table, column), ()))

    @cached_property
    def _uses(self) -> dict[Place, list[Place]]:
        used: dict[Place, list[Place]] = {}
        for place, sources in self._sources.items():
            for source in sources:
                used.setdefault(source, []).append(place)
        return used

    @cached_property
    def _sources(self) -> dict[Place, tuple[Place, ...]]:
        schema = self._schema()
        models = (model for layer in sqlfiles.LAYERS for model in sqlfiles.models(layer))
        return {place: found for model in models for place, found in _of_model(model, schema)}

    def _schema(self) -> Schema:
        nested: dict[str, object] = {}
        for layer in {table.partition(".")[0] for table in self.types}:
            mine = {table: columns for table, columns in self.types.items() if table.startswith(f"{layer}.")}
            nested[layer] = {table.partition(".")[2]: dict(columns) for table, columns in mine.items()}
        return ensure_schema(nested, dialect=_DIALECT)


def _of_model(model: sqlfiles.Model, schema: Schema) -> Iterator[tuple[Place, tuple[Place, ...]]]:
    """Raises UserError for a SELECT whose columns cannot be followed."""
    try:
        nodes = lineage(None, model.sql, schema, dialect=_DIALECT)
    except Exception as error:
        raise UserError("sql_unparsed", f"sql/{model.schema}/{model.name}.sql", reason=error) from error
    assert isinstance(nodes, dict)
    for column, node in nodes.items():
        yield (model.full_name, column), tuple(sorted(set(_leaves(node))))


def _leaves(node: Node) -> Iterator[Place]:
    for one in node.walk():
        if not one.downstream and isinstance(one.source, exp.Table) and one.source.db:
            yield f"{one.source.db}.{one.source.name}", one.name.rpartition(".")[2]
