"""The published tables that tell what readers were shown when, from the log of the publication."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from minsheng.publication.content import TOLD_OF_SHOWING
from minsheng.publication.log import Entry, shown_from
from minsheng.publication.spans import ShownSpan, spans
from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import Connection, Row, append, transaction


@dataclass(frozen=True)
class Showing:
    """The log up to a revision that is about to be made; ``is_held``: it will wait behind a roll-back."""

    entries: Sequence[Entry]
    revision: str
    made_at: datetime
    inputs: frozenset[str]
    is_held: bool

    @property
    def whole(self) -> list[Entry]:
        """The log as it will be when readers are on the revision; as it is if they will not be."""
        if self.is_held:
            return list(self.entries)
        new = sorted(self.inputs - shown_from(self.entries).keys())
        return [*self.entries, Entry(self.made_at, "published", {"to": self.revision, "inputs": new})]


def tell_showing(connection: Connection, county_code: str, showing: Showing) -> None:
    """Make the tables of the warehouse say it, and the published ones that are made from them."""
    told = spans(showing.whole)
    rows = [_row(county_code, number, span) for number, span in enumerate(told, start=1)]
    if showing.is_held:
        rows.append(_waiting(county_code, len(rows) + 1, showing.revision))
    shown = shown_from(showing.whole).items()
    with transaction(connection):
        _replace(connection, "raw.publication", rows)
        _replace(connection, "raw.shown", [{"submission_id": name, "published_from": at} for name, at in shown])
        for model in sqlfiles.models("published"):
            if model.name in TOLD_OF_SHOWING:
                connection.execute(sqlfiles.create_table(model))


def _replace(connection: Connection, table: str, rows: Iterable[Row]) -> None:
    connection.execute(f"delete from {table}")
    append(connection, table, rows)


def _row(county_code: str, number: int, span: ShownSpan) -> Row:
    frozen = "、".join(sorted(period for _, period in span.frozen))
    return {
        "county_code": county_code,
        "span_no": number,
        "revision": span.revision,
        "content_hash": span.content,
        "in_force_from": span.begins,
        "in_force_to": span.ends,
        "change_code": span.change,
        "reason": span.reason or None,
        "published_at": span.published_at,
        "frozen_periods": frozen or None,
    }


def _waiting(county_code: str, number: int, revision: str) -> Row:
    """A revision that nobody has seen yet."""
    return {
        "county_code": county_code,
        "span_no": number,
        "revision": revision,
        "content_hash": revision.split("-")[1],
    }
