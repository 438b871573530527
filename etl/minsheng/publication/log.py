"""What readers were shown, and what people did to the publication: one line each, as it happened, in ``log.jsonl``.

It lies beside the revisions and not in the warehouse: it must be written while that is busy or broken, and outlive it.
docs/adr/0029 says what it is good for.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import accumulate
from typing import Any

from minsheng.core.clock import county_time
from minsheng.core.errors import DamagedError
from minsheng.core.files import append_line, atomic_write
from minsheng.core.home import Publisher
from minsheng.publication.revisions import Revision, all_revisions

LOG = "log.jsonl"
# By these readers come onto the revision named as ``to``.
SHOWING = ("published", "rolled back", "released", "found")
FROZEN = "frozen"
PRUNED = "pruned"


@dataclass(frozen=True)
class Entry:
    """One line: when it happened, what, and the rest of it by name."""

    at: datetime
    event: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def revision(self) -> str:
        """The revision that readers came onto, or that was frozen."""
        return str(self.facts["to"])

    @property
    def inputs(self) -> tuple[str, ...]:
        """The accepted files that readers saw for the first time."""
        return tuple(self.facts.get("inputs", ()))

    @property
    def line(self) -> str:
        """As it stands in the file."""
        return json.dumps({"at": self.at.isoformat(), "event": self.event, **self.facts}, ensure_ascii=False)


def log(publisher: Publisher, now: datetime, event: str, facts: Mapping[str, Any]) -> None:
    """Add a line."""
    append_line(publisher.published / LOG, Entry(now, event, facts).line)


def log_shown(publisher: Publisher, now: datetime, event: str, revision: Revision, facts: Mapping[str, str]) -> None:
    """Add that readers have come onto a revision, and which files they have thereby seen for the first time.

    What an earlier version of minsheng published without writing it down is written down first.
    """
    backfill(publisher, (), but=revision.name)
    new = sorted(_inputs(revision) - shown_from(entries(publisher)).keys())
    log(publisher, now, event, {**facts, "to": revision.name} | ({"inputs": new} if new else {}))


def entries(publisher: Publisher) -> list[Entry]:
    """All lines, oldest first; of a home in which publications were not written down they are told from the manifests.

    A line that cannot be read is passed over: ``minsheng verify`` names it.
    """
    written = _written(publisher)
    if any(entry.event == "published" for entry in written):
        return written
    return _merged(written, told_by_manifests(publisher))


def told_by_manifests(publisher: Publisher) -> list[Entry]:
    """What the revisions that are kept say of their own publication."""
    told = []
    for revision in all_revisions(publisher):
        with suppress(DamagedError):
            made_at = revision.manifest.get("made_at")
            moment = county_time(datetime.fromisoformat(made_at)) if made_at else revision.as_of
            told.append(Entry(moment, "published", {"to": revision.name}))
    return told


def backfill(publisher: Publisher, told: Iterable[Entry], but: str = "") -> None:
    """Write down what was published before this was written down; no-op where it is.

    ``told``: what else is known of it, also of revisions that are no longer kept; ``but``: one that is new.
    """
    written = _written(publisher)
    known = {entry.revision: entry for entry in (*told_by_manifests(publisher), *told) if entry.revision != but}
    if known and not any(entry.event == "published" for entry in written):
        _rewrite(publisher, _merged(written, known.values()))


def in_order(found: Iterable[Entry]) -> list[Entry]:
    """Those by which readers were shown something, and freezes; none is earlier than the one before it.

    A run that was made up for late, or a clock put right, does not change the order in which things were seen.
    """
    showing = [entry for entry in found if entry.event in (*SHOWING, FROZEN)]
    moments = accumulate((entry.at for entry in showing), max)
    return [replace(entry, at=moment) for entry, moment in zip(showing, moments, strict=True)]


def shown_from(found: Iterable[Entry]) -> dict[str, datetime]:
    """When readers first saw each accepted file that they have ever seen."""
    return {name: entry.at for entry in reversed(in_order(found)) for name in entry.inputs}


def _merged(written: Iterable[Entry], told: Iterable[Entry]) -> list[Entry]:
    return sorted((*told, *written), key=lambda entry: entry.at)


def _rewrite(publisher: Publisher, merged: list[Entry]) -> None:
    """With the files that each revision was the first to show, as far as the revision is still there to say so."""
    inputs = {revision.name: _inputs(revision) for revision in all_revisions(publisher)}
    seen: set[str] = set()
    lines = []
    for entry in merged:
        new = inputs.get(entry.revision, set()) - seen if entry.event in SHOWING else set()
        seen |= new
        lines.append((replace(entry, facts={**entry.facts, "inputs": sorted(new)}) if new else entry).line)
    atomic_write(publisher.published / LOG, "".join(f"{line}\n" for line in lines).encode())


def _written(publisher: Publisher) -> list[Entry]:
    path = publisher.published / LOG
    lines = path.read_text(encoding="utf-8", errors="replace").split("\n") if path.exists() else []
    return [entry for line in lines if (entry := _read(line)) is not None]


def _read(line: str) -> Entry | None:
    try:
        found = json.loads(line)
        return Entry(county_time(datetime.fromisoformat(found.pop("at"))), str(found.pop("event")), found)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _inputs(revision: Revision) -> set[str]:
    with suppress(DamagedError):
        return {str(row["submission_id"]) for row in revision.inputs}
    return set()
