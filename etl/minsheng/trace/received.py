"""What came for a month or of a unit: each file, why it was refused, and what a supporting unit reports."""

from __future__ import annotations

from dataclasses import dataclass

from minsheng.core.home import Home
from minsheng.publication.revisions import open_revision
from minsheng.trace import queries
from minsheng.trace.asked import Asked
from minsheng.trace.model import Fault, File, Stamp
from minsheng.trace.reading import as_file, read_stamp
from minsheng.warehouse.connection import Connection, Row, open_to_read


@dataclass(frozen=True)
class ReceivedFile:
    """A file and whose it is; ``faults``: why it was refused, none where it was not."""

    unit_name: str
    file: File
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class Received:
    """What a dossier shows in front of its sheets.

    ``duties``: how each unit stands with each month, as published. ``contributions``: what the unit in question reports
    of others' indicators, each row with the ``places`` it stands in; empty where no unit is in question.
    """

    stamp: Stamp
    duties: tuple[Row, ...]
    files: tuple[ReceivedFile, ...]
    contributions: tuple[Row, ...]


def read_received(home: Home, asked: Asked) -> Received:
    """All of it, for the months and the unit asked about."""
    stamp = read_stamp(asked)
    key = {
        "plan_id": asked.plan_id,
        "periods": list(asked.periods),
        "unit_code": asked.unit_code,
        "senders": list(asked.senders),
        "indicator_code": asked.indicator_code,
    }
    with open_revision(asked.revision) as connection:
        duties = queries.rows(connection, queries.DUTIES, key)
        told = queries.rows(connection, queries.CONTRIBUTIONS, key)
    with open_to_read(home.warehouse) as connection:
        files = _files(connection, stamp, key)
        contributions = _with_places(connection, told)
    return Received(stamp, tuple(duties), files, contributions)


def _files(connection: Connection, stamp: Stamp, key: Row) -> tuple[ReceivedFile, ...]:
    found = queries.rows(connection, queries.RECEIVED, key)
    files = [(row.pop("unit_name"), as_file(row, stamp)) for row in found]
    refused = queries.rows(connection, queries.REFUSALS, {"files": [file.submission_id for _, file in files]})
    faults = [Fault(**row) for row in refused]
    return tuple(
        ReceivedFile(unit_name, file, tuple(one for one in faults if one.submission_id == file.submission_id))
        for unit_name, file in files
    )


def _with_places(connection: Connection, rows: list[Row]) -> tuple[Row, ...]:
    of_files = {"files": [row["submission_id"] for row in rows]}
    cells = queries.rows(connection, queries.CONTRIBUTED_CELLS, of_files)
    places = {(row["submission_id"], row["indicator_code"]): row["places"] for row in cells}
    return tuple(row | {"places": places.get((row["submission_id"], row["indicator_code"]))} for row in rows)
