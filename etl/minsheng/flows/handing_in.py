"""What a unit hands in over HTTP: judged beforehand on a copy of the history, and landed at once (docs/adr/0034).

The verdict that counts is given by the stages, with the next run; nothing here writes the warehouse.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import PurePosixPath

from minsheng.core.clock import county_time
from minsheng.core.errors import UserError
from minsheng.core.home import Home
from minsheng.flows.explaining import explained, refuse_personal, with_explanations
from minsheng.flows.history import Histories
from minsheng.flows.precheck import Checked, judge_parsed, recorded_check
from minsheng.guard import withheld_reading, withhold
from minsheng.landing import Receipt, all_receipts, arrivals
from minsheng.landing.books import landed_book
from minsheng.landing.editions import received_county
from minsheng.mail.marking import MarkUp, marker
from minsheng.mail.message import Attachment
from minsheng.mail.receipts import read_back
from minsheng.parsing.form import read_form
from minsheng.parsing.lexicon import plan_lexicon
from minsheng.parsing.months import plan_named
from minsheng.plan.county import County
from minsheng.plan.run import Run
from minsheng.source.content import FileContent
from minsheng.source.names import readable_name
from minsheng.source.taking import receipt_for, take
from minsheng.spreadsheet.book import Book
from minsheng.spreadsheet.opening import ReadBook, book_reader
from minsheng.stages.parse import Parsed, parsed_as, store
from minsheng.validation.turns import Trouble, judge_waiting
from minsheng.warehouse.connection import Connection
from minsheng.warehouse.decisions import state_decisions
from minsheng.warehouse.plan_rows import replace_plans
from minsheng.warehouse.signing import Signer, Signing, Unsigned, sign, unsigned_reports

# Files of one unit that wait for the next run; each is judged before whatever comes after it.
MOST_WAITING = 20
_LONGEST_NAME = 120
_NAMELESS = "未命名"


@dataclass(frozen=True)
class Handed:
    """A file that a unit hands in, or only shows us, at a moment, and what it says of its doubts, by their keys."""

    home: Home
    unit_code: str
    name: str
    content: bytes
    moment: datetime
    said: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reply:
    """What would become of a file, and what became of it.

    ``receipt`` null: it was only looked at. ``is_new`` false: the same bytes had come before, and were not kept twice.
    ``marked_up`` null: nobody asked for it, or it cannot be marked.
    """

    checked: Checked
    receipt: Receipt | None = None
    is_new: bool = False
    marked_up: Attachment | None = None


@dataclass(frozen=True)
class Decided:
    """A file that was handed in, and what was decided about it; ``checked`` null: nothing yet."""

    receipt: Receipt
    checked: Checked | None


@dataclass(frozen=True)
class ToSign:
    """A report that waits to be signed, and a line for each of its figures."""

    report: Unsigned
    figures: tuple[str, ...]


@dataclass(frozen=True)
class _Seen:
    """A file that was looked into, and those of its unit that still wait to be judged."""

    handed: Handed
    content: FileContent
    book: Book
    receipt: Receipt
    checked: Checked
    waiting: Sequence[Receipt]


class Reception:
    """Looks at files and takes them, one at a time; for one thread. Made by ``reception``."""

    def __init__(self, read_book: ReadBook, mark_up: MarkUp, histories: Histories) -> None:
        self._read_book, self._mark_up, self._histories = read_book, mark_up, histories

    def check(self, handed: Handed, *, marked: bool = False) -> Reply:
        """What would become of a file if it were handed in; ``marked``: with the marked-up workbook. Keeps nothing."""
        seen = self._see(handed)
        return Reply(seen.checked, marked_up=self._marked(seen) if marked else None)

    def receive(self, handed: Handed, *, marked: bool = False, unless_rejected: bool = False) -> Reply:
        """The same, and land it: received at its moment. ``unless_rejected``: what would be sent back is not landed.

        What is in force already, or waits to be judged and would be sent back, is known and not landed again. Raises
        UserError when too much of the unit waits.
        """
        seen = self._see(handed)
        marked_up = self._marked(seen) if marked else None
        if seen.checked.verdict == "rejected" and unless_rejected:
            return Reply(seen.checked, marked_up=marked_up)
        if known := _known(seen):
            return Reply(seen.checked, known, marked_up=marked_up)
        if len(seen.waiting) >= MOST_WAITING:
            raise UserError("too_much_waiting", handed.unit_code, count=len(seen.waiting))
        take(handed.home, seen.receipt, seen.content, seen.book)
        return Reply(seen.checked, seen.receipt, is_new=True, marked_up=marked_up)

    def judged(self, *, home: Home, unit_code: str, reference: str) -> Decided | None:
        """What became of a file the unit handed in; None when it has handed in none with this reference."""
        ours = (one for one in all_receipts(home) if one.unit_code == unit_code)
        receipt = next((one for one in ours if one.submission_id == reference), None)
        if receipt is None:
            return None
        with self._histories.of(home).try_out() as connection:
            return Decided(receipt, recorded_check(connection, receipt))

    def unsigned(self, *, home: Home, county: County, unit_code: str, moment: datetime) -> list[ToSign]:
        """The unit's reports that wait to be signed, with the figures as they were read."""
        with self._at(home, county, moment) as connection:
            waiting = unsigned_reports(connection, [*county.plan_ids], unit_code)
            run = Run(home, county, moment, "page")
            figures = read_back(connection, run, [one.submission_id for one in waiting])
            return [ToSign(one, figures[one.submission_id]) for one in waiting]

    def sign(self, *, home: Home, county: County, reference: str, signer: Signer) -> Signing:
        """Sign a report of the signer's unit; raises UserError when something has come after the signer's moment."""
        with self._at(home, county, signer.at) as connection:
            return sign(connection, home, reference, signer)

    @contextmanager
    def _at(self, home: Home, county: County, moment: datetime) -> Iterator[Connection]:
        """The history as of a moment: the plans in force, and what had been decided by then."""
        with self._histories.of(home).try_out() as connection:
            replace_plans(connection, county.plans)
            state_decisions(connection, home, county.plan_ids, moment)
            yield connection

    def _see(self, handed: Handed) -> _Seen:
        """The file as it is or, where its doubts are explained beside it, with the explanations written into it."""
        seen = self._look(handed)
        findings = explained(seen.checked.findings, handed.said)
        if findings is None or seen.receipt.withheld:
            return seen
        county = received_county(handed.home, handed.moment)
        refuse_personal(seen.checked.findings, findings, plan_lexicon(county.plan(seen.receipt.plan_id)))
        name = seen.receipt.file_name
        name, content = with_explanations(self._mark_up, handed.content, seen.book, name, findings, handed.moment)
        return self._look(replace(handed, name=name, content=content))

    def _look(self, handed: Handed) -> _Seen:
        county = received_county(handed.home, handed.moment)
        words = {plan.plan_id: plan_lexicon(plan) for plan in county.plans}
        content = FileContent(handed.content, hashlib.sha256(handed.content).hexdigest(), len(handed.content))
        name, book = file_name(handed.name), self._read_book(handed.content)
        plan = plan_named(book, county, words, county_time(handed.moment).date())
        withheld = withhold(book, name, words[plan.plan_id])
        arrived = arrivals(handed.home, handed.moment)
        receipt = receipt_for(plan, handed.unit_code, name, content, withheld, arrived, handed.moment)
        reading = withheld_reading(withheld) if withheld else read_form(book, name, words[plan.plan_id])
        # Not the id it is landed under: it may lie in the history already.
        shown = parsed_as(replace(receipt, submission_id="handed-in"), reading, plan)
        with self._at(handed.home, county, handed.moment) as connection:
            waiting = self._judge_waiting(connection, handed, county)
            (checked,) = judge_parsed(connection, [shown], [receipt.file_name], county.unit_codes)
        return _Seen(handed, content, book, receipt, checked, waiting)

    def _judge_waiting(self, connection: Connection, handed: Handed, county: County) -> list[Receipt]:
        """What the unit handed in before is judged first, as it will be: its next file is held against it."""
        rows = connection.execute("select submission_id from raw.submission").fetchall()
        known = {submission_id for (submission_id,) in rows}
        received = (one for one in all_receipts(handed.home) if one.plan_id in county.plan_ids)
        waiting = [one for one in received if one.unit_code == handed.unit_code and one.submission_id not in known]
        store(connection, [self._parsed(handed.home, one, county) for one in waiting])
        for plan_id in county.plan_ids if waiting else ():
            for _ in judge_waiting(connection, plan_id, Trouble()):
                pass
        return waiting

    def _parsed(self, home: Home, receipt: Receipt, county: County) -> Parsed:
        plan = county.plan(receipt.plan_id)
        if receipt.withheld:
            return parsed_as(receipt, withheld_reading(receipt.withheld), plan)
        book = landed_book(home, receipt.plan_id, receipt.sha256, self._read_book)
        return parsed_as(receipt, read_form(book, receipt.file_name, plan_lexicon(plan)), plan)

    def _marked(self, seen: _Seen) -> Attachment | None:
        if seen.receipt.withheld:
            return None
        name, findings = seen.receipt.file_name, seen.checked.findings
        return self._mark_up(seen.handed.content, seen.book, name, findings, seen.handed.moment)


@contextmanager
def reception() -> Iterator[Reception]:
    """A reception, with the limited processes in which files are opened; to be used by one thread."""
    histories = Histories()
    with book_reader() as read_book, marker() as mark_up:
        try:
            yield Reception(read_book, mark_up, histories)
        finally:
            histories.close()


def _known(seen: _Seen) -> Receipt | None:
    """The receipt under which these bytes have come before, if they need not be kept again."""
    ours = seen.waiting
    if seen.checked.verdict == "duplicate":
        ours = [one for one in all_receipts(seen.handed.home) if one.unit_code == seen.handed.unit_code]
    return next((one for one in ours if one.sha256 == seen.receipt.sha256), None)


def file_name(name: str) -> str:
    """What a program or a browser calls the file, without folders, as it may be kept."""
    last = readable_name(os.fsencode(name.replace("\\", "/"))).rpartition("/")[2]
    last = last if last.strip(" .") else _NAMELESS
    path = PurePosixPath(last)
    return last if len(last) <= _LONGEST_NAME else path.stem[:_LONGEST_NAME] + path.suffix[:10]
