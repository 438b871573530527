"""The chain of evidence held against what is there: every place at which something was changed or taken out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from minsheng.core.codes import DecisionKind
from minsheng.core.errors import DamagedError
from minsheng.core.files import digest
from minsheng.core.home import Home
from minsheng.landing.decisions import Decision, read_decision
from minsheng.publication.bulletins import draft_folders, read_draft
from minsheng.publication.chain import (
    LOG_LINE,
    REVISIONS,
    VERDICT,
    ChainLine,
    Head,
    chain_head,
    chain_lines,
    last_sealed,
    log_lines,
    verdict_hashes,
)
from minsheng.publication.log import PRUNED, entries
from minsheng.publication.revisions import MANIFEST, Revision
from minsheng.warehouse.connection import open_to_read

_SWITCHES: tuple[DecisionKind, ...] = ("rule_off", "rule_on")


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
    sealed = last_sealed(lines)
    return [
        *_links(home, lines),
        *_bulletins(home, lines),
        *_sealed_otherwise(home, lines),
        *_entries(home, sealed),
        *_revisions(home, sealed),
    ]


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
    for folder in (each for plan in sorted(home.bulletins.glob("*/")) for each in draft_folders(home, plan.name)):
        try:
            draft = read_draft(folder).draft
        except DamagedError as error:
            yield Tampering(folder.relative_to(home.root).as_posix(), f"通报草稿读不出来：{error}")
            continue
        if draft.head not in known:
            where = f"{draft.period} 通报草稿 {draft.draft_no}"
            yield Tampering(where, "所印的校验值不在校验链中：校验链被重写过")


def _sealed_otherwise(home: Home, lines: list[ChainLine | None]) -> Iterator[Tampering]:
    """What was sealed again with another hash: a file never is, a verdict only after a decision of a rule."""
    last: dict[str, tuple[int, str]] = {}
    for place, line in enumerate(lines):
        for name, value in line.entries.items() if line else ():
            since, before = last.get(name, (place, value))
            if value != before and not name.startswith(VERDICT):
                yield Tampering(name, f"第 {place + 1} 行又封存了一次，与第 {since + 1} 行的校验值不同")
            elif value != before and not _is_decided(home, lines, name, since, place):
                yield Tampering(name, f"第 {place + 1} 行的校验结论与以前的不同，其间没有对规则作过决定")
            last[name] = place, value


def _is_decided(home: Home, lines: list[ChainLine | None], verdict: str, since: int, until: int) -> bool:
    """Whether a rule of the verdict's plan was switched after the run that line ``since`` sealed, by line ``until``.

    A decision made while that run went on is sealed with it, and was none of its own: it is of a later moment.
    """
    plans = _plans_of(lines, verdict.removeprefix(VERDICT))
    sealed = lines[since]
    for place, line in enumerate(lines[since : until + 1], start=since):
        for name in line.entries if line else ():
            decision = _rule_decision(home, name, plans)
            if decision and (place > since or (sealed and decision.decided_at > sealed.sealed_at)):
                return True
    return False


def _plans_of(lines: list[ChainLine | None], submission_id: str) -> set[str]:
    """The plan a submission was received for: its receipt lies there."""
    receipt = f"/receipts/{submission_id}.json"
    names = (name for line in lines if line for name in line.entries if name.endswith(receipt))
    return {PurePosixPath(name).parts[1] for name in names}


def _rule_decision(home: Home, name: str, plans: set[str]) -> Decision | None:
    """The decision that a sealed name is, where it switched a rule of one of the plans and can be read."""
    path = PurePosixPath(name)
    if not path.match("landing/*/decisions/*.json") or path.parts[1] not in plans:
        return None
    with suppress(DamagedError):  # told as taken out or changed
        decision = read_decision(home.root / name)
        return decision if decision.kind in _SWITCHES else None
    return None


def _entries(home: Home, sealed: dict[str, str]) -> Iterator[Tampering]:
    """Everything sealed is there, and as it was."""
    present = {**log_lines(home), **_verdicts(home)}
    pruned = _pruned(home)
    for name, value in sealed.items():
        found = present.get(name) if name.startswith((VERDICT, LOG_LINE)) else _digest(home.root / name)
        if name not in pruned or found is not None:
            yield from _compared(name, value, found)


def _pruned(home: Home) -> set[str]:
    """The manifests of revisions that were removed by retention, which alone ever removes what was sealed."""
    removed = (str(entry.facts.get("revisions", "")) for entry in entries(home) if entry.event == PRUNED)
    return {f"{REVISIONS}{name}/{MANIFEST}" for names in removed for name in names.split(", ")}


def _revisions(home: Home, sealed: dict[str, str]) -> Iterator[Tampering]:
    """The files of every revision are as its manifest names them; a manifest that was touched names nothing."""
    for name, value in sealed.items():
        if name.startswith(REVISIONS) and _digest(home.root / name) == value:
            revision = Revision((home.root / name).parent)
            for file, sha256 in revision.manifest.get("files", {}).items():
                yield from _compared(f"{REVISIONS}{revision.name}/{file}", sha256, _digest(revision.folder / file))


def _compared(name: str, value: str, found: str | None) -> Iterator[Tampering]:
    if found is None:
        yield Tampering(name, "封存以后被删去")
    elif found != value:
        yield Tampering(name, "封存以后被改动")


def _digest(path: Path) -> str | None:
    return digest(path) if path.is_file() else None


def _verdicts(home: Home) -> dict[str, str]:
    if not home.warehouse.exists():
        return {}
    with open_to_read(home.warehouse) as connection:
        return dict(verdict_hashes(connection))
