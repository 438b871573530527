"""The chain of evidence held against what is there: every place at which something was changed or taken out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from minsheng.core.files import digest
from minsheng.core.home import Home
from minsheng.publication.bulletins import drafts
from minsheng.publication.chain import (
    LOG_LINE,
    VERDICT,
    ChainLine,
    Head,
    chain_head,
    chain_lines,
    last_sealed,
    log_lines,
    verdict_hashes,
)
from minsheng.publication.log import entries
from minsheng.warehouse.connection import open_to_read


@dataclass(frozen=True)
class Tampering:
    """What was changed or taken out, below the home, and how one sees it; ``problem`` in Chinese."""

    where: str
    problem: str


def audit(home: Home) -> list[Tampering]:
    """Everything that is not as it was sealed; empty: nothing is. Reads all that was sealed, and changes nothing.

    Raises BusyError while somebody writes the warehouse.
    """
    lines = chain_lines(home)
    return [*_links(home, lines), *_bulletins(home, lines), *_rejudged(lines), *_entries(home, last_sealed(lines))]


def _links(home: Home, lines: list[ChainLine | None]) -> Iterator[Tampering]:
    """Each line follows on the one before, and the last is the one that was written down as such.

    A line that cannot be read shows by the next one, which does not follow; if that does, it was torn by a power cut.
    """
    last = Head(0, "")
    for place, line in enumerate(lines, start=1):
        where = f"chain.jsonl 第 {place} 行"
        if line is None:
            continue
        if not line.follows(last):
            yield Tampering(where, "与前一行不相接：前一行被改动、增删过")
        last = Head(line.number, line.hash)
    if chain_head(home) != last:
        yield Tampering("chain.jsonl", "最后一行不是 chain.head 所记的：末尾被删去或改动过")


def _bulletins(home: Home, lines: list[ChainLine | None]) -> Iterator[Tampering]:
    """What was printed in a bulletin was the end of the chain once."""
    known = {line.hash for line in lines if line} | {""}
    for folder in sorted(home.bulletins.glob("*/")):
        for one in drafts(home, folder.name):
            if one.draft.head not in known:
                where = f"{one.draft.period} 通报草稿 {one.draft.draft_no}"
                yield Tampering(where, "所印的校验值不在校验链中：校验链被重写过")


def _rejudged(lines: list[ChainLine | None]) -> Iterator[Tampering]:
    """A verdict that was given otherwise later, without anybody having decided of a rule meanwhile."""
    first: dict[str, tuple[int, str]] = {}
    decided = [
        place for place, line in enumerate(lines) if line and any("/decisions/" in name for name in line.entries)
    ]
    for place, line in enumerate(lines):
        for name, value in line.entries.items() if line else ():
            since, before = first.get(name, (place, value))
            if value != before and not any(since <= one <= place for one in decided):
                yield Tampering(name, f"第 {place + 1} 行的校验结论与以前的不同，其间没有对规则作过决定")
            first[name] = place, value


def _entries(home: Home, sealed: dict[str, str]) -> Iterator[Tampering]:
    """Everything sealed is there, and as it was."""
    pruned = {name for entry in entries(home) for name in str(entry.facts.get("revisions", "")).split(", ")}
    present = {**log_lines(home), **_verdicts(home)}
    for name, value in sealed.items():
        found = present.get(name) if name.startswith((VERDICT, LOG_LINE)) else _digest(home.root / name)
        if found is None and PurePosixPath(name).parent.name not in pruned:
            yield Tampering(name, "封存以后被删去")
        elif found not in (None, value):
            yield Tampering(name, "封存以后被改动")


def _digest(path: Path) -> str | None:
    return digest(path) if path.is_file() else None


def _verdicts(home: Home) -> dict[str, str]:
    if not home.warehouse.exists():
        return {}
    with open_to_read(home.warehouse) as connection:
        return dict(verdict_hashes(connection))
