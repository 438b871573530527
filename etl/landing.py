"""What was received, kept as received: the one thing that cannot be made again.

``landing/<plan>/objects/<sha256>`` holds the bytes, ``landing/<plan>/receipts/<submission_id>.json``
says who sent them, under which name and when. The receipt is written last: bytes without a
receipt were never received, and are received again by the next run.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from etl.errors import UserError
from etl.files import atomic_write, naming, sync_folder
from etl.home import Home

_CHUNK = 1 << 20


@dataclass(frozen=True)
class Receipt:
    """One delivery: a unit's file, by content. ``unit_code`` is the folder or account it came through."""

    submission_id: str
    plan_id: str
    unit_code: str
    file_name: str
    sha256: str
    byte_count: int
    received_at: datetime


def submission_id(plan_id: str, unit_code: str, file_name: str, sha256: str) -> str:
    """The same unit, name and bytes are the same submission, whenever they arrive."""
    identity = "\n".join((plan_id, unit_code, file_name, sha256))
    return hashlib.sha256(identity.encode()).hexdigest()[:16]


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


def land(home: Home, plan_id: str, unit_code: str, file: Path, name: str, received_at: datetime) -> Receipt | None:
    """Copy one file in; no-op if already landed. None: the file changed while it was copied."""
    before = _fingerprint(file)
    held, sha256 = _copy_in(file, home.landing / plan_id / "objects")
    try:
        if _fingerprint(file) != before:
            return None
        identity = submission_id(plan_id, unit_code, name, sha256)
        receipt = Receipt(identity, plan_id, unit_code, name, sha256, before[0], received_at)
        if not has_receipt(home, plan_id, identity):
            held.replace(content_path(home, plan_id, sha256))
            sync_folder(held.parent)
            _write(home, receipt)
        return receipt
    finally:
        held.unlink(missing_ok=True)


def digest(file: Path) -> str:
    """The sha256 of a file, read in pieces."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _copy_in(file: Path, folder: Path) -> tuple[Path, str]:
    folder.mkdir(parents=True, exist_ok=True)
    sha256 = hashlib.sha256()
    with (
        naming(folder),
        file.open("rb") as source,
        tempfile.NamedTemporaryFile(dir=folder, prefix=".part-", delete=False) as held,
    ):
        try:
            while chunk := source.read(_CHUNK):
                sha256.update(chunk)
                held.write(chunk)
        except BaseException:
            Path(held.name).unlink()
            raise
    path = Path(held.name)
    path.chmod(0o444)
    return path, sha256.hexdigest()


def _fingerprint(file: Path) -> tuple[int, int]:
    status = file.stat()
    return status.st_size, status.st_mtime_ns


def _receipt_path(home: Home, plan_id: str, submission: str) -> Path:
    return home.landing / plan_id / "receipts" / f"{submission}.json"


def _write(home: Home, receipt: Receipt) -> None:
    fields = asdict(receipt) | {"received_at": receipt.received_at.isoformat()}
    text = json.dumps(fields, ensure_ascii=False, indent=1)
    atomic_write(_receipt_path(home, receipt.plan_id, receipt.submission_id), text.encode())


def _read(path: Path) -> Receipt:
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        return Receipt(**fields | {"received_at": datetime.fromisoformat(fields["received_at"])})
    except (ValueError, TypeError, KeyError) as error:
        raise UserError(str(path), f"not a landing receipt ({error})", "restore it from the backup") from error
