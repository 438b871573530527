"""pull: copy what units left at the sources into landing. Judges nothing, and removes nothing unless it is asked to.

What comes is read into memory and landed there and then: nothing that the guard has not seen is stored, and a run that
is killed has either landed a file or not. Only after that is it remembered as taken (docs/adr/0032). The moment the
stage notes is the one from which a version counts (docs/adr/0002).
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from minsheng.core.clock import county_time
from minsheng.core.codes import Result
from minsheng.core.errors import UserError
from minsheng.core.home import Home
from minsheng.core.outcome import Outcome, StageResult
from minsheng.guard import withhold
from minsheng.landing import Receipt, Withheld, arrivals, is_whole
from minsheng.mail.confirming import take_replies
from minsheng.mail.folders import STATES, mail_path
from minsheng.mail.strangers import queue_stranger_letters
from minsheng.parsing.lexicon import Lexicon, plan_lexicon
from minsheng.parsing.months import plan_named
from minsheng.plan.models import Plan
from minsheng.plan.run import Run
from minsheng.source.bounced import mark_bounced
from minsheng.source.content import FileContent
from minsheng.source.delivery import Delivery, Noticed, Opened, Source
from minsheng.source.folder import FolderSource, Inbox, open_inbox
from minsheng.source.folder_file import unreadable
from minsheng.source.inbox import newest_arrivals, shut_for_long, silence, unit_folders, unknown_senders
from minsheng.source.memory import Mark, Memory, Remembrance, Seen, recall, remember
from minsheng.source.putting_away import landed_as
from minsheng.source.received import is_before, is_last
from minsheng.source.taking import Arrived, receipt_for, take
from minsheng.spreadsheet.book import Book
from minsheng.spreadsheet.opening import ReadBook, book_reader
from minsheng.verify.lost import keep_whole, kept_contents, lost_receipts, received_before
from minsheng.warehouse.connection import Connection, kept_open, open_warehouse, transaction
from minsheng.warehouse.ledger import record

log = logging.getLogger(__name__)
_LATER = "本单位在这次运行的时点之后（{at:%Y-%m-%d %H:%M}）已有来件，这个文件到得更晚，留待下次取件"
_TAKEN = "本次取件已到上限，其余 {count} 个文件下次再取"
_TOO_MUCH = "文件总量太大，其余 {count} 个没有取件；请清理或归档已报送的文件"
# What one run takes of one sender: whoever leaves more keeps nobody else waiting, and the next run goes on.
MOST_TAKEN = 1000
MOST_READ_BYTES = 4 << 30
_OUR_FAULT = "取件时程序出错，文件仍在收件目录，留待下次取件；详见运行日志"
_OUR_FAULT_WITH_SOURCE = "查看来源时程序出错，其余文件留待下次取件；详见运行日志"
# After which a file is not fetched again as long as its source shows it unchanged.
_TAKEN_RESULTS = frozenset({"landed", "known", "withheld"})


def pull(run: Run, *sources: Source | Path) -> StageResult:
    """Land every file of every source, for the plan of the month it names; files landed are ``known``.

    A path stands for the inbox there, ``<unit_code>/…``. Of a file with personal data, or that nobody can look into,
    only the receipt is kept: it is ``withheld``.

    A file outside a unit's folder has no sender: it stays where it is and is reported as ``misplaced``. What cannot be
    read is ``unreadable``, and ``shut`` from the second run in a row; a source without any unit's folder is ``silent``
    where there were such folders; a declared source that does not answer is ``down`` and keeps no other waiting. What
    a run that is done again finds new came after later runs: it is ``later``.
    Raises UserError when there is no inbox, or files came long after the moment of this run, BusyError when the inbox
    does not answer.
    """
    visited = [FolderSource(one) if isinstance(one, Path) else one for one in sources]
    with kept_open(run.home.warehouse):  # not longer: while a source is looked into nobody need wait for it
        newest = newest_arrivals(run)
        known = received_before(run)
        memories = _memories(run, visited)
    with book_reader() as read_book:
        pulling = _Pulling(
            run,
            {plan.plan_id: plan_lexicon(plan) for plan in run.county.plans},
            arrivals(run.home, run.as_of),
            known,
            kept_contents(run),
            read_book,
            newest,
        )
        visits = [_visit(pulling, source, memories[source.name]) for source in visited]
        taken = (outcome for visit in visits for outcome in visit.outcomes)
        told = (*taken, *pulling.share.told(), *lost_receipts(run, known))
    with open_warehouse(run.home.warehouse) as connection, transaction(connection):
        quiet = [one for visit in visits for one in _noted(run, connection, visit, memories[visit.source.name])]
        result = StageResult("pull", (*quiet, *shut_for_long(run, connection, told)))
        record(connection, run, result)
    return result


def is_known(home: Home, inbox: Path, by: datetime) -> bool:
    """Whether every file of the inbox had landed by a moment, and nothing else under its name since."""
    arrived = arrivals(home, by)
    with open_inbox(inbox) as opened:
        return all(is_last(arrived, delivery, content.sha256) for delivery, content in _contents(opened))


@dataclass
class _Visit:
    """What one source had, as far as it answered. ``unit_folders`` null: its senders have none."""

    source: Source
    outcomes: list[Outcome] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    unit_folders: int | None = None
    is_down: bool = False
    noticed: Noticed = field(default_factory=Noticed)


@dataclass
class _Share:
    """What this run has taken of each sender, and how many files it has left to the next."""

    taken: Counter[str] = field(default_factory=Counter)
    read_bytes: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)

    def is_used_up(self, sender: str) -> bool:
        return self.taken[sender] >= MOST_TAKEN or self.read_bytes[sender] >= MOST_READ_BYTES

    def told(self) -> Iterator[Outcome]:
        """Whose files were left; those that are known count as read, so that much to read is no passing trouble."""
        for sender, count in self.left.items():
            if self.read_bytes[sender] >= MOST_READ_BYTES:
                yield Outcome(sender, "too_many", _TOO_MUCH.format(count=count), count)
            else:
                yield Outcome(sender, "postponed", _TAKEN.format(count=count), count)


@dataclass(frozen=True)
class _Pulling:
    """What the files of one pull are held against."""

    run: Run
    words: Mapping[str, Lexicon]
    arrived: Arrived
    received_before: Mapping[str, datetime]
    kept: Mapping[str, str]
    read_book: ReadBook
    newest: Mapping[str, datetime]
    share: _Share = field(default_factory=_Share)

    def plan_named(self, book: Book, delivery: Delivery) -> Plan:
        """The plan a file is for."""
        return plan_named(book, delivery.name, self.run.county, self.words, county_time(self.run.as_of).date())


def _memories(run: Run, sources: Sequence[Source]) -> Mapping[str, Memory]:
    """What each source remembers."""
    with open_warehouse(run.home.warehouse) as connection:
        return {source.name: recall(connection, source.name) for source in sources}


def _noted(run: Run, connection: Connection, visit: _Visit, before: Memory) -> list[Outcome]:
    """Keep how a source was found, inside the caller's transaction; tells of replies, and of one fallen silent."""
    name = visit.source.name
    replies = take_replies(connection, run, name, visit.noticed.replies)
    remember(connection, name, before, [*visit.seen, *visit.noticed.seen, *replies.seen], run.as_of)
    mark_bounced(connection, visit.noticed.bounces, run.as_of)
    queue_stranger_letters(connection, run, visit.noticed.strangers)
    if visit.source.is_declared:
        landed = sum(one.result in ("landed", "withheld") for one in visit.outcomes)
        result: Result = "down" if visit.is_down else "listed"
        record(connection, run, StageResult("source", (Outcome(name, result, "", landed),)))
    if visit.unit_folders is None or visit.is_down:
        return [*replies.outcomes]
    return [*replies.outcomes, *silence(run, connection, name, visit.unit_folders)]


