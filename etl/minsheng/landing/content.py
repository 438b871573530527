"""The bytes of what was received, under the name of their sha256 and never read without being held against it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from minsheng.core.errors import DamagedError
from minsheng.core.files import atomic_write
from minsheng.core.home import Home
from minsheng.landing.receipts import Receipt, acknowledge


def content_path(home: Home, plan_id: str, sha256: str) -> Path:
    """Where the bytes with this hash lie."""
    return home.landing / plan_id / "objects" / sha256


def read_content(home: Home, plan_id: str, sha256: str) -> bytes:
    """The bytes with this hash; raises DamagedError when they are not there, unreadable, or no longer those."""
    return read_whole(content_path(home, plan_id, sha256))


def read_whole(path: Path) -> bytes:
    """The bytes at a path that ends in their sha256; raises DamagedError as ``read_content``."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DamagedError("content_unreadable", path, reason=error.strerror) from error
    if hashlib.sha256(content).hexdigest() != path.name:
        raise DamagedError("content_damaged", path, count=len(content))
    return content


def is_whole(home: Home, plan_id: str, sha256: str) -> bool:
    """Whether the bytes with this hash are kept, and are still those."""
    try:
        read_content(home, plan_id, sha256)
    except DamagedError:
        return False
    return True


def land(home: Home, receipt: Receipt, content: bytes) -> None:
    """Keep what was received, then write the receipt for it."""
    keep_content(home, receipt.plan_id, content)
    acknowledge(home, receipt)


def keep_content(home: Home, plan_id: str, content: bytes) -> None:
    """Keep bytes durably under the name of their sha256."""
    keep_at(content_path(home, plan_id, hashlib.sha256(content).hexdigest()), content)


def keep_at(path: Path, content: bytes) -> None:
    """Keep bytes durably, and let nobody write them over by mistake."""
    atomic_write(path, content)
    path.chmod(0o440)
