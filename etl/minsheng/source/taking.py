"""Into landing, whatever way a file came: the one place where a receipt is made. Judges nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from minsheng.core.home import Home
from minsheng.core.outcome import Outcome
from minsheng.guard import kept_name
from minsheng.landing import Receipt, Withheld, acknowledge, find_receipt, land, submission_id
from minsheng.landing.books import keep_book
from minsheng.plan.models import Plan
from minsheng.source.content import FileContent
from minsheng.spreadsheet.book import Book

# What has landed, in the order of arrival, by unit and file name.
Arrived = Mapping[tuple[str, str], Sequence[Receipt]]


def receipt_for(
    plan: Plan,
    unit_code: str,
    file_name: str,
    content: FileContent,
    withheld: Withheld | None,
    arrived: Arrived,
    moment: datetime,
) -> Receipt:
    """The receipt of a file of this unit that comes at ``moment``; nothing is written."""
    name, sha256 = kept_name(file_name, withheld), content.sha256
    times_before = sum(one.sha256 == sha256 for one in arrived.get((unit_code, name), ()))
    identity = submission_id(plan.plan_id, unit_code, name, sha256, times_before)
    return Receipt(identity, plan.plan_id, unit_code, name, sha256, content.byte_count, moment, withheld)


def take(home: Home, receipt: Receipt, content: FileContent, book: Book, label: str | None = None) -> Outcome:
    """Keep a file with its receipt, or the receipt alone of one that is withheld; no-op if it has landed before.

    ``label``: as what the outcome tells of it; null: by its sender and name.
    """
    label = label or f"{receipt.unit_code}/{receipt.file_name}"
    if find_receipt(home, receipt.plan_id, receipt.submission_id):
        return Outcome(label, "known", receipt.submission_id)
    if receipt.withheld or content.data is None:
        acknowledge(home, receipt)
        return Outcome(label, "withheld", f"{receipt.submission_id} 未保存内容", receipt.byte_count)
    land(home, receipt, content.data)
    keep_book(home, receipt.plan_id, receipt.sha256, book)
    return Outcome(label, "landed", receipt.submission_id, receipt.byte_count)
