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
    path = content_path(home, plan_id, sha256)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DamagedError("content_unreadable", path, reason=error.strerror) from error
    if hashlib.sha256(content).hexdigest() != sha256:
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
    path = content_path(home, plan_id, hashlib.sha256(content).hexdigest())
    atomic_write(path, content)
    path.chmod(0o440)
