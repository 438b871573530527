"""pull: copy what units left at the sources into landing. Judges nothing, and removes nothing unless it is asked to.

How one file lands stands in ``minsheng.source.pulling``, a visit to a source in ``minsheng.source.visiting``. The
moment the stage notes is the one from which a version counts (docs/adr/0002).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from minsheng.core.codes import Result
from minsheng.core.home import Home
from minsheng.core.outcome import Outcome, StageResult
from minsheng.landing import arrivals
from minsheng.mail.confirming import take_replies
from minsheng.mail.folders import STATES, mail_path
from minsheng.mail.strangers import queue_stranger_letters
from minsheng.parsing.lexicon import plan_lexicon
from minsheng.plan.run import Run
from minsheng.source.bounced import mark_bounced
from minsheng.source.content import FileContent
from minsheng.source.delivery import Delivery, Source
from minsheng.source.folder import FolderSource, Inbox, open_inbox
from minsheng.source.inbox import newest_arrivals, shut_for_long, silence
from minsheng.source.memory import Memory, recall, remember
from minsheng.source.pulling import Pulling
from minsheng.source.received import is_last
from minsheng.source.visiting import Visit, visit_source
from minsheng.spreadsheet.opening import ReadBook, book_reader
from minsheng.verify.lost import keep_whole, kept_contents, lost_receipts, received_before
from minsheng.warehouse.connection import Connection, kept_open, open_warehouse, transaction
from minsheng.warehouse.ledger import record


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
        pulling = _pulling(run, known, newest, read_book)
        visits = [visit_source(pulling, source, memories[source.name]) for source in visited]
    taken = (outcome for visit in visits for outcome in visit.outcomes)
    told = (*taken, *pulling.share.left_over(), *lost_receipts(run, known))
    return _note_all(run, visits, memories, told)


def is_known(home: Home, inbox: Path, by: datetime) -> bool:
    """Whether every file of the inbox had landed by a moment, and nothing else under its name since."""
    arrived = arrivals(home, by)
    with open_inbox(inbox) as opened:
        return all(is_last(arrived, delivery, content.sha256) for delivery, content in _contents(opened))


def _pulling(run: Run, known: Mapping[str, datetime], newest: Mapping[str, datetime], read_book: ReadBook) -> Pulling:
    """``known``: the submissions of the warehouse; ``newest``: when each sender's newest file came."""
    return Pulling(
        run,
        {plan.plan_id: plan_lexicon(plan) for plan in run.county.plans},
        arrivals(run.home, run.as_of),
        known,
        kept_contents(run),
        read_book,
        newest,
        partial(keep_whole, run),
        partial(_is_sent_to, run.home),
    )


def _memories(run: Run, sources: Sequence[Source]) -> Mapping[str, Memory]:
    """What each source remembers."""
    with open_warehouse(run.home.warehouse) as connection:
        return {source.name: recall(connection, source.name) for source in sources}


def _note_all(
    run: Run, visits: Sequence[Visit], memories: Mapping[str, Memory], told: Sequence[Outcome]
) -> StageResult:
    """Keep how all sources were found, and the result of the stage with it."""
    with open_warehouse(run.home.warehouse) as connection, transaction(connection):
        quiet = [one for visit in visits for one in _noted(run, connection, visit, memories[visit.source.name])]
        result = StageResult("pull", (*quiet, *shut_for_long(run, connection, told)))
        record(connection, run, result)
    return result


def _noted(run: Run, connection: Connection, visit: Visit, before: Memory) -> list[Outcome]:
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


def _contents(opened: Inbox) -> Iterator[tuple[Delivery, FileContent]]:
    for delivery in opened.deliveries():
        content = delivery if isinstance(delivery, Outcome) else delivery.read()
        if not isinstance(delivery, Outcome) and isinstance(content, FileContent):
            yield delivery, content


def _is_sent_to(home: Home, unit_code: str, mail_id: str) -> bool:
    """Whether we wrote this mail, and to this unit: who knows a number that was another's answers nothing by it."""
    return any(mail_path(home, state, unit_code, mail_id).exists() for state in STATES)
