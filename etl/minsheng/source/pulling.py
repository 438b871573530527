"""One file of a source: what it is held against, whether it has come before, and how it lands.

What comes is read into memory and landed there and then: nothing that the guard has not seen is stored, and a run that
is killed has either landed a file or not. Only after that is it remembered as taken (docs/adr/0032).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from minsheng.core.clock import county_time
from minsheng.core.outcome import Outcome
from minsheng.guard import withhold
from minsheng.landing import Receipt, Withheld, is_whole
from minsheng.parsing.lexicon import Lexicon
from minsheng.parsing.months import plan_named
from minsheng.plan.models import Plan
from minsheng.plan.run import Run
from minsheng.source.content import FileContent
from minsheng.source.delivery import Delivery
from minsheng.source.memory import Mark, Remembrance
from minsheng.source.putting_away import landed_as
from minsheng.source.received import is_before, is_last
from minsheng.source.share import SenderShare
from minsheng.source.taking import Arrived, receipt_for, take
from minsheng.spreadsheet.book import Book
from minsheng.spreadsheet.opening import ReadBook

log = logging.getLogger(__name__)
_LATER = "本单位在这次运行的时点之后（{at:%Y-%m-%d %H:%M}）已有来件，这个文件到得更晚，留待下次取件"
_OUR_FAULT = "取件时程序出错，文件仍在收件目录，留待下次取件；详见运行日志"


@dataclass(frozen=True)
class Pulling:
    """What the files of one pull are held against.

    ``keep_whole``: keeps the bytes of a plan's file anew if those we had are lost or damaged, and says whether they
    were; ``is_sent_to``: whether a mail of ours went to a unit.
    """

    run: Run
    words: Mapping[str, Lexicon]
    arrived: Arrived
    received_before: Mapping[str, datetime]
    kept: Mapping[str, str]
    read_book: ReadBook
    newest: Mapping[str, datetime]
    keep_whole: Callable[[str, bytes], bool]
    is_sent_to: Callable[[str, str], bool]
    share: SenderShare = field(default_factory=SenderShare)

    def plan_named(self, book: Book) -> Plan:
        """The plan a file is for."""
        return plan_named(book, self.run.county, self.words, county_time(self.run.as_of).date())


def is_whole_here(pulling: Pulling, sha256: str) -> bool:
    """Whether the bytes with this hash are kept for any plan, and still those."""
    return any(is_whole(pulling.run.home, plan_id, sha256) for plan_id in pulling.run.county.plan_ids)


def is_unchanged(pulling: Pulling, delivery: Delivery, before: Remembrance | None) -> bool:
    """Whether it need not be read: its source says that it is as it was when it was taken, and we still have it."""
    if not before or not before.sha256 or delivery.mark != before.mark:
        return False
    plan_id = pulling.kept.get(before.sha256)
    is_kept = plan_id is None or is_whole(pulling.run.home, plan_id, before.sha256)
    return is_kept and is_before(pulling.arrived, delivery, before.sha256, None)


def has_come(
    pulling: Pulling,
    delivery: Delivery,
    content: FileContent,
    mark: Mark,
    before: Remembrance | None,
    *,
    is_declared: bool,
) -> bool:
    """Whether these bytes were received from here before, and not sent anew since.

    What came last under its name has; so has what lies where it lay, whatever came from elsewhere since; so has, where
    nothing is remembered, what was last changed before it came; so has what was on its way out under its hash.
    """
    if landed_as(delivery.name) == content.sha256 and is_whole_here(pulling, content.sha256):
        return True
    if is_last(pulling.arrived, delivery, content.sha256):
        return True
    if before:
        is_same = (before.mark, before.sha256) == (mark, content.sha256)
        return is_same and is_before(pulling.arrived, delivery, content.sha256, None)
    since = delivery.changed_at if is_declared else None
    return since is not None and is_before(pulling.arrived, delivery, content.sha256, since)


def take_in(pulling: Pulling, delivery: Delivery, content: FileContent, *, is_here: bool) -> Outcome:
    """Land a file, unless it ``is_here`` already or came too late for this run; our own faults are outcomes, too."""
    pulling.share.read_bytes[delivery.unit_code] += len(content.data or b"")
    if is_here:
        return _keep_whole(pulling, delivery, content)
    if (newest := pulling.newest.get(delivery.unit_code)) and newest > pulling.run.as_of:
        return Outcome(delivery.label, "later", _LATER.format(at=county_time(newest)))
    pulling.share.taken[delivery.unit_code] += 1
    try:
        book = pulling.read_book(content.data)
        plan = pulling.plan_named(book)
        withheld = withhold(book, delivery.name, pulling.words[plan.plan_id])
    except Exception:
        log.exception("cannot take %s", delivery.label)
        return Outcome(delivery.label, "failed", f"{delivery.label}：{_OUR_FAULT}")
    receipt = _receipt(pulling, plan, delivery, content, withheld)
    return take(pulling.run.home, receipt, content, book, delivery.label_of(receipt.file_name))


def _receipt(
    pulling: Pulling, plan: Plan, delivery: Delivery, content: FileContent, withheld: Withheld | None
) -> Receipt:
    moment = pulling.run.as_of
    receipt = receipt_for(plan, delivery.unit_code, delivery.name, content, withheld, pulling.arrived, moment)
    # What we have judged before and lost the receipt of has come when it came.
    received_at = pulling.received_before.get(receipt.submission_id, moment)
    answers = next((one for one in delivery.references if pulling.is_sent_to(delivery.unit_code, one)), None)
    return replace(receipt, received_at=received_at, sent_at=delivery.changed_at, answers=answers)


def _keep_whole(pulling: Pulling, delivery: Delivery, content: FileContent) -> Outcome:
    """What has landed before lands again if the bytes we kept are lost or damaged; its receipt stays as it is."""
    plan_id = pulling.kept.get(content.sha256)
    if content.data is not None and plan_id and pulling.keep_whole(plan_id, content.data):
        return Outcome(delivery.label, "landed", "留存的原件丢失或已损坏，按收件目录中的同一文件重新留存")
    return Outcome(delivery.label, "known")
