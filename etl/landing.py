"""What was received, kept as received: the one thing that cannot be made again.

``landing/<plan>/objects/<sha256>`` holds the bytes, ``landing/<plan>/receipts/<submission_id>.json``
says who sent them, under which name and when. The receipt is written last: bytes without a
receipt were never received, and are received again by the next run. Of a file with personal data
there is a receipt only: its bytes and its name are not kept. ``landing/<plan>/openings/<period>.json`` says when
a month was opened. With the plan that is all a warehouse is made from.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from etl.errors import UserError
from etl.files import atomic_write
from etl.home import Home


@dataclass(frozen=True)
class PersonalData:
    """Where a file holds one kind of personal data, never what stands there.

    Kinds: id_number, phone, card, roster; embedded: a file inside, into which nobody has looked.
    """

    kind: str
    sheet: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Withheld:
    """Why the bytes of a file were not kept, and the month it speaks of; ``reading``: as what it is refused."""

    reading: str
    period: str | None = None
    found: tuple[PersonalData, ...] = ()


@dataclass(frozen=True)
class Receipt:
    """One delivery: a unit's file, by content. ``unit_code`` is the folder or account it came through.

    ``withheld``: it holds personal data, or what nobody can look into, and only this receipt is kept of it.
    """

    submission_id: str
    plan_id: str
    unit_code: str
    file_name: str
    sha256: str
    byte_count: int
    received_at: datetime
    withheld: Withheld | None = None


@dataclass(frozen=True)
class Opening:
    """A month and the moment from which it could be reported."""

    period: str
    opened_at: datetime


def submission_id(plan_id: str, unit_code: str, file_name: str, sha256: str, times_before: int = 0) -> str:
    """The same unit, name and bytes are the same submission, unless something else came under the name in between."""
    identity = [plan_id, unit_code, file_name, sha256, *([str(times_before)] if times_before else [])]
    return hashlib.sha256("\n".join(identity).encode()).hexdigest()[:16]


def arrivals(home: Home, plan_id: str, by: datetime) -> dict[tuple[str, str], list[str]]:
    """The hashes of what had landed by a moment, in the order of arrival, by unit and file name."""
    arrived: dict[tuple[str, str], list[str]] = {}
    for receipt in receipts(home, plan_id):
        if receipt.received_at <= by:
            arrived.setdefault((receipt.unit_code, receipt.file_name), []).append(receipt.sha256)
    return arrived


def landed_elsewhere(home: Home, plan_id: str) -> frozenset[tuple[str, str]]:
    """Unit and hash of what landed for other plans: last year's files may lie in the inbox for ever."""
    others = (other for other in plans(home) if other != plan_id)
    return frozenset((one.unit_code, one.sha256) for other in others for one in receipts(home, other))


def plans(home: Home) -> list[str]:
    """The ids of the plans for which anything has landed or been opened."""
    return sorted(folder.name for folder in home.landing.glob("*/"))


def content_path(home: Home, plan_id: str, sha256: str) -> Path:
    """Where the bytes with this hash lie."""
    return home.landing / plan_id / "objects" / sha256


def receipts(home: Home, plan_id: str) -> list[Receipt]:
    """Every delivery landed for a plan, in the order of arrival."""
    folder = home.landing / plan_id / "receipts"
    found = [_read(path) for path in folder.glob("*.json")]
    return sorted(found, key=lambda receipt: (receipt.received_at, receipt.unit_code, receipt.file_name))


def has_receipt(home: Home, plan_id: str, submission: str) -> bool:
    """Whether this submission has landed."""
    return _receipt_path(home, plan_id, submission).exists()


def land(home: Home, receipt: Receipt, content: bytes) -> None:
    """Keep what was received under the name of its sha256, then the receipt for it."""
    path = content_path(home, receipt.plan_id, receipt.sha256)
    atomic_write(path, content)
    path.chmod(0o444)
    acknowledge(home, receipt)


def acknowledge(home: Home, receipt: Receipt) -> None:
    """Write the receipt: from now on the file counts as received."""
    fields = asdict(receipt) | {"received_at": receipt.received_at.isoformat()}
    text = json.dumps(fields, ensure_ascii=False, indent=1)
    atomic_write(_receipt_path(home, receipt.plan_id, receipt.submission_id), text.encode())


def record_opening(home: Home, plan_id: str, period: str, opened_at: datetime) -> datetime:
    """Note when a month was opened; gives back the moment that counts: the first one noted."""
    known = {opening.period: opening.opened_at for opening in openings(home, plan_id)}
    if period in known:
        return known[period]
    text = json.dumps({"period": period, "opened_at": opened_at.isoformat()})
    atomic_write(home.landing / plan_id / "openings" / f"{period}.json", text.encode())
    return opened_at


def openings(home: Home, plan_id: str) -> list[Opening]:
    """Every month opened for a plan, in order."""
    files = sorted((home.landing / plan_id / "openings").glob("*.json"))
    return [_read_opening(path) for path in files]


def digest(file: Path) -> str:
    """The sha256 of a file, read in pieces."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _receipt_path(home: Home, plan_id: str, submission: str) -> Path:
    return home.landing / plan_id / "receipts" / f"{submission}.json"


def _read(path: Path) -> Receipt:
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        received_at = datetime.fromisoformat(fields["received_at"])
        return Receipt(**fields | {"received_at": received_at, "withheld": _withheld(fields.get("withheld"))})
    except (ValueError, TypeError, KeyError) as error:
        raise UserError(str(path), f"not a landing receipt ({error})", "restore it from the backup") from error


def _read_opening(path: Path) -> Opening:
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        return Opening(fields["period"], datetime.fromisoformat(fields["opened_at"]))
    except (ValueError, TypeError, KeyError) as error:
        raise UserError(str(path), f"not an opening ({error})", "restore it from the backup") from error


def _withheld(fields: dict[str, Any] | None) -> Withheld | None:
    if fields is None:
        return None
    found = (PersonalData(one["kind"], one["sheet"], tuple(one["cells"])) for one in fields["found"])
    return Withheld(fields["reading"], fields["period"], tuple(found))
