"""What was received, against its own hashes and against what the warehouse remembers of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
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
from minsheng.landing.decisions import decision_files, read_decision
from minsheng.landing.editions import Edition, edition_file, edition_files, edition_path, is_kept, read_edition
from minsheng.landing.reviews import read_review, review_files
from minsheng.verify.hurt import Hurt, HurtKind, at
from minsheng.verify.remembered import Remembered

# A receipt bears the number of times the same file had come before; nobody sends the same more often.
_MOST_TIMES = 1000


def verify_landing(home: Home, remembered: Remembered) -> Iterator[Hurt]:
    """Receipts, bytes, openings, editions, decisions and reviews of every plan."""
    for plan_id in sorted({*plans(home), *remembered.plans}):
        yield from _receipts(home, plan_id, remembered)
        yield from _openings(home, plan_id, remembered)
        yield from _editions(home, plan_id, remembered)
        decided, reviewed = decision_files(home, plan_id), review_files(home, plan_id)
        yield from _unreadable(home, decided, read_decision, "decision_damaged", "决定记录读不出")
        yield from _unreadable(home, reviewed, read_review, "review_damaged", "对说明的答复读不出")


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
    yield from _unreadable(home, files, read_opening, "opening_damaged", "开月记录读不出")
    folder = home.landing / plan_id / "openings"
    for period in sorted(remembered.months_of(plan_id) - {path.stem for path in files}):
        yield Hurt("opening_lost", at(home, folder / f"{period}.json"), f"{period} 已开月，开月记录却不见了")


def _unreadable(
    home: Home, files: Iterable[Path], read: Callable[[Path], object], kind: HurtKind, problem: str
) -> Iterator[Hurt]:
    """The notes that can no longer be read."""
    for path in files:
        try:
            read(path)
        except DamagedError:
            yield Hurt(kind, at(home, path), problem)


def _editions(home: Home, plan_id: str, remembered: Remembered) -> Iterator[Hurt]:
    """Numbered without a gap, each with all of its files, and the one by which the warehouse goes among them."""
    files = edition_files(home, plan_id)
    found: list[Edition] = []
    for path in files:
        try:
            found.append(read_edition(path))
        except DamagedError:
            yield Hurt("edition_damaged", at(home, path), "收方案记录读不出")
    numbers = {int(path.stem) for path in files}
    for number in sorted(set(range(1, max(numbers, default=0))) - numbers):
        yield Hurt("edition_lost", at(home, edition_path(home, plan_id, number)), f"缺第 {number} 版的收方案记录")
    known = {edition.sha256 for edition in found}
    last = edition_path(home, plan_id, max(numbers, default=0) + 1)
    if last.parent.exists() and len(found) == len(files) and not remembered.editions_of(plan_id) <= known:
        where = at(home, last)
        yield Hurt("edition_lost", where, "数据仓库现用的方案版本没有收方案记录")
    yield from _edition_files(home, plan_id, found)


def _edition_files(home: Home, plan_id: str, found: list[Edition]) -> Iterator[Hurt]:
    named = {sha256: (edition, name) for edition in found for name, sha256 in edition.files.items()}
    for sha256, (edition, name) in named.items():
        path = edition_file(home, plan_id, sha256)
        if not is_kept(path):
            where = at(home, path)
            yield Hurt("edition_file_damaged", where, f"第 {edition.number} 版方案的 {name} 丢失或已损坏")


def _is_itself(receipt: Receipt) -> bool:
    """Whether the receipt speaks of the sender, name and bytes its number was made from."""
    parts = receipt.plan_id, receipt.unit_code, receipt.file_name, receipt.sha256
    return any(submission_id(*parts, times) == receipt.submission_id for times in range(_MOST_TIMES))