def _visit(pulling: _Pulling, source: Source, memory: Memory) -> _Visit:
    """Take what a source has; one that fails keeps what it has yielded, and the next run goes on from there."""
    visit = _Visit(source)
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
        visit.outcomes.append(Outcome(source.name, "failed", f"{source.name}：{_OUR_FAULT_WITH_SOURCE}"))
    return visit


def _contents(opened: Inbox) -> Iterator[tuple[Delivery, FileContent]]:
    for delivery in opened.deliveries():
        content = delivery if isinstance(delivery, Outcome) else delivery.read()
        if not isinstance(delivery, Outcome) and isinstance(content, FileContent):
            yield delivery, content


def _take_all(pulling: _Pulling, visit: _Visit, opened: Opened, memory: Memory) -> None:
    for each in opened.deliveries():
        if isinstance(each, Outcome):
            visit.outcomes.append(each)
        elif pulling.share.is_used_up(each.unit_code):
            pulling.share.left[each.unit_code] += 1
        else:
            _take(pulling, visit, each, memory.get(each.key))


def _take(pulling: _Pulling, visit: _Visit, delivery: Delivery, before: Remembrance | None) -> None:
    """One file that cannot be taken keeps no other waiting: it stays where it is, and the next run tries again."""
    if _is_unchanged(pulling, delivery, before):
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
    outcome = _taken(pulling, delivery, content, _has_come(pulling, visit.source, delivery, content, mark, before))
    visit.outcomes.append(outcome)
    if outcome.result in _TAKEN_RESULTS:
        visit.seen.append(Seen(delivery.key, mark, content.sha256))
        _put_away(pulling, visit, delivery, content.sha256)


