"""A visit to one source: what it has is taken, file by file, and what fails there keeps no other source waiting."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from minsheng.core.errors import UserError
from minsheng.core.outcome import Outcome
from minsheng.source.delivery import Delivery, Noticed, Opened, Source
from minsheng.source.folder_file import unreadable
from minsheng.source.inbox import unit_folders, unknown_senders
from minsheng.source.memory import Mark, Memory, Remembrance, Seen
from minsheng.source.pulling import Pulling, has_come, is_unchanged, is_whole_here, take_in

log = logging.getLogger(__name__)
_OUR_FAULT = "查看来源时程序出错，其余文件留待下次取件；详见运行日志"
# After which a file is not fetched again as long as its source shows it unchanged.
_TAKEN = frozenset({"landed", "known", "withheld"})


@dataclass
class Visit:
    """What one source had, as far as it answered. ``unit_folders`` null: its senders have none."""

    source: Source
    outcomes: list[Outcome] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    unit_folders: int | None = None
    is_down: bool = False
    noticed: Noticed = field(default_factory=Noticed)


def visit_source(pulling: Pulling, source: Source, memory: Memory) -> Visit:
    """Take what a source has; one that fails keeps what it has yielded, and the next run goes on from there."""
    visit = Visit(source)
    try:
        with source.open(memory) as opened:
            visit.outcomes += [*opened.strays, *unknown_senders(pulling.run.county, opened)]
            visit.unit_folders = unit_folders(pulling.run.county, opened)
            visit.noticed = opened.noticed
            _take_all(pulling, visit, opened, memory)
    except UserError as error:
        if not source.is_declared:
            raise
        log.warning("%s", error)
        visit.is_down = True
        visit.outcomes.append(Outcome(source.name, "down", f"{error.problem}；{error.remedy}"))
    except Exception:
        if not source.is_declared:
            raise
        log.exception("cannot look into %s", source.name)
        visit.is_down = True
        visit.outcomes.append(Outcome(source.name, "failed", f"{source.name}：{_OUR_FAULT}"))
    return visit


def _take_all(pulling: Pulling, visit: Visit, opened: Opened, memory: Memory) -> None:
    for each in opened.deliveries():
        if isinstance(each, Outcome):
            visit.outcomes.append(each)
        elif pulling.share.is_used_up(each.unit_code):
            pulling.share.left[each.unit_code] += 1
        else:
            _take(pulling, visit, each, memory.get(each.key))


def _take(pulling: Pulling, visit: Visit, delivery: Delivery, before: Remembrance | None) -> None:
    """One file that cannot be taken keeps no other waiting: it stays where it is, and the next run tries again."""
    if is_unchanged(pulling, delivery, before):
        visit.outcomes.append(Outcome(delivery.label, "known"))
        _put_away(pulling, visit, delivery, before.sha256 if before else None)
        return
    try:
        content = delivery.read()
    except OSError as error:
        content = unreadable(delivery.label, error)
    if isinstance(content, Outcome):
        visit.outcomes.append(content)
        if delivery.mark:
            visit.seen.append(Seen(delivery.key, delivery.mark, None))
        return
    mark = delivery.mark or Mark(content.byte_count, content.stamp)
    is_here = has_come(pulling, delivery, content, mark, before, is_declared=visit.source.is_declared)
    outcome = take_in(pulling, delivery, content, is_here=is_here)
    visit.outcomes.append(outcome)
    if outcome.result in _TAKEN:
        visit.seen.append(Seen(delivery.key, mark, content.sha256))
        _put_away(pulling, visit, delivery, content.sha256)


def _put_away(pulling: Pulling, visit: Visit, delivery: Delivery, sha256: str | None) -> None:
    """Have its source delete or move what has landed whole, if that is asked for; what was withheld stays there."""
    if sha256 is None or delivery.stays:
        return
    if is_whole_here(pulling, sha256) and (told := delivery.put_away(sha256)):
        visit.outcomes.append(told)
