"""What was received, against its own hashes and against what the warehouse remembers of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from minsheng.core.errors import DamagedError
from minsheng.core.home import Home
from minsheng.landing import (
    Receipt,
    content_path,
    damaged_receipts,
    opening_files,
    plans,
    read_content,
    read_opening,
    receipt_path,
    receipts,
    submission_id,
)
from minsheng.verify.hurt import Hurt, at
from minsheng.verify.remembered import Remembered

# A receipt bears the number of times the same file had come before; nobody sends the same more often.
_MOST_TIMES = 1000


def verify_landing(home: Home, remembered: Remembered) -> Iterator[Hurt]:
    """Receipts, bytes and openings of every plan."""
    for plan_id in sorted({*plans(home), *remembered.plans}):
        yield from _receipts(home, plan_id, remembered)
        yield from _openings(home, plan_id, remembered)


def _receipts(home: Home, plan_id: str, remembered: Remembered) -> Iterator[Hurt]:
    found = receipts(home, plan_id)
    damaged = damaged_receipts(home, plan_id)
    for error in damaged:
        yield Hurt("receipt_damaged", at(home, error.where), "收据读不出")
    for receipt in found:
        if not _is_itself(receipt):
            where = receipt_path(home, plan_id, receipt.submission_id)
            yield Hurt("receipt_damaged", at(home, where), "收据的内容与其编号不符")
    known = {one.submission_id for one in found} | {Path(one.where).stem for one in damaged}
    for submission in sorted(remembered.submissions_of(plan_id) - known):
        where = receipt_path(home, plan_id, submission)
        yield Hurt("receipt_lost", at(home, where), "数据仓库中有此报送，收据却不见了")
    yield from _contents(home, plan_id, found)


def _contents(home: Home, plan_id: str, found: list[Receipt]) -> Iterator[Hurt]:
    for sha256 in sorted({one.sha256 for one in found if one.withheld is None}):
        path = content_path(home, plan_id, sha256)
        try:
            read_content(home, plan_id, sha256)
        except DamagedError:
            senders = "、".join(sorted({f"{one.unit_code}/{one.file_name}" for one in found if one.sha256 == sha256}))
            if path.exists():
                yield Hurt("content_damaged", at(home, path), f"留存的原件已不是收到时的内容：{senders}")
            else:
                yield Hurt("content_lost", at(home, path), f"留存的原件不见了：{senders}")


def _openings(home: Home, plan_id: str, remembered: Remembered) -> Iterator[Hurt]:
    files = opening_files(home, plan_id)
    for path in files:
        try:
            read_opening(path)
        except DamagedError:
            yield Hurt("opening_damaged", at(home, path), "开月记录读不出")
    folder = home.landing / plan_id / "openings"
    for period in sorted(remembered.months_of(plan_id) - {path.stem for path in files}):
        yield Hurt("opening_lost", at(home, folder / f"{period}.json"), f"{period} 已开月，开月记录却不见了")


def _is_itself(receipt: Receipt) -> bool:
    """Whether the receipt speaks of the sender, name and bytes its number was made from."""
    parts = receipt.plan_id, receipt.unit_code, receipt.file_name, receipt.sha256
    return any(submission_id(*parts, times) == receipt.submission_id for times in range(_MOST_TIMES))
