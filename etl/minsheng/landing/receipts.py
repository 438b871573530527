"""Who sent which bytes, under which name and when: one receipt a delivery, written last and never changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime

from minsheng.core.errors import DamagedError
from minsheng.core.files import atomic_write
from minsheng.core.home import Home
from minsheng.core.notes import Note, UnreadableError
from minsheng.spreadsheet.kinds import Refusal


@dataclass(frozen=True)
class PersonalData:
    """Where a file holds one kind of personal data, never what stands there.

    Kinds: id_number, card, phone; document: another number of a person; contact: how one is reached; home: where one
    lives or when one was born; roster: names; embedded, picture: a file inside, into which nobody has looked.
    """

    kind: str
    sheet: str
    cells: tuple[str, ...]


# Why a file may not be kept: what is in it, or that nobody can look.
WithheldReading = Literal["personal_data", Refusal]


@dataclass(frozen=True)
class Withheld:
    """Why the bytes of a file were not kept, and the month it speaks of; ``reading``: as what it is refused.

    ``remainder``: what else of it may be known, as ``minsheng.guard.remainder`` writes it; null: nothing.
    """

    reading: WithheldReading
    period: str | None = None
    found: tuple[PersonalData, ...] = ()
    remainder: str | None = None


@dataclass(frozen=True)
class Receipt:
    """One delivery: a unit's file, by content. ``unit_code`` is the folder or account it came through.

    ``withheld``: it holds personal data, or what nobody can look into, and only this receipt is kept of it.
    ``sent_at``: when it was sent or last changed by what its source says; null: the source does not say. It orders
    what was received at one moment, and nothing is judged by it. ``answers``: the mail of ours it came in answer to.
    """

    submission_id: str
    plan_id: str
    unit_code: str
    file_name: str
    sha256: str
    byte_count: int
    received_at: AwareDatetime
    withheld: Withheld | None = None
    sent_at: AwareDatetime | None = None
    answers: str | None = None


_RECEIPT = Note(Receipt)


def submission_id(plan_id: str, unit_code: str, file_name: str, sha256: str, times_before: int = 0) -> str:
    """The same unit, name and bytes are the same submission, unless something else came under the name in between."""
    identity = [plan_id, unit_code, file_name, sha256, *([str(times_before)] if times_before else [])]
    return hashlib.sha256("\n".join(identity).encode()).hexdigest()[:16]


def arrivals(home: Home, by: datetime) -> dict[tuple[str, str], list[Receipt]]:
    """What had landed by a moment, in the order of arrival, by unit and file name."""
    arrived: dict[tuple[str, str], list[Receipt]] = {}
    for receipt in all_receipts(home):
        if receipt.received_at <= by:
            arrived.setdefault((receipt.unit_code, receipt.file_name), []).append(receipt)
    return arrived


def plans(home: Home) -> list[str]:
    """The ids of the plans for which anything has landed or been opened."""
    return sorted(folder.name for folder in home.landing.glob("*/"))


def receipts(home: Home, plan_id: str) -> list[Receipt]:
    """Every delivery landed for a plan, in the order of arrival; receipts that are damaged concern no other."""
    return _in_order(one for one in _read_all(home, plan_id) if isinstance(one, Receipt))


def all_receipts(home: Home) -> list[Receipt]:
    """Every delivery landed for any plan of the county, in the order of arrival."""
    return _in_order(receipt for plan_id in plans(home) for receipt in receipts(home, plan_id))


def _in_order(found: Iterable[Receipt]) -> list[Receipt]:
    return sorted(found, key=_arrival)


def _arrival(receipt: Receipt) -> tuple[datetime, str, datetime, str]:
    """Of one moment and unit, what its sources do not date comes first."""
    sent_at = receipt.sent_at or datetime.min.replace(tzinfo=UTC)
    return receipt.received_at, receipt.unit_code, sent_at, receipt.file_name


def damaged_receipts(home: Home, plan_id: str) -> list[DamagedError]:
    """The receipts of a plan that can no longer be read."""
    return [one for one in _read_all(home, plan_id) if isinstance(one, DamagedError)]


def find_receipt(home: Home, plan_id: str, submission: str) -> Receipt | None:
    """The receipt of a submission; None: it has not landed, or its receipt can no longer be read."""
    path = receipt_path(home, plan_id, submission)
    found = _read(path) if path.exists() else None
    return found if isinstance(found, Receipt) else None


def acknowledge(home: Home, receipt: Receipt) -> None:
    """Write the receipt: from now on the file counts as received."""
    atomic_write(receipt_path(home, receipt.plan_id, receipt.submission_id), _RECEIPT.written(receipt))


def receipt_path(home: Home, plan_id: str, submission: str) -> Path:
    """Where the receipt of a submission lies."""
    return home.landing / plan_id / "receipts" / f"{submission}.json"


def _read_all(home: Home, plan_id: str) -> Iterator[Receipt | DamagedError]:
    return map(_read, sorted((home.landing / plan_id / "receipts").glob("*.json")))


def _read(path: Path) -> Receipt | DamagedError:
    try:
        receipt = _RECEIPT.read(path)
    except UnreadableError as error:
        return DamagedError("receipt_damaged", path, reason=error)
    if receipt.submission_id != path.stem:
        return DamagedError("receipt_damaged", path, reason="写的是另一个文件")
    return receipt
