"""Where everything of one installation lives on disk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True)
class Home:
    """The folder given as ``--home``; every path below it is named here and nowhere else.

    ``warehouse_name``: another one while a lost warehouse is made anew.
    """

    root: Path
    warehouse_name: str = "warehouse.duckdb"

    @property
    def layout(self) -> Path:
        """Which version of this layout the home bears, see ``minsheng.core.layout``."""
        return self.root / "layout.json"

    @property
    def landing(self) -> Path:
        """Bytes as received, named by sha256, with one receipt beside them per delivery."""
        return self.root / "landing"

    @property
    def warehouse(self) -> Path:
        """The one writable DuckDB file; nobody but the stages opens it."""
        return self.root / self.warehouse_name

    @property
    def published(self) -> Path:
        """Immutable revisions and the ``current`` link that BI tools follow."""
        return self.root / "published"

    @property
    def current(self) -> Path:
        """The publication that counts; absent until the first publish."""
        return self.published / "current"

    @property
    def reports(self) -> Path:
        """Pages made from the current publication."""
        return self.root / "reports"

    @property
    def templates(self) -> Path:
        """Workbooks handed out, one folder a period."""
        return self.root / "templates"

    @property
    def outbox(self) -> Path:
        """Mails as .eml files: ``pending/`` until delivered, then ``sent/``."""
        return self.root / "outbox"


def last_written(home: Home) -> datetime | None:
    """When, by the system clock of then, anything was last received or recorded here; None in a new home."""
    written = [home.warehouse, *home.landing.glob("*/receipts"), *home.landing.glob("*/openings")]
    times = [path.stat().st_mtime for path in written if path.exists()]
    return datetime.fromtimestamp(max(times), UTC) if times else None