def _put_away(pulling: _Pulling, visit: _Visit, delivery: Delivery, sha256: str | None) -> None:
    """Have its source delete or move what has landed whole, if that is asked for; what was withheld stays there."""
    if sha256 is None or delivery.stays:
        return
    if _is_whole_here(pulling, sha256) and (told := delivery.put_away(sha256)):
        visit.outcomes.append(told)


def _is_whole_here(pulling: _Pulling, sha256: str) -> bool:
    return any(is_whole(pulling.run.home, plan_id, sha256) for plan_id in pulling.run.county.plan_ids)


def _is_unchanged(pulling: _Pulling, delivery: Delivery, before: Remembrance | None) -> bool:
    """Whether it need not be read: its source says that it is as it was when it was taken, and we still have it."""
    if not before or not before.sha256 or delivery.mark != before.mark:
        return False
    plan_id = pulling.kept.get(before.sha256)
    is_whole_here = plan_id is None or is_whole(pulling.run.home, plan_id, before.sha256)
    return is_whole_here and is_before(pulling.arrived, delivery, before.sha256, None)


def _has_come(
    pulling: _Pulling,
    source: Source,
    delivery: Delivery,
    content: FileContent,
    mark: Mark,
    before: Remembrance | None,
) -> bool:
    """Whether these bytes were received from here before, and not sent anew since.

    What came last under its name has; so has what lies where it lay, whatever came from elsewhere since; so has, where
    nothing is remembered, what was last changed before it came; so has what was on its way out under its hash.
    """
    if landed_as(delivery.name) == content.sha256 and _is_whole_here(pulling, content.sha256):
        return True
    if is_last(pulling.arrived, delivery, content.sha256):
        return True
    if before:
        is_same = (before.mark, before.sha256) == (mark, content.sha256)
        return is_same and is_before(pulling.arrived, delivery, content.sha256, None)
    since = delivery.changed_at if source.is_declared else None
    return since is not None and is_before(pulling.arrived, delivery, content.sha256, since)


def _taken(pulling: _Pulling, delivery: Delivery, content: FileContent, has_come: bool) -> Outcome:
    pulling.share.read_bytes[delivery.unit_code] += len(content.data or b"")
    if has_come:
        return _keep_whole(pulling, delivery, content)
    if (newest := pulling.newest.get(delivery.unit_code)) and newest > pulling.run.as_of:
        return Outcome(delivery.label, "later", _LATER.format(at=county_time(newest)))
    pulling.share.taken[delivery.unit_code] += 1
    try:
        book = pulling.read_book(content.data)
        plan = pulling.plan_named(book, delivery)
        withheld = withhold(book, delivery.name, pulling.words[plan.plan_id])
    except Exception:
        log.exception("cannot take %s", delivery.label)
        return Outcome(delivery.label, "failed", f"{delivery.label}：{_OUR_FAULT}")
    receipt = _receipt(pulling, plan, delivery, content, withheld)
    return take(pulling.run.home, receipt, content, book, delivery.label_of(receipt.file_name))


def _receipt(
    pulling: _Pulling, plan: Plan, delivery: Delivery, content: FileContent, withheld: Withheld | None
) -> Receipt:
    moment = pulling.run.as_of
    receipt = receipt_for(plan, delivery.unit_code, delivery.name, content, withheld, pulling.arrived, moment)
    # What we have judged before and lost the receipt of has come when it came.
    received_at = pulling.received_before.get(receipt.submission_id, moment)
    answers = next((one for one in delivery.references if _is_sent_to(pulling.run.home, delivery.unit_code, one)), None)
    return replace(receipt, received_at=received_at, sent_at=delivery.changed_at, answers=answers)


def _is_sent_to(home: Home, unit_code: str, mail_id: str) -> bool:
    """Whether we wrote this mail, and to this unit: who knows a number that was another's answers nothing by it."""
    return any(mail_path(home, state, unit_code, mail_id).exists() for state in STATES)


def _keep_whole(pulling: _Pulling, delivery: Delivery, content: FileContent) -> Outcome:
    """What has landed before lands again if the bytes we kept are lost or damaged; its receipt stays as it is."""
    plan_id = pulling.kept.get(content.sha256)
    if content.data is not None and plan_id and keep_whole(pulling.run, plan_id, content.data):
        return Outcome(delivery.label, "landed", "留存的原件丢失或已损坏，按收件目录中的同一文件重新留存")
    return Outcome(delivery.label, "known")
