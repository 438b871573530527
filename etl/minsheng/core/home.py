"""Where everything lives on disk: what an installation has, and what each of its counties has of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

# What only a county has in its folder.
_OF_A_COUNTY = ("warehouse.duckdb", "landing", "outbox", "published")


@dataclass(frozen=True)
class Publisher:
    """Whoever publishes: a county, or an installation for all of its counties."""

    root: Path

    @property
    def published(self) -> Path:
        """Immutable revisions and the ``current`` link that BI tools follow."""
        return self.root / "published"

    @property
    def current(self) -> Path:
        """The publication that counts; absent until the first publish."""
        return self.published / "current"


@dataclass(frozen=True)
class Home(Publisher):
    """All that one county has, over the years; every path below its folder is named here and nowhere else.

    ``warehouse_name``: another one while a lost warehouse is made anew.
    """

    warehouse_name: str = "warehouse.duckdb"

    @property
    def county(self) -> str:
        """The county's name, as in the ids of its plans."""
        return self.root.name

    @property
    def installation(self) -> Installation:
        """The installation this home lies in."""
        return Installation(self.root.parent)

    @property
    def landing(self) -> Path:
        """Bytes as received, named by sha256, with one receipt beside them per delivery."""
        return self.root / "landing"

    @property
    def originals(self) -> Path:
        """Links to the bytes in landing under the names units gave them, see ``minsheng.landing.originals``."""
        return self.root / "originals"

    @property
    def warehouse(self) -> Path:
        """The one writable DuckDB file; nobody but the stages opens it."""
        return self.root / self.warehouse_name

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

    @property
    def bulletins(self) -> Path:
        """Drafts of bulletins, what was decided of them, and those that were issued."""
        return self.root / "bulletins"

    @property
    def tokens(self) -> Path:
        """Who may hand in files over HTTP, see ``minsheng.web.tokens``."""
        return self.root / "tokens.json"


@dataclass(frozen=True)
class Installation(Publisher):
    """The folder given as ``--home``: a home for each county, and what is published of all of them together."""

    @property
    def watch(self) -> Path:
        """What the watch remembers: alarms, silences, how the last runs ended, the mails to the data team."""
        return self.root / ".watch"

    @property
    def layout(self) -> Path:
        """Which version of this layout the installation bears, see ``minsheng.core.layout``."""
        return self.root / "layout.json"

    @property
    def known_counties(self) -> Path:
        """One empty file for each county that ever had a home here: one that is lost is no new one."""
        return self.root / ".counties"

    @property
    def last_backup(self) -> Path:
        """Which backup was made last, see ``minsheng.backup.record``; absent until there is one."""
        return self.root / ".last_backup.json"

    @property
    def unfinished_restore(self) -> Path:
        """What a backup is being put back from; nobody may work here while it stands, see ``minsheng.backup``."""
        return self.root / ".restoring"

    @property
    def counties(self) -> tuple[str, ...]:
        """The counties that have, or have had, a home here, by name."""
        begun = (path.parent.name for part in _OF_A_COUNTY for path in self.root.glob(f"[a-z]*/{part}"))
        return tuple(sorted({*begun, *(path.name for path in self.known_counties.glob("*"))}))

    def home(self, county: str) -> Home:
        """Where a county has everything, begun or not."""
        return Home(self.root / county)


def last_written(home: Home) -> datetime | None:
    """When, by the system clock of then, anything was last received or recorded in a home; None in a new one."""
    written = [home.warehouse, *home.landing.glob("*/receipts"), *home.landing.glob("*/openings")]
    times = [path.stat().st_mtime for path in written if path.exists()]
    return datetime.fromtimestamp(max(times), UTC) if times else None
