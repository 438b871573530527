"""What each source remembers of its files, so that nothing is fetched twice.

That nothing is *landed* twice follows from landing alone; a memory that is lost costs only the fetching. It knows a
file by a digest of its path, since a path may hold what may not be kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from minsheng.warehouse.connection import Connection, append


@dataclass(frozen=True)
class Mark:
    """What tells one state of a file at its source from another, as far as the source says."""

    byte_count: int | None = None
    stamp: str = ""
    tag: str = ""


@dataclass(frozen=True)
class Remembrance:
    """One file as it was when it was last seen; ``sha256`` of its content when it was taken, null: it was not."""

    mark: Mark
    sha256: str | None
    first_seen_at: datetime
    taken_at: datetime | None


Memory = Mapping[str, Remembrance]


@dataclass(frozen=True)
class Seen:
    """What is to be remembered of one file from now on; ``sha256`` null: it has not been taken."""

    key: str
    mark: Mark
    sha256: str | None


def entry_key(*path: str) -> str:
    """By which a file at this path is remembered."""
    return sha256("/".join(path).encode("utf-8", "surrogateescape")).hexdigest()


def recall(connection: Connection, source_name: str) -> Memory:
    """What a source remembers, by the keys of its files."""
    query = """
        select entry_key, byte_count, stamp, tag, content_sha256, first_seen_at, taken_at
        from raw.source_entry
        where source_name = ?
    """
    rows = connection.execute(query, [source_name]).fetchall()
    return {key: Remembrance(Mark(*mark), *rest) for key, *mark, rest in ((*row[:4], row[4:]) for row in rows)}


def remember(connection: Connection, source_name: str, before: Memory, seen: Iterable[Seen], moment: datetime) -> None:
    """Note what is new since ``before``, inside the caller's transaction."""
    last = {one.key: one for one in seen}
    changed = [one for key, one in last.items() if not _is_noted(before.get(key), one)]
    connection.execute(
        "delete from raw.source_entry where source_name = ? and list_contains(?, entry_key)",
        [source_name, [one.key for one in changed]],
    )
    append(connection, "raw.source_entry", (_row(source_name, before.get(one.key), one, moment) for one in changed))


def _is_noted(before: Remembrance | None, one: Seen) -> bool:
    return before is not None and (before.mark, before.sha256) == (one.mark, one.sha256)


def _row(source_name: str, before: Remembrance | None, one: Seen, moment: datetime) -> dict[str, object]:
    return {
        "source_name": source_name,
        "entry_key": one.key,
        "byte_count": one.mark.byte_count,
        "stamp": one.mark.stamp,
        "tag": one.mark.tag,
        "content_sha256": one.sha256,
        "first_seen_at": before.first_seen_at if before else moment,
        "taken_at": moment if one.sha256 else None,
    }
