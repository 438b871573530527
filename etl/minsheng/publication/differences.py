"""What two revisions hold otherwise, table by table, as people read it: rows that came, went, or say something else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from minsheng.core.errors import UserError
from minsheng.core.home import Publisher
from minsheng.publication.content import TOLD_OF_SHOWING
from minsheng.publication.labels import quoted, title
from minsheng.publication.revisions import Revision, all_revisions, find, open_revision
from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import Connection, Row, rows_of

Key = tuple[object, ...]
# Every row has these alike where there is one plan and one county: they tell no row from another.
_SAID_ONCE = ("plan_id", "county_code")
# Which month is the newest is said of the months; in every other table that is no difference of its own.
_OF_MONTHS, _SAID_OF_MONTHS = "dim_period", ("is_latest_due",)
# What codes are called, where a table has no word of its own beside them.
_NAMES = """
    select 'unit_code' as kind, unit_code as code, unit_name as name from dim_unit
    union all
    select 'indicator_code', indicator_code, indicator_name from dim_indicator
    union all
    select 'item_code', item_code, item_name from dim_item
    union all
    select 'item_code', 'ALL', '全部项目'
    union all
    select 'status_code', status_code, status_label from dim_status
    union all
    select 'reason_code', reason_code, reason_label from dim_reason
    union all
    select 'rule_code', rule_code, rule_title from dim_rule
"""
Names = Mapping[str, Mapping[object, str]]


@dataclass(frozen=True)
class ChangedRow:
    """A row of both: its key, and of every column that differs its label with what it was and is."""

    key: Key
    columns: tuple[tuple[str, object, object], ...]


@dataclass(frozen=True)
class TableDifference:
    """What is otherwise in one table, which is called ``title``; ``only_in``: the one revision that has it at all."""

    title: str
    added: tuple[Key, ...] = ()
    removed: tuple[Key, ...] = ()
    changed: tuple[ChangedRow, ...] = ()
    only_in: str | None = None


def find_both(publisher: Publisher, first: str, second: str) -> tuple[Revision, Revision]:
    """Two revisions by name or number; raises one UserError that names each of which there is none."""
    known = all_revisions(publisher)
    names = {said for one in known for said in (one.name, str(one.number), f"{one.number:06d}")}
    if unknown := [said for said in dict.fromkeys((first, second)) if said not in names]:
        raise UserError("revision_unknown", "发布版本", name="、".join(unknown), known=[one.name for one in known])
    return find(publisher, first), find(publisher, second)


def table_differences(before: Revision, after: Revision) -> list[TableDifference]:
    """Every published table in which anything differs, in the order they are built; equal revisions: none.

    When readers were shown what, and which mails went out, is no content and not compared (docs/adr/0029).
    """
    compared = [model for model in sqlfiles.models("published") if TOLD_OF_SHOWING.get(model.name) != ()]
    with open_revision(before) as old, open_revision(after) as new:
        names = _names(old, new)
        found = [
            _table(model, old, new, names) if len(has_it) == 2 else TableDifference(title(model), only_in=has_it[0])
            for model in compared
            if (has_it := [one.name for one, each in ((before, old), (after, new)) if _has(each, title(model))])
        ]
    return [one for one in found if one is not None]


@dataclass(frozen=True)
class _Reader:
    """How the rows of a table are told: by its labels, with codes put into words."""

    model: sqlfiles.Model
    names: Names

    @property
    def columns(self) -> dict[str, str]:
        """Column by label."""
        return {term.label: column for column, term in sqlfiles.terms(self.model).items()}

    @property
    def key(self) -> list[str]:
        """The labels of what makes a row one."""
        return [label for label, column in self.columns.items() if column in self.model.grain]

    def rows(self, connection: Connection) -> dict[Key, Row]:
        """Every row by its key, the codes in it as they are."""
        found = rows_of(connection, f"select * from {quoted(title(self.model))}")
        return {tuple(row.get(label) for label in self.key): row for row in found}

    def called(self, key: Key) -> Key:
        """A key as people read it."""
        pairs = [(self.columns[label], value) for label, value in zip(self.key, key, strict=True)]
        return tuple(self.said(column, value) for column, value in pairs if column not in _SAID_ONCE)

    def changes(self, was: Row, now: Row) -> tuple[tuple[str, object, object], ...]:
        """Of the columns that both have: one of a later version alone says nothing of the rows."""
        return tuple(
            (label, self.said(column, was[label]), self.said(column, now[label]))
            for label, column in self.columns.items()
            if label in was and label in now and was[label] != now[label] and self.is_compared(column)
        )

    def said(self, column: str, value: object) -> object:
        """A value, or what its code is called."""
        kind = next((kind for kind in self.names if column.endswith(kind)), "")
        return self.names.get(kind, {}).get(value, value)

    def is_compared(self, column: str) -> bool:
        """A code that has its word beside it is told by that."""
        if column in TOLD_OF_SHOWING.get(self.model.name, ()):
            return False
        if column in _SAID_OF_MONTHS and self.model.name != _OF_MONTHS:
            return False
        stem = column.removesuffix("_code")
        return stem == column or not {f"{stem}_label", f"{stem}_name"} & sqlfiles.terms(self.model).keys()


def _table(model: sqlfiles.Model, old: Connection, new: Connection, names: Names) -> TableDifference | None:
    reader = _Reader(model, names)
    before, after = reader.rows(old), reader.rows(new)
    added = tuple(reader.called(key) for key in after if key not in before)
    removed = tuple(reader.called(key) for key in before if key not in after)
    pairs = ((key, reader.changes(before[key], row)) for key, row in after.items() if key in before)
    changed = tuple(ChangedRow(reader.called(key), columns) for key, columns in pairs if columns)
    return TableDifference(title(model), added, removed, changed) if added or removed or changed else None


def _names(*connections: Connection) -> Names:
    """What codes are called, by the last part of the columns they stand in; the newer name of two."""
    names: dict[str, dict[object, str]] = {}
    for row in (row for connection in connections for row in rows_of(connection, _NAMES)):
        names.setdefault(row["kind"], {})[row["code"]] = row["name"]
    return names


def _has(connection: Connection, view: str) -> bool:
    return bool(connection.execute("select 1 from duckdb_views() where view_name = ?", [view]).fetchone())
