"""pull: copy what units left in the inbox into landing. Judges nothing and removes nothing.

The moment it notes is the one from which a version counts (docs/adr/0002).
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from minsheng.core.clock import county_time
from minsheng.core.home import Home
from minsheng.core.outcome import Outcome, StageResult
from minsheng.guard import storable_name, unnamed, withhold
from minsheng.landing import Receipt, Withheld, arrivals
from minsheng.parsing.lexicon import Lexicon, plan_lexicon
from minsheng.parsing.months import plan_named
from minsheng.plan.models import Plan
from minsheng.plan.run import Run
from minsheng.source.content import FileContent
from minsheng.source.folder import Delivery, Inbox, open_inbox, unreadable
from minsheng.source.inbox import newest_arrivals, shut_for_long, silence, unit_folders, unknown_senders
from minsheng.source.taking import receipt_for, take
from minsheng.spreadsheet.book import Book
from minsheng.spreadsheet.opening import ReadBook, book_reader
from minsheng.verify.lost import keep_whole, kept_contents, lost_receipts, received_before
from minsheng.warehouse.connection import open_warehouse, transaction
from minsheng.warehouse.ledger import record

log = logging.getLogger(__name__)
_LATER = "本单位在这次运行的时点之后（{at:%Y-%m-%d %H:%M}）已有来件，这个文件到得更晚，留待下次取件"
_TAKEN = "本次取件已到上限，其余 {count} 个文件下次再取"
_TOO_MUCH = "文件总量太大，其余 {count} 个没有取件；请清理或归档已报送的文件"
# What one run takes of one sender: whoever leaves more keeps nobody else waiting, and the next run goes on.
MOST_TAKEN = 1000
MOST_READ_BYTES = 4 << 30
_OUR_FAULT = "取件时程序出错，文件仍在收件目录，留待下次取件；详见运行日志"


def pull(run: Run, inbox: Path) -> StageResult:
    """Land every file of ``inbox/<unit_code>/…``, for the plan of the month it names; files landed are ``known``.

    Of a file with personal data, or that nobody can look into, only the receipt is kept: it is ``withheld``.

    A file outside a unit's folder has no sender: it stays where it is and is reported as ``misplaced``. What cannot be
    read is ``unreadable``, and ``shut`` from the second run in a row; an inbox without any unit's folder is ``silent``
    where there were such folders. What a run that is done again finds new came after later runs: it is ``later``.
    Raises UserError when there is no inbox, or files came long after the moment of this run, BusyError when the inbox
    does not answer.
    """
    newest = newest_arrivals(run)
    known = received_before(run)
    with open_inbox(inbox) as opened, book_reader() as read_book:
        pulling = _Pulling(
            run,
            {plan.plan_id: plan_lexicon(plan) for plan in run.county.plans},
            arrivals(run.home, run.as_of),
            known,
            kept_contents(run),
            read_book,
            newest,
        )
        taken = (*_pull_all(pulling, opened), *pulling.share.told())
        told = (*opened.strays, *unknown_senders(run.county, opened), *taken, *lost_receipts(run, known))
        folders = unit_folders(run.county, opened)
    with open_warehouse(run.home.warehouse) as connection, transaction(connection):
        outcomes = (*silence(run, connection, inbox, folders), *shut_for_long(run, connection, told))
        result = StageResult("pull", outcomes)
        record(connection, run, result)
    return result


def is_known(home: Home, inbox: Path, by: datetime) -> bool:
    """Whether every file of the inbox had landed by a moment, and nothing else under its name since."""
    arrived = arrivals(home, by)
    with open_inbox(inbox) as opened:
        return all(_is_last(arrived, delivery, content) for delivery, content in _contents(opened))


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
    arrived: Mapping[tuple[str, str], Sequence[str]]
    received_before: Mapping[str, datetime]
    kept: Mapping[str, str]
    read_book: ReadBook
    newest: Mapping[str, datetime]
    share: _Share = field(default_factory=_Share)

    def plan_named(self, book: Book, delivery: Delivery) -> Plan:
        """The plan a file is for."""
        return plan_named(book, delivery.name, self.run.county, self.words, county_time(self.run.as_of).date())


def _contents(opened: Inbox) -> Iterator[tuple[Delivery, FileContent]]:
    for delivery in opened.deliveries():
        content = delivery.read() if isinstance(delivery, Delivery) else delivery
        if isinstance(delivery, Delivery) and isinstance(content, FileContent):
            yield delivery, content


def _is_last(arrived: Mapping[tuple[str, str], Sequence[str]], delivery: Delivery, content: FileContent) -> bool:
    """Whether these bytes are what came last under this name, or under the one it bears when it is withheld."""
    names = (storable_name(delivery.name), unnamed(delivery.name))
    return any(arrived.get((delivery.unit_code, each), ("",))[-1] == content.sha256 for each in names)


def _pull_all(pulling: _Pulling, opened: Inbox) -> Iterator[Outcome]:
    for each in opened.deliveries():
        if isinstance(each, Delivery) and pulling.share.is_used_up(each.unit_code):
            pulling.share.left[each.unit_code] += 1
        else:
            yield _pull_one(pulling, each)


def _pull_one(pulling: _Pulling, delivery: Delivery | Outcome) -> Outcome:
    """One file that cannot be taken keeps no other waiting: it stays where it is, and the next run tries again."""
    if isinstance(delivery, Outcome):
        return delivery
    try:
        content = delivery.read()
    except OSError as error:
        return unreadable(delivery.label, error)
    if isinstance(content, Outcome):
        return content
    pulling.share.read_bytes[delivery.unit_code] += len(content.data or b"")
    if _is_last(pulling.arrived, delivery, content):
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
    return take(pulling.run.home, _receipt(pulling, plan, delivery, content, withheld), content, book)


def _receipt(
    pulling: _Pulling, plan: Plan, delivery: Delivery, content: FileContent, withheld: Withheld | None
) -> Receipt:
    moment = pulling.run.as_of
    receipt = receipt_for(plan, delivery.unit_code, delivery.name, content, withheld, pulling.arrived, moment)
    # What we have judged before and lost the receipt of has come when it came.
    return replace(receipt, received_at=pulling.received_before.get(receipt.submission_id, moment))


def _keep_whole(pulling: _Pulling, delivery: Delivery, content: FileContent) -> Outcome:
    """What has landed before lands again if the bytes we kept are lost or damaged; its receipt stays as it is."""
    plan_id = pulling.kept.get(content.sha256)
    if content.data is not None and plan_id and keep_whole(pulling.run, plan_id, content.data):
        return Outcome(delivery.label, "landed", "留存的原件丢失或已损坏，按收件目录中的同一文件重新留存")
    return Outcome(delivery.label, "known")
