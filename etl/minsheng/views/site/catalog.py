"""What the site says of each table: its columns in words, its keys and neighbours, and what is checked of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from minsheng.core.declarations import RULES
from minsheng.publication.keys import Reference, references
from minsheng.publication.metrics import Metric, metrics
from minsheng.validation.facts import fact_tables
from minsheng.validation.rules import Rule, load_rules
from minsheng.views.site.lineage import Lineage, Place
from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import open_warehouse
from minsheng.warehouse.rebuild import rebuild

LAYERS = ("raw", *sqlfiles.LAYERS)
_TABLE = re.compile(r"(?<!\w)[a-z_]++\.\w++")


@dataclass(frozen=True)
class SiteColumn:
    """A column: its Chinese name, type, unit and meaning, what it is made of and what is made of it."""

    name: str
    label: str
    data_type: str
    unit: str
    description: str
    is_key: bool
    sources: tuple[Place, ...]
    origins: tuple[Place, ...]
    uses: tuple[Place, ...]


@dataclass(frozen=True)
class Catalog:
    """Everything declared, of a warehouse that is empty."""

    types: Mapping[str, Mapping[str, str]]

    @cached_property
    def lineage(self) -> Lineage:
        """Column by column."""
        return Lineage(self.types)

    @cached_property
    def models(self) -> dict[str, sqlfiles.Model]:
        """Every table by its name, layer by layer."""
        return {model.full_name: model for layer in LAYERS for model in sqlfiles.declared(layer)}

    @cached_property
    def layers(self) -> dict[str, list[sqlfiles.Model]]:
        """The tables of each layer, in the order of the flow."""
        return {layer: [*sqlfiles.declared(layer)] for layer in LAYERS}

    @cached_property
    def columns(self) -> dict[str, list[SiteColumn]]:
        """Of each table, in order."""
        return {
            table: [self._column(model, name, kind) for name, kind in self.types[table].items()]
            for table, model in self.models.items()
        }

    def upstream(self, model: sqlfiles.Model) -> dict[str, list[str]]:
        """Every table it is made of, however far, by layer."""
        return _by_layer(_reached(model.full_name, self._reads))

    def downstream(self, model: sqlfiles.Model) -> dict[str, list[str]]:
        """Every table that is made of it, however far, by layer."""
        return _by_layer(_reached(model.full_name, self._read_by))

    def checks(self, model: sqlfiles.Model) -> list[sqlfiles.Check]:
        """The checks that look at it."""
        return [check for check in sqlfiles.checks() if model.full_name in _TABLE.findall(check.sql)]

    def references(self, model: sqlfiles.Model) -> list[Reference]:
        """Where its codes lead; a published table's only."""
        return [*references(model)] if model.schema == "published" else []

    def metrics(self, model: sqlfiles.Model) -> list[Metric]:
        """What is computed from it."""
        return [one for one in metrics() if model.schema == "published" and one.table == model.name]

    def rules(self, model: sqlfiles.Model) -> list[Rule]:
        """The rules that look at a fact of it."""
        mine = {*self.types[model.full_name]} - {*model.grain}
        scope = model.header.get("scope")
        return [rule for rule in load_rules(RULES).rules if rule.scope == scope and mine & facts_of(rule)]

    def place_of(self, rule: Rule, fact: str) -> Place | None:
        """Where a fact stands that a rule looks at."""
        tables = (model.full_name for model in fact_tables(rule.scope) if fact in self.types[model.full_name])
        return next(((table, fact) for table in tables), None)

    @cached_property
    def _reads(self) -> dict[str, set[str]]:
        built = (model for layer in sqlfiles.LAYERS for model in sqlfiles.declared(layer))
        return {model.full_name: {*sqlfiles.reads(model)} & self.models.keys() for model in built}

    @cached_property
    def _read_by(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for name, reads in self._reads.items():
            for read in reads:
                found.setdefault(read, set()).add(name)
        return found

    def _column(self, model: sqlfiles.Model, name: str, kind: str) -> SiteColumn:
        term, place = _term(model, name), (model.full_name, name)
        return SiteColumn(
            name,
            term.label,
            kind.lower(),
            term.unit,
            term.description,
            name in model.grain,
            self.lineage.sources(*place),
            self.lineage.origins(*place) if model.schema == "published" else (),
            self.lineage.uses(*place),
        )


def read_catalog() -> Catalog:
    """Of what is declared now; takes a quarter of a minute."""
    query = """
        select schema_name || '.' || table_name, column_name, data_type
        from duckdb_columns()
        where not internal
        order by schema_name, table_name, column_index
    """
    with open_warehouse(None) as connection:
        for layer in sqlfiles.BUILT:
            rebuild(connection, layer)
        rows = connection.execute(query).fetchall()
    types: dict[str, dict[str, str]] = {}
    for table, column, data_type in rows:
        types.setdefault(table, {})[column] = data_type
    return Catalog(types)


def facts_of(rule: Rule) -> set[str]:
    """The facts a rule looks at."""
    return {*rule.when, *rule.unless, *rule.known, *rule.missing, *rule.expect.columns}


def _term(model: sqlfiles.Model, column: str) -> sqlfiles.Term:
    """By the dictionary; of a fact by the head of its file; without words where neither has any."""
    known = sqlfiles.dictionary()
    told = model.header.get(column, "") if model.schema == "facts" else ""
    term = known.get(f"{model.name}.{column}") or known.get(column)
    if told or term is None:
        return sqlfiles.Term(label=term.label if term else "", description=told)
    return term


def _reached(start: str, leads: Mapping[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    left = [start]
    while left:
        new = leads.get(left.pop(), set()) - seen
        seen |= new
        left += new
    return seen


def _by_layer(names: set[str]) -> dict[str, list[str]]:
    return {layer: found for layer in LAYERS if (found := [*_of_layer(names, layer)])}


def _of_layer(names: set[str], layer: str) -> Iterator[str]:
    yield from sorted(name for name in names if name.startswith(f"{layer}."))
