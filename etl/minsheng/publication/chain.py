"""The chain of evidence: what was received, judged and published, sealed line by line in ``chain.jsonl``.

Every publish seals what is new since the last: the files of landing, the verdicts, the manifests and the log of what
readers were shown, the bulletins. A line names each with its hash and bears the hash of the line before, so what is
changed or taken out later shows (docs/adr/0053). ``chain.head`` says beside it which line is the last.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import chain
from pathlib import Path

from pydantic import AwareDatetime

from minsheng.core.files import append_line, atomic_write, digest
from minsheng.core.home import Home
from minsheng.core.notes import Note, UnreadableError
from minsheng.publication.bulletins import whole_folders
from minsheng.publication.log import LOG
from minsheng.warehouse.connection import Connection

VERDICT = "verdict/"
LOG_LINE = f"published/{LOG}#"
REVISIONS = "published/revisions/"
# Below the home: what is written once and stays, by pattern; of landing all but books, which are read again if lost.
_KEPT = ("landing/*/[!b]*/**/*", f"{REVISIONS}*/manifest.json")
_PASSING = (".", "~$")  # what is still being written; what Word lays beside a file while somebody looks at it
_VERDICTS = """
    select submission_id, verdict, cast(epoch_us(accepted_at) as varchar) as accepted_at, reject_count, warn_count
    from raw.verdict
    order by submission_id
"""


@dataclass(frozen=True)
class ChainLine:
    """One line: its number, when it was sealed, the hash of the line before, and what it seals, by name with hash."""

    number: int
    sealed_at: AwareDatetime
    previous: str
    entries: dict[str, str]

    @property
    def hash(self) -> str:
        """Made from all of it."""
        parts = [self.number, self.sealed_at.isoformat(), self.previous, sorted(self.entries.items())]
        return sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()

    def follows(self, head: Head) -> bool:
        """Whether it is the line after that one."""
        return (self.number - 1, self.previous) == (head.number, head.hash)


@dataclass(frozen=True)
class Head:
    """Which line is the last, and its hash."""

    number: int
    hash: str


_LINE, _HEAD = Note(ChainLine), Note(Head)
_BEGINNING = Head(0, "")


def chain_path(home: Home) -> Path:
    """Where the chain lies."""
    return home.root / "chain.jsonl"


def head_path(home: Home) -> Path:
    """Where it is written which line is the last."""
    return home.root / "chain.head"


def chain_head(home: Home) -> Head:
    """The last line: by what was written of it, or the one after it, where a power cut kept that from being written.

    Number 0 where nothing was sealed, or what was written cannot be read.
    """
    try:
        written = _HEAD.read(head_path(home))
    except UnreadableError:
        written = _BEGINNING
    last = next((line for line in reversed(chain_lines(home)) if line), None)
    return Head(last.number, last.hash) if last and last.follows(written) else written


def chain_lines(home: Home) -> list[ChainLine | None]:
    """Every line in order; null: it cannot be read."""
    path = chain_path(home)
    if not path.exists():
        return []
    # A power cut may fall inside a character; and a name may hold what else ends a line.
    text = path.read_text(encoding="utf-8", errors="replace")
    return [_read(line) for line in text.removesuffix("\n").split("\n")]


def extend_chain(home: Home, connection: Connection, moment: datetime) -> None:
    """Seal what is new, or judged otherwise, since the last line; nothing is: no-op.

    It follows on what ``chain.head`` says was the last line: one that was taken out leaves a gap for ever.
    """
    sealed = last_sealed(chain_lines(home))
    names = (path for path in kept_files(home) if path not in sealed)
    new = {name: digest(home.root / name) for name in names}
    lines = {name: value for name, value in log_lines(home).items() if name not in sealed}
    judged = {name: value for name, value in verdict_hashes(connection).items() if sealed.get(name) != value}
    if entries := {**new, **lines, **judged}:
        head = chain_head(home)
        line = ChainLine(head.number + 1, moment, head.hash, entries)
        append_line(chain_path(home), json.dumps(json.loads(_LINE.written(line)), ensure_ascii=False))
        atomic_write(head_path(home), _HEAD.written(Head(line.number, line.hash)))


def last_sealed(lines: list[ChainLine | None]) -> dict[str, str]:
    """Everything that was ever sealed, with the hash it was last sealed with."""
    return {name: value for line in lines if line for name, value in line.entries.items()}


def kept_files(home: Home) -> Iterator[str]:
    """The files that are written once, below the home; what somebody is still writing is none of them."""
    written = (path for pattern in _KEPT for path in sorted(home.root.glob(pattern)))
    bulletins = (path for folder in whole_folders(home) for path in sorted(folder.iterdir()))
    for path in chain(written, bulletins):
        name = path.relative_to(home.root)
        if path.is_file() and not any(part.startswith(_PASSING) for part in name.parts):
            yield name.as_posix()


def log_lines(home: Home) -> dict[str, str]:
    """The hash of every line of the log, by its number."""
    path = home.published / LOG
    lines = path.read_bytes().splitlines() if path.exists() else []
    return {f"{LOG_LINE}{number}": sha256(line).hexdigest() for number, line in enumerate(lines, start=1)}


def verdict_hashes(connection: Connection) -> Mapping[str, str]:
    """The hash of every verdict, by the submission it is of; which version of the rules gave it is none of it."""
    return {
        f"{VERDICT}{row[0]}": sha256(json.dumps(row).encode()).hexdigest()
        for row in connection.execute(_VERDICTS).fetchall()
    }


def _read(line: str) -> ChainLine | None:
    try:
        return _LINE.parsed(line.encode())
    except UnreadableError:
        return None
