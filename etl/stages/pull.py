"""pull: copy what units left in the inbox into landing. Judges nothing and removes nothing."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from etl.guard import kept_name, storable_name, unnamed, withhold
from etl.home import Home
from etl.landed_books import keep_book
from etl.landing import (
    Receipt,
    Withheld,
    acknowledge,
    arrivals,
    find_receipt,
    land,
    landed_elsewhere,
    plans,
    receipts,
    submission_id,
)
from etl.outcome import Outcome, StageResult
from etl.plan.likely import likely_unit
from etl.plan.models import Plan
from etl.reader.lexicon import Lexicon
from etl.run import Run
from etl.source.content import Content
from etl.source.folder import Delivery, Inbox, open_inbox, unreadable
from etl.source.names import sender_code
from etl.spreadsheet.book import Book
from etl.spreadsheet.opening import ReadBook, book_reader
from etl.stages.lost import keep_whole, kept_contents, lost_receipts, received_before
from etl.stages.parse import plan_lexicon
from etl.warehouse.connection import Connection, open_warehouse, transaction
from etl.warehouse.ledger import record

log = logging.getLogger(__name__)
_OUR_FAULT = "取件时程序出错，文件仍在收件目录，留待下次取件；详见运行日志"
_SHUT = "连续两次取件都读不到：{detail}。请检查权限，或请占用它的人关闭文件"
_NO_UNIT = "不是方案中的单位代码，其中的文件按来源不明退回"
_LIKELY = "；看来是 {code}（{name}），请改为这个名称，或把文件移到该单位的文件夹"
_SILENT = "收件目录里一个单位的文件夹也没有，而以前由此收到过 {count} 份文件：共享目录可能没有挂上"


def pull(run: Run, inbox: Path) -> StageResult:
    """Land every file of ``inbox/<unit_code>/…``; files landed before, for any plan, are ``known``.

    Of a file with personal data, or that nobody can look into, only the receipt is kept: it is ``withheld``.

    A file outside a unit's folder has no sender: it stays where it is and is reported as ``misplaced``. What cannot be
    read is ``unreadable``, and ``shut`` from the second run in a row; an inbox without any unit's folder is ``silent``
    where files have come before. Raises UserError when there is no inbox, BusyError when it does not answer.
    """
    known = received_before(run)
    with open_inbox(inbox) as opened, book_reader() as read_book:
        pulling = _Pulling(
            run,
            plan_lexicon(run.plan),
            arrivals(run.home, run.plan.plan_id, run.as_of),
            landed_elsewhere(run.home, run.plan.plan_id),
            known,
            kept_contents(run),
            read_book,
        )
        told = (*_silence(run, opened), *opened.strays, *_unknown_senders(run.plan, opened))
        outcomes = (*told, *(_pull_one(pulling, each) for each in opened.deliveries()), *lost_receipts(run, known))
    with open_warehouse(run.home.warehouse) as connection, transaction(connection):
        result = StageResult("pull", tuple(_shut_for_long(run, connection, outcomes)))
        record(connection, run, result)
    return result


def is_known(home: Home, plan: Plan, inbox: Path, by: datetime) -> bool:
    """Whether every file of the inbox had landed by a moment, and nothing else under its name since."""
    arrived = arrivals(home, plan.plan_id, by)
    with open_inbox(inbox) as opened:
        return all(_is_last(arrived, delivery, content) for delivery, content in _contents(opened))


@dataclass(frozen=True)
class _Pulling:
    """What the files of one pull are held against."""

    run: Run
    words: Lexicon
    arrived: Mapping[tuple[str, str], Sequence[str]]
    elsewhere: frozenset[tuple[str, str]]
    received_before: Mapping[str, datetime]
    kept: frozenset[str]
    read_book: ReadBook

    def is_known(self, delivery: Delivery, content: Content) -> bool:
        """Whether nothing but these bytes has come last under this name, for this plan or ever for another."""
        is_last = _is_last(self.arrived, delivery, content)
        return is_last or (delivery.unit_code, content.sha256) in self.elsewhere


def _contents(opened: Inbox) -> Iterator[tuple[Delivery, Content]]:
    for delivery in opened.deliveries():
        content = delivery.read() if isinstance(delivery, Delivery) else delivery
        if isinstance(delivery, Delivery) and isinstance(content, Content):
            yield delivery, content


def _is_last(arrived: Mapping[tuple[str, str], Sequence[str]], delivery: Delivery, content: Content) -> bool:
    """Whether these bytes are what came last under this name, or under the one it bears when it is withheld."""
    names = (storable_name(delivery.name), unnamed(delivery.name))
    return any(arrived.get((delivery.unit_code, each), ("",))[-1] == content.sha256 for each in names)


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
    if pulling.is_known(delivery, content):
        return _keep_whole(pulling, delivery, content)
    try:
        book = pulling.read_book(content.data)
        withheld = withhold(book, delivery.name, pulling.words)
    except Exception:
        log.exception("cannot take %s", delivery.label)
        return Outcome(delivery.label, "failed", f"{delivery.label}：{_OUR_FAULT}")
    return _land(pulling.run.home, _receipt(pulling, delivery, content, withheld), content, book)


def _receipt(pulling: _Pulling, delivery: Delivery, content: Content, withheld: Withheld | None) -> Receipt:
    plan_id, unit_code = pulling.run.plan.plan_id, delivery.unit_code
    name, sha256 = kept_name(delivery.name, withheld), content.sha256
    times_before = pulling.arrived.get((unit_code, name), []).count(sha256)
    identity = submission_id(plan_id, unit_code, name, sha256, times_before)
    # What we have judged before and lost the receipt of has come when it came.
    received_at = pulling.received_before.get(identity, pulling.run.as_of)
    return Receipt(identity, plan_id, unit_code, name, sha256, content.byte_count, received_at, withheld)


def _keep_whole(pulling: _Pulling, delivery: Delivery, content: Content) -> Outcome:
    """What has landed before lands again if the bytes we kept are lost or damaged; its receipt stays as it is."""
    if content.data is not None and content.sha256 in pulling.kept and keep_whole(pulling.run, content.data):
        return Outcome(delivery.label, "landed", "留存的原件丢失或已损坏，按收件目录中的同一文件重新留存")
    return Outcome(delivery.label, "known")


def _land(home: Home, receipt: Receipt, content: Content, book: Book) -> Outcome:
    label = f"{receipt.unit_code}/{receipt.file_name}"
    if find_receipt(home, receipt.plan_id, receipt.submission_id):
        return Outcome(label, "known", receipt.submission_id)
    if receipt.withheld or content.data is None:
        acknowledge(home, receipt)
        return Outcome(label, "withheld", f"{receipt.submission_id} 未保存内容", receipt.byte_count)
    land(home, receipt, content.data)
    keep_book(home, receipt.plan_id, receipt.sha256, book)
    return Outcome(label, "landed", receipt.submission_id, receipt.byte_count)


def _unknown_senders(plan: Plan, opened: Inbox) -> Iterator[Outcome]:
    """Folders that are no unit's; most are a unit's whose name was typed otherwise."""
    known = {unit.code for unit in plan.units}
    for code in (sender_code(sender.name) for sender in opened.senders):
        if code not in known:
            unit = likely_unit(plan, code)
            likely = _LIKELY.format(code=unit.code, name=unit.name) if unit else ""
            yield Outcome(code, "unknown_sender", f"{_NO_UNIT}{likely}")


def _silence(run: Run, opened: Inbox) -> Iterator[Outcome]:
    """An inbox that is empty since its share is not mounted looks like one in which there is nothing to do."""
    known = {unit.code for unit in run.plan.units}
    if not known.intersection(sender_code(sender.name) for sender in opened.senders):
        came = [
            one for plan_id in plans(run.home) for one in receipts(run.home, plan_id) if one.received_at < run.as_of
        ]
        if came:
            yield Outcome(".", "silent", _SILENT.format(count=len(came)))


def _shut_for_long(run: Run, connection: Connection, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """What could not be read in the run before either is ``shut``: once may be a file that somebody has open."""
    query = """
        select input
        from raw.outcome
        where stage = 'pull' and result in ('unreadable', 'shut') and run_id = (
            select run_id
            from raw.outcome
            where stage = 'pull' and run_id <> $run_id and as_of <= $as_of
            order by as_of desc
            limit 1
        )
    """
    rows = connection.execute(query, {"run_id": run.run_id, "as_of": run.as_of}).fetchall()
    shut = {label for (label,) in rows}
    for one in outcomes:
        is_shut = one.result == "unreadable" and one.input in shut
        yield replace(one, result="shut", detail=_SHUT.format(detail=one.detail)) if is_shut else one
